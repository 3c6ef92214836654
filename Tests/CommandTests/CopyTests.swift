import Foundation
import TestSupport
import Testing

@testable import Flags
@testable import Streaming
@testable import Verbs

@Suite("cp follows Docker's rules and stays where it is told")
struct CopyTests {
    @Test("sides are told apart")
    func sides() {
        #expect(CopySpec.side("-") == .standardStream)
        #expect(CopySpec.side("web:/a:b") == .container("web", path: "/a:b"))
        #expect(CopySpec.side("./a:b") == .local("./a:b"))
        #expect(CopySpec.side("/a:b") == .local("/a:b"))
        #expect(CopySpec.side("a") == .local("a"))
    }

    @Test("entries survive being written and read, long names too", arguments: [1, 100, 512, 10_000])
    func roundTrip(step: Int) throws {
        let long = String(repeating: "n", count: 300)
        let entries = [
            TarMember(name: Array("d/".utf8), kind: .directory, mode: 0o1755, user: 0, group: 5, size: 0, modified: 7),
            TarMember(
                name: Array("d/\(long)".utf8), kind: .file, mode: 0o600, user: 1 << 22, group: 0, size: 3, modified: 8),
            TarMember(
                name: Array("l".utf8), kind: .symbolicLink(target: Array(long.utf8)), mode: 0o777, user: 0, group: 0,
                size: 0, modified: 0),
            TarMember(name: [0x66, 0xFF], kind: .file, mode: 0o644, user: 0, group: 1 << 22, size: 3, modified: -5),
            TarMember(
                name: Array("e\u{301}".utf8), kind: .characterDevice(1, 70_000), mode: 0o600, user: 0, group: 0,
                size: 0,
                modified: 1 << 34),
        ]
        var wire: [UInt8] = []
        for entry in entries {
            wire += entry.header
            if entry.kind == .file { wire += Array("abc".utf8) + TarMember.padding(3) }
        }
        wire += [UInt8](repeating: 0, count: 1024)
        var reader = TarReader()
        var read: [TarMember] = []
        var content: [UInt8] = []
        for start in stride(from: 0, to: wire.count, by: step) {
            for event in try reader.read(Array(wire[start..<min(start + step, wire.count)])) {
                switch event {
                case .entry(let entry): read.append(entry)
                case .content(let bytes): content += bytes
                case .endOfEntry: continue
                }
            }
        }
        #expect(read == entries)
        #expect(content == Array("abcabc".utf8))
        #expect(reader.hasEnded)
    }

    private func unpack(_ entries: [(TarMember, String)], into directory: String) throws {
        let unpacker = try TreeUnpacker(into: directory) { $0 }
        for (entry, text) in entries {
            try unpacker.take(entry.header + Array(text.utf8) + TarMember.padding(Int64(text.utf8.count)))
        }
        try unpacker.finish()
    }

    private func entry(_ name: String, _ kind: TarMember.Kind, _ size: Int64 = 0) -> TarMember {
        TarMember(name: Array(name.utf8), kind: kind, mode: 0o644, user: 0, group: 0, size: size, modified: 0)
    }

    @Test("no archive writes outside of its directory")
    func escapes() throws {
        let directory = try TemporaryDirectory("sereno-cp")
        let inside = directory.child("inside")
        try FileManager.default.createDirectory(atPath: inside, withIntermediateDirectories: true)
        let hostile: [[(TarMember, String)]] = [
            [(entry("../out", .file, 1), "x")], [(entry("a/../../out", .file, 1), "x")],
            [(entry("l", .symbolicLink(target: Array(directory.path.utf8))), ""), (entry("l/out", .file, 1), "x")],
            [(entry("h", .hardLink(target: Array("../secret".utf8))), "")],
        ]
        for entries in hostile {
            #expect(throws: ExitFailure.self) { try unpack(entries, into: inside) }
            #expect(!FileManager.default.fileExists(atPath: directory.child("out")))
        }
        try unpack([(entry("/abs", .file, 1), "x")], into: inside)
        #expect(FileManager.default.fileExists(atPath: inside + "/abs"))
    }

    private static func picture(_ directory: String) throws -> String {
        let find =
            "cd '\(directory)' && find . -mindepth 1 -printf '%p %y %m %U %G %n %s %Ts %l\\n' | LC_ALL=C sort | od -c"
        let devices = "; find . \\( -type c -o -type b \\) -exec stat -c '%n %t %T' {} + | LC_ALL=C sort"
        return try Command.run(["sh", "-c", find + devices]).output
    }

    @Test("a tree arrives as it was: devices, hard links, names that are no text, old times, modes, owners")
    func wholeTree() throws {
        let source = try TemporaryDirectory("sereno-cp")
        let script = """
            cd '\(source.path)' && mkdir t && cd t && mkdir -p closed/in sub && printf one > one && ln one two && ln one sub/three
            mknod c c 1 3 && mknod b b 7 70000 && mkfifo p && chmod 640 c && ln -s one l && printf x > "$(printf 'n\\377')"
            printf é > "$(printf 'e\\314\\201')" && printf é > "$(printf '\\303\\251')" && chown -R 12:34 sub && chmod 4755 one
            chmod 500 closed && touch -d '1931-05-05 00:00 UTC' one && touch -h -d '1960-01-01 UTC' l && touch -d '2001-01-01 UTC' sub
            touch -d '1999-01-01 UTC' closed/in closed c b p n* e* "$(printf '\\303\\251')"
            """
        try #require(try Command.run(["sh", "-c", script]).succeeded)
        let target = try TemporaryDirectory("sereno-cp")
        let packer = TreePacker(path: source.child("t"), name: "t", follows: false)
        let unpacker = try TreeUnpacker(into: target.path, owners: true) { $0 }
        while let bytes = try packer.next() { try unpacker.take(bytes) }
        try unpacker.finish()
        let expected = try Self.picture(source.child("t"))
        #expect(expected.contains("377"))
        #expect(try Self.picture(target.child("t")) == expected)
    }

    @Test("an entry that cannot be made is named, and the rest arrives")
    func oneEntryFails() throws {
        let directory = try TemporaryDirectory("sereno-cp")
        try FileManager.default.createDirectory(atPath: directory.child("d"), withIntermediateDirectories: true)
        let unpacker = try TreeUnpacker(into: directory.path) { $0 }
        for (name, kind) in [("d", TarMember.Kind.file), ("strange", .other(0x5A)), ("last", .file)] {
            let content = kind == .file ? Array("x".utf8) + TarMember.padding(1) : []
            try unpacker.take(entry(name, kind, kind == .file ? 1 : 0).header + content)
        }
        let failure = #expect(throws: ExitFailure.self) { try unpacker.finish() }
        #expect(failure?.message.contains("cannot overwrite directory \"d\"") == true)
        #expect(failure?.message.contains("strange") == true)
        #expect(try TestFiles.read(directory.child("last")) == "x")
    }

    @Test("an archive cut short is an error")
    func cutShort() throws {
        let directory = try TemporaryDirectory("sereno-cp")
        let unpacker = try TreeUnpacker(into: directory.path) { $0 }
        try unpacker.take(entry("f", .file, 1000).header + [1, 2, 3])
        #expect(throws: ExitFailure("unexpected EOF")) { try unpacker.finish() }
    }
}
