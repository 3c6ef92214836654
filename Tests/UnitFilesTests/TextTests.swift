import Testing
import UnitFiles

@Suite struct TextTests {
    @Test func piecesAreKeptInOneForm() {
        let split = SystemdText([.literal("a"), .literal(""), .literal("b"), .specifier(0x6E), .literal("")])
        #expect(split == SystemdText([.literal("ab"), .specifier(0x6E)]))
        #expect(SystemdText("").literal == ByteString([]) && SystemdText("x").literal == "x")
        #expect(split.literal == nil)
    }

    @Test func anErrorTellsWhatHappenedToWhatAndWhatToDo() {
        let error = UnitFileError(
            .systemd, directive: "Description", value: ByteString([0x61, 0x0A, 0xFF]),
            reason: "a newline cannot be written",
            remedy: "leave it out")
        #expect(
            error.description
                == #"systemd, Description: a newline cannot be written: "a\x0a\xff"; leave it out"#)
    }
}
