import Glibc
import TestSupport
import Testing

@testable import Archive

/// A hostile archive and whether it is refused or made harmless inside the root.
struct HostileArchive: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: [UInt8]
    let isRefused: Bool

    init(_ name: String, refused: Bool, _ build: (inout TarBuilder) -> Void) {
        var tar = TarBuilder()
        build(&tar)
        testDescription = name
        bytes = tar.finished()
        isRefused = refused
    }

    static let all: [HostileArchive] = [
        HostileArchive("dot dot", refused: true) { $0.add("../evil", .file, "x") },
        HostileArchive("dot dot in the middle", refused: true) { $0.add("a/../../evil", .file, "x") },
        HostileArchive("only dot dot", refused: true) { $0.add("..", .directory) },
        HostileArchive("absolute path", refused: false) { $0.add("/evil", .file, "x") },
        HostileArchive("absolute link, then through it", refused: false) {
            $0.add("out", .symbolicLink, link: "/")
            $0.add("out/evil", .file, "x")
        },
        HostileArchive("climbing link, then through it", refused: true) {
            $0.add("out", .symbolicLink, link: "../outside")
            $0.add("out/evil", .file, "x")
        },
        HostileArchive("chain of links", refused: true) {
            $0.add("a", .symbolicLink, link: "..")
            $0.add("b", .symbolicLink, link: "a/outside")
            $0.add("b/evil", .file, "x")
        },
        HostileArchive("file over a link", refused: false) {
            $0.add("x", .symbolicLink, link: "../secret")
            $0.add("x", .file, "overwritten")
        },
        HostileArchive("directory over a link", refused: false) {
            $0.add("x", .symbolicLink, link: "../outside")
            $0.add("x", .directory)
            $0.add("x/evil", .file, "x")
        },
        HostileArchive("hard link outside", refused: true) { $0.add("x", .hardLink, link: "../secret") },
        HostileArchive("absolute hard link", refused: true) { $0.add("x", .hardLink, link: "/secret") },
        HostileArchive("hard link through a link", refused: true) {
            $0.add("up", .symbolicLink, link: "..")
            $0.add("x", .hardLink, link: "up/secret")
        },
        HostileArchive("hard link to a link, then written", refused: false) {
            $0.add("s", .symbolicLink, link: "../secret")
            $0.add("h", .hardLink, link: "s")
            $0.add("h", .file, "overwritten")
        },
        HostileArchive("hard link to itself", refused: true) { $0.add("x", .hardLink, link: "x") },
        HostileArchive("hard link to a directory", refused: true) {
            $0.add("d", .directory)
            $0.add("x", .hardLink, link: "d")
        },
        HostileArchive("through a file", refused: true) {
            $0.add("f", .file, "x")
            $0.add("f/evil", .file, "x")
        },
        HostileArchive("through /proc", refused: true) {
            $0.add("p", .symbolicLink, link: "/proc/self/root")
            $0.add("p/evil", .file, "x")
        },
        HostileArchive("loop of links", refused: true) {
            $0.add("a", .symbolicLink, link: "b")
            $0.add("b", .symbolicLink, link: "a")
            $0.add("a/evil", .file, "x")
        },
        HostileArchive("root as a file", refused: true) { $0.add(".", .file, "x") },
        HostileArchive("size beyond the bound", refused: true) { $0.add("big", claimedSize: 1 << 62) },
        HostileArchive("long component", refused: true) {
            $0.pax([("path", String(repeating: "n", count: 256))])
            $0.add("n")
        },
    ]

    static let layers: [HostileArchive] = [
        HostileArchive("whiteout of dot dot", refused: true) { $0.add(".wh...") },
        HostileArchive("whiteout of dot", refused: true) { $0.add(".wh..") },
        HostileArchive("whiteout of nothing", refused: true) { $0.add(".wh.") },
        HostileArchive("whiteout through a link", refused: true) {
            $0.add("out", .symbolicLink, link: "../outside")
            $0.add("out/.wh.secret")
        },
        HostileArchive("opaque through a link", refused: true) {
            $0.add("out", .symbolicLink, link: "../outside")
            $0.add("out/.wh..wh..opq")
        },
        HostileArchive("whiteout as a directory", refused: true) { $0.add(".wh.d/evil", .file, "x") },
        HostileArchive("device that is a whiteout", refused: true) { $0.add("w", .characterDevice) },
        HostileArchive("aufs bookkeeping", refused: false) { $0.add(".wh..wh.plnk/evil", .file, "x") },
    ]
}

@Suite struct HostileArchiveTests {
    @Test("A hostile layer touches nothing outside its root", arguments: HostileArchive.all + HostileArchive.layers)
    func layer(hostile: HostileArchive) throws {
        let arena = try Arena()
        let run = try ArchiveRun(["unpack-layer", "--into", arena.root], input: hostile.bytes)
        #expect((run.answer.error != nil) == hostile.isRefused, "\(String(describing: run.answer.error))")
        #expect((run.exitCode == 0) != hostile.isRefused)
        #expect(try arena.outsideIsUntouched())
    }

    @Test("A hostile archive copied into a container touches nothing outside", arguments: HostileArchive.all)
    func container(hostile: HostileArchive) throws {
        let arena = try Arena()
        let run = try ArchiveRun(["unpack", "--root", arena.root, "--path", "/"], input: hostile.bytes)
        #expect(try arena.outsideIsUntouched())
        #expect((run.answer.error != nil) == hostile.isRefused)
    }

