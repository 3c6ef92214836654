import Glibc
import TestSupport
import Testing

@testable import Archive

@Suite struct PackTests {
    private func names(_ run: ArchiveRun) throws -> [String] {
        let directory = try TemporaryDirectory()
        close(try ArchiveRun.file(directory.child("t"), run.output))
        return try Command.run(["tar", "-tPf", directory.child("t")]).output.split(separator: "\n").map(String.init)
    }

    private func sample() throws -> Arena {
        let arena = try Arena()
        try TestFiles.makeDirectories(arena.root + "/d/sub")
        try TestFiles.write("one", to: arena.root + "/d/one")
        link(arena.root + "/d/one", arena.root + "/d/two")
        symlink("/d", arena.root + "/lnk")
        symlink("../../../secret", arena.root + "/d/up")
        return arena
    }

    @Test("Entries are named by the path's last element as typed, as dockerd names them")
    func naming() throws {
        let arena = try sample()
        let expected: [(String, [String])] = [
            ("/d", ["d/", "d/one", "d/sub/", "d/two", "d/up"]), ("/d/.", ["./", "./one", "./sub/", "./two", "./up"]),
            ("/lnk", ["lnk"]), ("/lnk/", ["lnk/", "lnk/one", "lnk/sub/", "lnk/two", "lnk/up"]), ("d/one", ["one"]),
            ("/", ["/", "/d/", "/d/one", "/d/sub/", "/d/two", "/d/up", "/lnk"]),
        ]
        for (path, wanted) in expected {
            let run = try ArchiveRun(["pack", "--root", arena.root, "--path", path])
            #expect(try names(run) == wanted, "\(path)")
        }
        let all = try ArchiveRun(["pack-root", "--root", arena.root])
        #expect(try names(all) == ["d/", "d/one", "d/sub/", "d/two", "d/up", "lnk"])
    }

    @Test("A path's status is what dockerd's header says")
    func status() throws {
        let arena = try sample()
        func stat(_ path: String) throws -> ArchiveRun.Answer.Stat? {
            try ArchiveRun(["stat", "--root", arena.root, "--path", path]).answer.stat
        }
        #expect(try stat("/lnk") == .init(name: "lnk", size: 2, mode: 134_218_239, linkTarget: "/d"))
        #expect(try stat("/d/up") == .init(name: "up", size: 15, mode: 134_218_239, linkTarget: "/secret"))
        #expect(try stat("/d/one") == .init(name: "one", size: 3, mode: 0o644, linkTarget: ""))
        #expect(try stat("/lnk/")?.mode == 2_147_484_141)
        #expect(try stat("/d/.")?.name == ".")
        #expect(try stat("/")?.name == "/")
        #expect(try stat("/../..")?.name == "/")
        let missing = try ArchiveRun(["stat", "--root", arena.root, "--path", "/nothing"])
        #expect(missing.answer.error?.kind == "not-found")
    }

    @Test("What is packed as a layer and unpacked again is the same overlay directory")
    func layerRoundTrip() throws {
        let arena = try Arena()
        var tar = TarBuilder()
        tar.add("d", .directory)
        tar.add("d/.wh.gone")
        tar.add("o", .directory)
        tar.add("o/.wh..wh..opq")
        tar.add("o/file", .file, "x")
        tar.pax([("SCHILY.xattr.user.color", "blue")])
        tar.add("f", .file, "y")
        _ = try arena.unpackHere(tar.finished(), style: .layer)
        let packed = try ArchiveRun(["pack-layer", "--root", arena.root])
        #expect(packed.answer.error == nil)
        let again = try Arena()
        _ = try again.unpackHere(packed.output, style: .layer)
        #expect(try names(packed).contains("o/.wh..wh..opq"))
        let list = "find . -mindepth 1 -type c -printf '%p c\\n' -o -mindepth 1 -printf '%p %y %m %T@\\n' | sort"
        let first = try Command.run(["sh", "-c", "cd \(arena.root) && \(list)"]).output
        #expect(try Command.run(["sh", "-c", "cd \(again.root) && \(list)"]).output == first)
        #expect(again.status("d/gone")?.isZeroDevice == true)
    }

    @Test("A copy into a container refuses to mix directories and files when told so, and can set the owner")
    func copyIn() throws {
        let arena = try Arena()
        try TestFiles.makeDirectories(arena.root + "/etc/dir")
        try TestFiles.write("x", to: arena.root + "/etc/file")
        func copy(_ options: [String], _ build: (inout TarBuilder) -> Void) throws -> ArchiveRun {
            var tar = TarBuilder()
            build(&tar)
            return try ArchiveRun(["unpack", "--root", arena.root, "--path", "/etc"] + options, input: tar.finished())
        }
        let strict = ["--no-overwrite-dir-non-dir"]
        #expect(try copy(strict) { $0.add("dir", .file, "x") }.answer.error?.kind == "conflict")
        #expect(try copy(strict) { $0.add("file", .directory) }.answer.error?.kind == "conflict")
        #expect(try copy(["--owner", "7:8"]) { $0.add("owned", .file, "x") }.exitCode == 0)
        #expect(arena.status("etc/owned")?.st_uid == 7)
        #expect(try copy([]) { $0.add(".wh.literal", .file, "x") }.exitCode == 0)
        #expect(arena.status("etc/.wh.literal") != nil)
        let file = try ArchiveRun(["unpack", "--root", arena.root, "--path", "/etc/file"], input: [])
        #expect(file.answer.error?.kind == "not-a-directory")
    }

    @Test("Changes of an upper directory: added, modified, deleted, parents once, opaque directories")
    func changes() throws {
        let lower = try Arena()
        let upper = try Arena()
        for path in ["bin", "etc/conf", "same", "opaque/sub"] { try TestFiles.makeDirectories(lower.root + "/" + path) }
        for path in ["bin/vi", "bin/ls", "etc/conf/a", "opaque/old", "opaque/both"] {
            try TestFiles.write("x", to: lower.root + "/" + path)
        }
        var tar = TarBuilder()
        tar.add("bin/.wh.vi")
        tar.add("bin/.wh.never")
        tar.add("etc/conf/a", .file, "changed")
        tar.add("new/inner", .file, "x")
        tar.add("opaque/.wh..wh..opq")
        tar.add("opaque/both", .file, "y")
        _ = try upper.unpackHere(tar.finished(), style: .layer)
        let run = try ArchiveRun(["changes", "--upper", upper.root, "--lower", lower.root])
        let found = (run.answer.changes ?? []).filter { !["/etc", "/etc/conf", "/opaque"].contains($0.path) }
        #expect(
            found == [
                .init(path: "/bin", kind: 0), .init(path: "/bin/vi", kind: 2), .init(path: "/etc/conf/a", kind: 0),
                .init(path: "/new", kind: 1), .init(path: "/new/inner", kind: 1), .init(path: "/opaque/both", kind: 0),
                .init(path: "/opaque/old", kind: 2), .init(path: "/opaque/sub", kind: 2),
            ])
    }
}
