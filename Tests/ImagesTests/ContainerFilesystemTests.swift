import Glibc
import Images
import Linux
import TestSupport
import Testing

@Suite struct ContainerFilesystemTests {
    private func withContainer(
        _ body: (StoreFixture, ContainerFilesystem, _ upper: String, _ lowers: [String]) throws -> Void
    ) throws {
        let fixture = try StoreFixture()
        let id = try fixture.importImage("app", content: "lower")
        let lowers = try fixture.store.layerPaths(id)
        for name in ["upper", "work", "merged"] { try TestFiles.makeDirectories(fixture.directory.child(name)) }
        let merged = fixture.directory.child("merged")
        let upper = fixture.directory.child("upper")
        let options =
            "lowerdir=\(lowers.joined(separator: ":")),upperdir=\(upper),workdir=\(fixture.directory.child("work"))"
        let mounted = try Command.run(["mount", "-t", "overlay", "-o", options, "overlay", merged])
        guard mounted.succeeded else { throw TestFailure(mounted.error) }
        defer { _ = try? Command.run(["umount", merged]) }
        try body(fixture, ContainerFilesystem(root: merged, tool: fixture.store.tool), upper, lowers)
    }

    @Test("Copies in and out, status and changes work on an overlay of the image's layers")
    func overlay() throws {
        try withContainer { fixture, container, upper, lowers in
            #expect(try container.stat("/etc/content").size == 5)
            #expect(message { _ = try container.stat("/nope") } == "no such file or directory: /nope")
            #expect(try ContainerFilesystem.changes(upper: upper, lowers: lowers, tool: container.tool).isEmpty)

            let tree = try TemporaryDirectory("sereno-tree")
            try TestFiles.write("copied", to: tree.child("copied"))
            let tar = fixture.directory.child("in.tar")
            _ = try Command.run(["tar", "-C", tree.path, "-czf", tar, "copied"])
            try fixture.withFile(tar) { try container.copyIn("/etc", from: $0) }
            unlink(container.root + "/etc/content")
            #expect(
                try ContainerFilesystem.changes(upper: upper, lowers: lowers, tool: container.tool).map {
                    "\($0.kind.rawValue) \($0.path)"
                } == ["0 /etc", "2 /etc/content", "1 /etc/copied"])

            let out = fixture.directory.child("out.tar")
            try fixture.withFile(out, O_RDWR | O_CREAT | O_TRUNC) { try container.copyOut("/etc/.", to: $0) }
            #expect(try Command.run(["tar", "-tf", out]).output == "./\n./copied\n")
            try fixture.withFile(out, O_RDWR | O_CREAT | O_TRUNC) { try container.export(to: $0) }
            #expect(try Command.run(["tar", "-tf", out]).output == "etc/\netc/copied\n")
            #expect(
                message { try fixture.withFile(tar) { try container.copyIn("/etc/copied", from: $0) } }
                    == "extraction point is not a directory")
        }
    }

    @Test("A reader that goes away ends the copy with an error and nothing else")
    func brokenPipe() throws {
        try withContainer { fixture, container, _, _ in
            try TestFiles.write(String(repeating: "x", count: 1 << 20), to: container.root + "/big")
            var ends: [Int32] = [-1, -1]
            #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
            close(ends[0])
            defer { close(ends[1]) }
            let text = message { try container.copyOut("/big", to: BorrowedDescriptor(rawValue: ends[1])) }
            #expect(text.contains("broken pipe"))
            #expect(try fixture.store.list().count == 1)
        }
    }

    @Test("An archive program that is missing or that dies is an error that says so")
    func missingProgram() throws {
        let missing = ContainerFilesystem(root: "/", tool: ArchiveTool(path: "/nonexistent/sereno-archive"))
        #expect(
            message { _ = try missing.stat("/") }
                == "stat: cannot start sereno-archive: no such file or directory")
        let failing = ContainerFilesystem(root: "/", tool: ArchiveTool(path: "/bin/false"))
        #expect(message { _ = try failing.stat("/") } == "stat: the archive program exit code 1")
    }

    @Test("Images whose directories nest deeper than open files allow are removed whole")
    func deepTree() throws {
        let fixture = try StoreFixture()
        let tree = try TemporaryDirectory("sereno-tree")
        let made = try Command.run(
            [
                "sh", "-c",
                "cd \(tree.path); for i in $(seq 700); do mkdir d .deep-1; cd d; done; touch file; cd \(tree.path); tar -cf \(fixture.directory.child("t")) .",
            ])
        #expect(made.succeeded)
        let id = try fixture.withFile(fixture.directory.child("t")) { try fixture.store.importTar(from: $0) }
        _ = try fixture.store.remove(id.short, force: false, uses: [])
        #expect(fixture.layerCount == 0)
        #expect(try TestFiles.list(fixture.store.root + "/tmp").isEmpty)
    }
}