    @Test("Path resolution alone, without chroot, keeps archives inside", arguments: HostileArchive.all)
    func withoutChroot(hostile: HostileArchive) throws {
        let arena = try Arena()
        _ = try? arena.unpackHere(hostile.bytes, style: .layer)
        _ = try? arena.unpackHere(
            hostile.bytes, style: .container(noOverwriteDirNonDir: false, user: nil, group: nil))
        _ = try? arena.unpackHere(hostile.bytes, style: .plain)
        #expect(try arena.outsideIsUntouched())
    }

    @Test("A container's own links do not lead a copy outside")
    func existingLinks() throws {
        let arena = try Arena()
        symlink("../outside", arena.root + "/out")
        symlink("/../../outside", arena.root + "/abs")
        var tar = TarBuilder()
        tar.add("evil", .file, "x")
        for path in ["/out", "/out/", "/abs", "/../outside"] {
            let run = try ArchiveRun(["unpack", "--root", arena.root, "--path", path], input: tar.finished())
            #expect(run.answer.error?.kind == "not-found")
            let pack = try ArchiveRun(["pack", "--root", arena.root, "--path", path + "/"])
            #expect(pack.answer.error?.kind == "not-found")
        }
        #expect(try arena.outsideIsUntouched())
    }

    @Test("An archive cut anywhere is an error, and so is one without its closing blocks")
    func truncated() throws {
        var tar = TarBuilder()
        tar.add("d", .directory)
        tar.pax([("mtime", "1000000000.5")])
        tar.add("d/file", .file, String(repeating: "content ", count: 150))
        tar.add("zeros", .file, String(repeating: "\0", count: 1024))
        let whole = tar.finished()
        for cut in stride(from: 512, to: whole.count - 512, by: 512) {
            for length in [cut, cut - 1, cut + 1] where length < whole.count - 1024 + 1 {
                let arena = try Arena()
                #expect(throws: ArchiveError.self, "cut at \(length)") {
                    try arena.unpackHere(Array(whole[..<length]), style: .layer)
                }
            }
        }
        _ = try Arena().unpackHere(whole, style: .layer)
    }

    @Test("A copy into a container needs no closing blocks, and is refused when an entry breaks off")
    func withoutEnd() throws {
        var tar = TarBuilder()
        tar.add("a", .file, String(repeating: "content ", count: 150))
        tar.add("b", .file, "x")
        let style = UnpackStyle.container(noOverwriteDirNonDir: false, user: nil, group: nil)
        #expect(try Arena().unpackHere(tar.bytes, style: style).entries == 2)
        for length in [700, tar.bytes.count - 1, tar.bytes.count - 600] {
            #expect(throws: ArchiveError.self, "\(length)") {
                try Arena().unpackHere(Array(tar.bytes[..<length]), style: style)
            }
        }
    }

    @Test("A compressed archive that is cut is an error", arguments: ["gzip", "xz", "zstd", "bzip2"])
    func truncatedCompressed(program: String) throws {
        let directory = try TemporaryDirectory()
        var tar = TarBuilder()
        for index in 0..<50 { tar.add("file\(index)", .file, "content \(index &* 7919) \(index &* 104729)") }
        close(try ArchiveRun.file(directory.child("a.tar"), tar.finished()))
        let packed = try Command.run([
            "sh", "-c", "\(program) -c < \(directory.child("a.tar")) > \(directory.child("p"))",
        ])
        try #require(packed.succeeded)
        let whole = try TestFiles.readBytes(directory.child("p"))
        let result = try Arena().unpackHere(whole, style: .layer)
        #expect(result.entries == 50)
        for length in [whole.count / 4, whole.count / 2, whole.count - 24] {
            #expect(throws: ArchiveError.self) { try Arena().unpackHere(Array(whole[..<length]), style: .layer) }
        }
    }

    @Test("Bounds stop an archive and are named")
    func bounds() throws {
        var tar = TarBuilder()
        for index in 0..<20 { tar.add("f\(index)", .file, String(repeating: "x", count: 600)) }
        let first = try Arena()
        let entries = try ArchiveRun(
            ["unpack-layer", "--into", first.root, "--max-entries", "10"], input: tar.finished())
        #expect(entries.answer.error?.kind == "bound")
        let arena = try Arena()
        let bytes = try ArchiveRun(
            ["unpack-layer", "--into", arena.root, "--max-bytes", "4096"], input: tar.finished())
        #expect(bytes.answer.error?.kind == "bound")
        #expect(bytes.answer.error?.reason == "more than 4096 bytes in all")
    }

    @Test("Very deep directories are made or refused, and removed again")
    func deep() throws {
        let arena = try Arena()
        var tar = TarBuilder()
        tar.pax([("path", String(repeating: "d/", count: 1000) + "file")])
        tar.add("file", .file, "deep")
        tar.pax([("path", String(repeating: "e/", count: 4000) + "file")])
        tar.add("file", .file, "too deep")
        let run = try ArchiveRun(["unpack-layer", "--into", arena.root], input: tar.finished())
        #expect(run.answer.error?.kind == "system")
        #expect(try arena.outsideIsUntouched())
    }

    @Test("What is no archive is refused; an empty stream is an empty layer")
    func garbage() throws {
        let arena = try Arena()
        let text = try ArchiveRun(["unpack-layer", "--into", arena.root], input: Array("hello\n".utf8))
        #expect(text.answer.error?.kind == "archive")
        let empty = try ArchiveRun(["unpack-layer", "--into", arena.root])
        #expect(empty.answer.diffID == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }
}
