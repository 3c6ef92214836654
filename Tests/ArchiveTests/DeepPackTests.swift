import Glibc
import Linux
import TestSupport
import Testing

/// Trees that are deep: what can be named is packed, what cannot is refused before the first byte.
@Suite struct DeepPackTests {
    private func nest(_ path: String, depth: Int, name: String = "d") throws {
        var directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for _ in 0..<depth {
            guard mkdirat(directory, name, 0o755) == 0 else { throw TestFailure("mkdir", path) }
            let next = openat(directory, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            close(directory)
            directory = next
        }
        close(directory)
    }

    @Test("The deepest tree that a path can name is packed, unpacked again and compared")
    func deepest() throws {
        let arena = try Arena()
        let copy = try Arena()
        defer {
            try? TreeRemoval.remove(arena.root)
            try? TreeRemoval.remove(copy.root)
        }
        try nest(arena.root, depth: 2000)
        let packed = try ArchiveRun(["pack-root", "--root", arena.root])
        #expect(packed.answer.error == nil)
        let unpacked = try ArchiveRun(["unpack", "--root", copy.root, "--path", "/"], input: packed.output)
        #expect(unpacked.answer.error == nil && unpacked.answer.entries == 2000)
        let changes = try ArchiveRun(["changes", "--upper", arena.root, "--lower", copy.root])
        #expect(changes.answer.error == nil)
    }

    @Test(
        "A deeper one is refused by every verb that writes its names, with nothing written", arguments: ["d", "name"])
    func tooDeep(_ name: String) throws {
        let arena = try Arena()
        defer { try? TreeRemoval.remove(arena.root) }
        try nest(arena.root, depth: 12_000, name: name)
        for arguments in [
            ["pack-root", "--root", arena.root], ["pack-layer", "--root", arena.root],
            ["pack", "--root", arena.root, "--path", "/" + name], ["changes", "--upper", arena.root],
        ] {
            let run = try ArchiveRun(arguments)
            #expect(run.exitCode == 1 && run.output.isEmpty, "\(arguments)")
            #expect(run.answer.error?.kind == "bound" && run.answer.error?.reason == "more than 4095 bytes in a path")
        }
        // An entry that replaces the tree removes all of it.
        var tar = TarBuilder()
        tar.add(name, .file, "x")
        let replaced = try ArchiveRun(["unpack", "--root", arena.root, "--path", "/"], input: tar.finished())
        #expect(replaced.answer.error == nil)
        #expect(try TestFiles.list(arena.root) == [name])
    }

    @Test("Links that make a path ever longer end with an error")
    func growingLinks() throws {
        let arena = try Arena()
        for number in 0..<60 {
            symlink(Array(repeating: "l\(number + 1)", count: 30).joined(separator: "/"), arena.root + "/l\(number)")
        }
        try TestFiles.makeDirectories(arena.root + "/l60")
        let run = try ArchiveRun(["stat", "--root", arena.root, "--path", "/l0"])
        #expect(run.answer.error != nil || run.answer.stat != nil)
    }

    @Test("A user number that chown(2) takes for no change is refused")
    func largestNumber() throws {
        let arena = try Arena()
        var tar = TarBuilder()
        tar.pax([("uid", "4294967295")])
        tar.add("mine", .file, "x")
        let run = try ArchiveRun(["unpack", "--root", arena.root, "--path", "/"], input: tar.finished())
        #expect(run.answer.error?.reason == "user or group out of range")
        #expect(arena.status("mine") == nil)
    }
}
