import Listings
import Testing

@Suite("Columns line up as Go's tabwriter aligns them")
struct TabWriterTests {
    private func lined(_ text: String) -> String {
        var writer = TabWriter(minimumWidth: 10, padding: 3)
        writer.write(text)
        return writer.finish()
    }

    @Test("the last cell of a line takes no padding and the widest cell decides")
    func alignment() {
        #expect(lined("A\tB\nlonger than ten\tx\n") == "A                 B\nlonger than ten   x\n")
    }

    @Test("a narrow column has the least width")
    func minimumWidth() {
        #expect(lined("A\tB\tC\na\tb\tc\n") == "A         B         C\na         b         c\n")
    }

    @Test("a line without tabs ends the columns above it")
    func blocks() {
        #expect(lined("aaaaaaaaaaaaaa\tb\nplain\na\tb\n") == "aaaaaaaaaaaaaa   b\nplain\na         b\n")
    }

    @Test("wide characters count twice, combining ones not at all")
    func displayWidth() {
        #expect(DisplayWidth.of("日本") == 4)
        #expect(DisplayWidth.of("e\u{301}") == 1)
        #expect(DisplayWidth.truncated("日本語の文", to: 5) == "日本…")
        #expect(DisplayWidth.truncated("hello world", to: 6) == "hello…")
    }
}
