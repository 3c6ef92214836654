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
            TarMember(name: "d/", kind: .directory, mode: 0o1755, user: 0, group: 5, size: 0, modified: 7),
            TarMember(name: "d/\(long)", kind: .file, mode: 0o600, user: 1 << 22, group: 0, size: 3, modified: 8),
            TarMember(
                name: "l", kind: .symbolicLink(target: long), mode: 0o777, user: 0, group: 0, size: 0, modified: 0),
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
        #expect(read.map(\.name) == entries.map(\.name))
        #expect(read.map(\.kind) == entries.map(\.kind))
        #expect(read.map(\.mode) == entries.map(\.mode))
        #expect(content == Array("abc".utf8))
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
        TarMember(name: name, kind: kind, mode: 0o644, user: 0, group: 0, size: size, modified: 0)
    }

    @Test("no archive writes outside of its directory")
    func escapes() throws {
        let directory = try TemporaryDirectory("sereno-cp")
        let inside = directory.child("inside")
        try FileManager.default.createDirectory(atPath: inside, withIntermediateDirectories: true)
        let hostile: [[(TarMember, String)]] = [
            [(entry("../out", .file, 1), "x")], [(entry("a/../../out", .file, 1), "x")],
            [(entry("l", .symbolicLink(target: directory.path)), ""), (entry("l/out", .file, 1), "x")],
            [(entry("h", .hardLink(target: "../secret")), "")],
        ]
        for entries in hostile {
            #expect(throws: ExitFailure.self) { try unpack(entries, into: inside) }
            #expect(!FileManager.default.fileExists(atPath: directory.child("out")))
        }
        try unpack([(entry("/abs", .file, 1), "x")], into: inside)
        #expect(FileManager.default.fileExists(atPath: inside + "/abs"))
    }

    @Test("an archive cut short is an error")
    func cutShort() throws {
        let directory = try TemporaryDirectory("sereno-cp")
        let unpacker = try TreeUnpacker(into: directory.path) { $0 }
        try unpacker.take(entry("f", .file, 1000).header + [1, 2, 3])
        #expect(throws: ExitFailure("unexpected EOF")) { try unpacker.finish() }
    }
}
