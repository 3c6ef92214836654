import Glibc
import TestSupport
import Testing

@testable import Linux

/// The name of a socket: whose it may be.
@Suite("A listening Unix socket")
struct UnixListenerTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.child("sock") }

    init() throws { directory = try TemporaryDirectory("sereno-listener") }

    private func refusal() -> UnixListenerError? {
        do throws(UnixListenerError) {
            _ = try UnixListener.make(path: path, mode: 0o660, group: nil)
            return nil
        } catch {
            return error
        }
    }

    @Test("has its mode and group, and one that nobody listens on is replaced")
    func made() throws {
        do {
            _ = try UnixListener.make(path: path, mode: 0o640, group: geteuid() == 0 ? 7 : getegid())
            #expect(try TestFiles.mode(of: path) == 0o640)
            var status = stat()
            #expect(lstat(path, &status) == 0 && status.st_gid == (geteuid() == 0 ? 7 : getegid()))
        }
        #expect(refusal() == nil)
    }

    @Test("is not taken from somebody who listens")
    func inUse() throws {
        let listener = try UnixListener.make(path: path, mode: 0o600, group: nil)
        #expect(refusal() == .inUse(path))
        withExtendedLifetime(listener) {}
    }

    @Test("does not follow a link, and leaves it and its target")
    func link() throws {
        try TestFiles.write("mine", to: directory.child("target"))
        symlink(directory.child("target"), path)
        #expect(refusal() == .symbolicLink(path))
        #expect(try TestFiles.read(path) == "mine")
        unlink(path)
        symlink(directory.child("nowhere"), path)
        #expect(refusal() == .symbolicLink(path))
        #expect(!TestFiles.exists(directory.child("nowhere")))
    }

    @Test("does not replace a file or a directory")
    func file() throws {
        try TestFiles.write("mine", to: path)
        #expect(refusal() == .notASocket(path))
        #expect(try TestFiles.read(path) == "mine")
        unlink(path)
        try TestFiles.makeDirectories(path)
        #expect(refusal() == .notASocket(path))
    }

    @Test("does not take the place of another user's", .enabled(if: geteuid() == 0, "changing owners needs root"))
    func foreign() throws {
        do { _ = try UnixListener.make(path: path, mode: 0o600, group: nil) }
        #expect(chown(path, 65534, 65534) == 0)
        #expect(refusal() == .foreign(path, owner: 65534))
        #expect(TestFiles.exists(path))
        #expect(UnixListenerError.foreign(path, owner: 65534).description.contains("belongs to uid 65534"))
    }
}
