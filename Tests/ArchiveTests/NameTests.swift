import Glibc
import TestSupport
import Testing

@testable import Archive

/// Names that are the same text to Unicode, or no text at all, and are different files to Linux.
@Suite struct NameTests {
    private static let twins = ["e\u{301}", "\u{e9}", "\u{1112}\u{1161}\u{11ab}", "\u{d55c}"].map { Array($0.utf8) }
    private static let raw: [UInt8] = [0x66, 0xFF, 0xFE]
    private static let long = [UInt8](repeating: 0x6C, count: 120) + "e\u{301}".utf8

    /// A pax archive with a file of each name in `d`, a symbolic link in `s` and a hard link in `h` to each.
    private static func archive() -> [UInt8] {
        var tar = TarBuilder()
        tar.add("d", .directory)
        tar.add("s", .directory)
        tar.add("h", .directory)
        for name in twins + [raw, long] {
            let file = Array("d/".utf8) + name
            tar.pax([("path", file)])
            tar.add("d/cut", .file, bytes: name)
            tar.pax([("path", Array("s/".utf8) + name), ("linkpath", Array("../".utf8) + file)])
            tar.add("s/cut", .symbolicLink, link: "cut")
            tar.pax([("path", Array("h/".utf8) + name), ("linkpath", file)])
            tar.add("h/cut", .hardLink, link: "d/cut")
        }
        return tar.finished()
    }

    /// Names in a directory, by their bytes.
    private static func names(_ directory: String) throws -> Set<[UInt8]> {
        let run = try Command.run([
            "python3", "-c", "import os,sys;[print(n.hex()) for n in os.listdir(os.fsencode(sys.argv[1]))]", directory,
        ])
        return Set(
            run.output.split(separator: "\n").map { line in
                let digits = Array(line)
                return stride(from: 0, to: digits.count, by: 2).map {
                    UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0
                }
            })
    }

    private static func content(_ path: [UInt8]) throws -> [UInt8] {
        let file = (path + [0]).withUnsafeBytes {
            open($0.baseAddress!.assumingMemoryBound(to: CChar.self), O_RDONLY | O_CLOEXEC)
        }
        guard file >= 0 else { throw TestFailure("open", String(decoding: path, as: UTF8.self)) }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 512)
        return Array(buffer[..<max(0, read(file, &buffer, buffer.count))])
    }

    private static func check(_ root: String) throws {
        let expected = Set(twins + [raw, long])
        for directory in ["d", "s", "h"] {
            #expect(try names(root + "/" + directory) == expected, "\(directory)")
            for name in expected {
                #expect(
                    try content(Array((root + "/" + directory + "/").utf8) + name) == name)
            }
        }
    }

    @Test("Names and links of an archive are made byte for byte, whatever Unicode takes for the same")
    func unpacked() throws {
        for verb in [["unpack-layer", "--into"], ["unpack", "--path", "/", "--root"]] {
            let arena = try Arena()
            let run = try ArchiveRun(verb + [arena.root], input: Self.archive())
            #expect(run.answer.error == nil)
            try Self.check(arena.root)
        }
    }

    @Test("What is packed gives the same bytes back")
    func packed() throws {
        let arena = try Arena()
        _ = try ArchiveRun(["unpack-layer", "--into", arena.root], input: Self.archive())
        for verb in [["pack-layer"], ["pack-root"], ["pack", "--path", "/."]] {
            let packed = try ArchiveRun(verb + ["--root", arena.root])
            #expect(packed.answer.error == nil)
            let again = try Arena()
            _ = try ArchiveRun(["unpack-layer", "--into", again.root], input: packed.output)
            try Self.check(again.root)
            // Another reader than libarchive's.
            let other = try Arena()
            close(try ArchiveRun.file(other.root + "/t.tar", packed.output))
            let script = "import tarfile,sys;tarfile.open(sys.argv[1],errors='surrogateescape').extractall(sys.argv[2])"
            let extracted = try Command.run(["python3", "-c", script, other.root + "/t.tar", other.root])
            #expect(extracted.succeeded)
            try Self.check(other.root)
        }
    }

    @Test("A text name is written as pax wants it, with no mark")
    func unmarked() throws {
        let arena = try Arena()
        try TestFiles.write("x", to: arena.root + "/e\u{301}")
        let packed = try ArchiveRun(["pack-root", "--root", arena.root]).output
        #expect(!packed.split(separator: 0x0A).contains { $0.suffix(17).elementsEqual("hdrcharset=BINARY".utf8) })
    }

    @Test("A name that cannot be kept is refused and never changed")
    func tagCharacters() throws {
        for padding in [0, 100_000, (128 << 10) - 512 - 1024 - 12] {
            var tar = TarBuilder()
            tar.add("a", .file, bytes: [UInt8](repeating: 0x78, count: padding))
            tar.add("tags", .file, "content with \u{E0041} is not looked at")
            tar.pax([("path", "flag\u{1F3F4}\u{E0067}")])
            tar.add("cut", .file, "x")
            let arena = try Arena()
            #expect(try ArchiveRun(["unpack-layer", "--into", arena.root], input: tar.finished()).answer.error == nil)
            #expect(try Self.names(arena.root).contains(Array("flag\u{1F3F4}\u{E0067}".utf8)))
            tar.pax([("path", "a\u{E0041}")])
            tar.add("cut", .file, "x")
            #expect(try ArchiveRun(["unpack-layer", "--into", arena.root], input: tar.finished()).answer.error != nil)
            #expect(try Self.content(Array((arena.root + "/a").utf8)).count == min(padding, 512))
        }
    }

    @Test("A file whose size is not told is packed with its content")
    func procFiles() throws {
        for path in ["/proc/version", "/proc/meminfo", "/sys/kernel/mm/transparent_hugepage/enabled"] {
            guard access(path, R_OK) == 0 else { continue }
            let packed = try ArchiveRun([
                "pack", "--root", path.hasPrefix("/proc") ? "/proc" : "/sys", "--path",
                String(path.dropFirst(path.hasPrefix("/proc") ? 5 : 4)),
            ])
            try #require(packed.answer.error == nil, "\(path)")
            let size = packed.output[124..<135].reduce(0) { $0 * 8 + Int($1 - 0x30) }
            let content = try Self.content(Array(path.utf8))
            #expect(size > 0)
            #expect(packed.output[512..<(512 + min(size, 16))].elementsEqual(content.prefix(16)))
            #expect(!packed.output[512..<(512 + size)].contains(0), "\(path)")
        }
    }
}
