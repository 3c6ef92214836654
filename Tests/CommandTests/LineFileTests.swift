import Flags
import TestSupport
import Testing

@testable import Verbs

/// Measured with Docker's client 28.
@Suite("Files of variables and labels are read line by line, byte by byte")
struct LineFileTests {
    private func read(_ bytes: [UInt8], environment: [String: String]? = ["HOME": "/root"]) throws -> [[UInt8]] {
        let directory = try TemporaryDirectory()
        try TestFiles.write(bytes: bytes, to: directory.child("f"))
        do {
            return try LineFile.read(directory.child("f"), environment: environment).map { Array($0.utf8) }
        } catch {
            throw ExitFailure(error.message.replacing(directory.child("f"), with: "f"))
        }
    }

    @Test("Ends of lines, a byte order mark, accents, blanks and names alone")
    func lines() throws {
        let text = "\u{FEFF}  A=1\r\n B=2\r\r\n#c\r\n\r\nE=e\u{301}\nF=\u{301}\n\r\nHOME\r\nNOSUCH\nL= a b \u{C}\n"
        let values = ["A=1", "B=2\r", "E=e\u{301}", "F=\u{301}", "L= a b \u{C}"].map { Array($0.utf8) }
        #expect(try read(Array(text.utf8)) == values[..<4] + [Array("HOME=/root".utf8)] + values[4...])
        #expect(try read(Array(text.utf8), environment: nil) == values)
    }

    @Test("A directory is no such file, and a file that is not there is told as that")
    func notReadable() {
        let directory = #expect(throws: ExitFailure.self) { try LineFile.read("/tmp", environment: nil) }
        #expect(directory?.message == "invalid env file (/tmp): read /tmp: is a directory")
        let missing = #expect(throws: ExitFailure.self) { try LineFile.read("/nosuch/f", environment: nil) }
        #expect(missing?.message == "open /nosuch/f: no such file or directory")
    }

    @Test(
        "What cannot be taken is refused with the file and the line",
        arguments: [
            (Array("A=1\r\nB=".utf8) + [0xFF], "invalid utf8 bytes at line 2: [66 61 255]"),
            (Array("X Y=1\n".utf8), "variable 'X Y' contains whitespaces"),
            (Array("\r=x\n".utf8), "no variable name on line '=x'"),
        ] as [([UInt8], String)])
    func refused(_ bytes: [UInt8], _ reason: String) {
        let failure = #expect(throws: ExitFailure.self) { try read(bytes) }
        #expect(failure?.message == "invalid env file (f): " + reason)
    }
}
