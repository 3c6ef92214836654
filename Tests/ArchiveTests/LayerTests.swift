import Glibc
import TestSupport
import Testing

@testable import Archive

@Suite struct LayerTests {
    private func unpack(_ build: (inout TarBuilder) -> Void) throws -> Arena {
        let arena = try Arena()
        var tar = TarBuilder()
        build(&tar)
        let run = try ArchiveRun(["unpack-layer", "--into", arena.root], input: tar.finished())
        if let error = run.answer.error { throw TestFailure("\(error)") }
        return arena
    }

    private func attribute(_ arena: Arena, _ path: String, _ name: String) throws -> String {
        let command = try Command.run(
            [
                "python3", "-c", "import os,sys;print(os.getxattr(sys.argv[1],sys.argv[2]).hex())",
                arena.root + "/" + path, name,
            ])
        return command.succeeded ? String(command.output.dropLast()) : ""
    }

    @Test("Whiteouts become overlayfs' character devices, opaque markers its attribute")
    func whiteouts() throws {
        let arena = try unpack {
            $0.add("etc/.wh.passwd")
            $0.add("var", .directory)
            $0.add("var/.wh..wh..opq")
        }
        let removed = try #require(arena.status("etc/passwd"))
        #expect(removed.isZeroDevice)
        #expect(arena.status("etc/.wh.passwd") == nil)
        #expect(arena.status("var/.wh..wh..opq") == nil)
        #expect(try attribute(arena, "var", "trusted.overlay.opaque") == "79")
    }

    @Test("A layer's own entry wins over its whiteout, in either order; a directory then hides what was below")
    func ownEntryWins() throws {
        let arena = try unpack {
            $0.add("a", .file, "mine")
            $0.add(".wh.a")
            $0.add(".wh.b")
            $0.add("b", .file, "mine")
            $0.add("c", .directory)
            $0.add(".wh.c")
            $0.add(".wh.d")
            $0.add("d", .directory)
            $0.add(".wh.e")
            $0.add("e/file", .file, "mine")
        }
        #expect(try TestFiles.read(arena.root + "/a") == "mine")
        #expect(try TestFiles.read(arena.root + "/b") == "mine")
        for name in ["c", "d", "e"] {
            #expect(arena.status(name)?.type == S_IFDIR)
            #expect(try attribute(arena, name, "trusted.overlay.opaque") == "79", "\(name)")
        }
    }

    @Test("Owners, setuid, times to the nanosecond, capabilities and user attributes are kept")
    func attributes() throws {
        let capability = "\u{1}\0\0\u{2}\0\u{4}\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
        let arena = try unpack {
            $0.mode = 0o4755
            $0.user = 1234
            $0.group = 5678
            $0.pax([
                ("mtime", "1000000000.123456789"), ("SCHILY.xattr.user.color", "blue"),
                ("SCHILY.xattr.security.capability", capability),
                ("SCHILY.xattr.trusted.overlay.redirect", "/etc"),
            ])
            $0.add("su", .file, "binary")
            $0.mode = 0o2750
            $0.add("dir", .directory)
            $0.add("dir/inner", .file, "x")
            $0.add("link", .symbolicLink, link: "su")
        }
        let status = try #require(arena.status("su"))
        #expect(status.st_mode == S_IFREG | 0o4755)
        #expect(status.st_uid == 1234 && status.st_gid == 5678)
        #expect(status.st_mtim.tv_sec == 1_000_000_000 && status.st_mtim.tv_nsec == 123_456_789)
        #expect(try attribute(arena, "su", "user.color") == "626c7565")
        #expect(try attribute(arena, "su", "security.capability").hasPrefix("01000002"))
        #expect(try attribute(arena, "su", "trusted.overlay.redirect") == "")
        let directory = try #require(arena.status("dir"))
        #expect(directory.st_mode == S_IFDIR | 0o2750)
        #expect(directory.st_mtim.tv_sec == 1_000_000_000)
        #expect(arena.status("link")?.st_uid == 1234)
        #expect(arena.status("link")?.st_mtim.tv_sec == 1_000_000_000)
    }

    @Test("Hard links, fifos, devices and names that are not UTF-8 are made")
    func specials() throws {
        let arena = try unpack {
            $0.add("file", .file, "x")
            $0.add("again", .hardLink, link: "file")
            $0.add("fifo", .fifo)
            $0.add("null", .characterDevice, device: (1, 3))
            $0.add("disk", .blockDevice, device: (259, 300))
        }
        #expect(arena.status("again")?.st_ino == arena.status("file")?.st_ino)
        #expect(arena.status("fifo")?.type == S_IFIFO)
        #expect(arena.status("null")?.st_rdev == 0x103)
        let listing = try Command.run(["stat", "-c", "%t %T", arena.root + "/disk"])
        #expect(listing.output == "103 12c\n")
        var tar = TarBuilder()
        tar.add("n", .file, "x")
        var bytes = tar.finished()
        bytes[0] = 0xFF
        // The header's sum grows by what the name's byte grew.
        let sum = bytes[..<512].enumerated().reduce(0) { $0 + ((148..<156).contains($1.0) ? 32 : Int($1.1)) }
        let digits = String(sum, radix: 8)
        let padded = String(repeating: "0", count: 6 - digits.utf8.count) + digits
        for (index, digit) in padded.utf8.enumerated() { bytes[148 + index] = digit }
        let other = try Arena()
        _ = try other.unpackHere(bytes, style: .layer)
        #expect(try Command.run(["ls", "-b", other.root]).output == "\\377\n")
        // The directory's own clean-up knows only names that are UTF-8.
        _ = try Command.run(["rm", "-rf", other.root])
    }

    @Test("Later entries of the same name replace earlier ones; directories merge")
    func duplicates() throws {
        let arena = try unpack {
            $0.add("x", .file, "first")
            $0.add("x", .file, "second")
            $0.add("d", .directory)
            $0.add("d/kept", .file, "kept")
            $0.add("d", .directory)
            $0.add("t/inner", .file, "gone")
            $0.add("t", .file, "file now")
        }
        #expect(try TestFiles.read(arena.root + "/x") == "second")
        #expect(try TestFiles.read(arena.root + "/d/kept") == "kept")
        #expect(try TestFiles.read(arena.root + "/t") == "file now")
    }

    @Test("The digest is that of the uncompressed bytes, whatever the compression")
    func digest() throws {
        let directory = try TemporaryDirectory()
        var tar = TarBuilder()
        tar.add("file", .file, String(repeating: "sereno ", count: 10000))
        close(try ArchiveRun.file(directory.child("t"), tar.finished() + [UInt8](repeating: 0, count: 7168)))
        let expected = try Command.run(["sha256sum", directory.child("t")]).output.prefix(64)
        for program in ["cat", "gzip -c", "xz -c", "zstd -c", "bzip2 -c"] {
            _ = try Command.run(["sh", "-c", "\(program) < \(directory.child("t")) > \(directory.child("p"))"])
            let result = try Arena().unpackHere(try TestFiles.readBytes(directory.child("p")), style: .layer)
            #expect(result.digest == expected, "\(program)")
            #expect(result.fileBytes == 70000)
        }
    }
}
