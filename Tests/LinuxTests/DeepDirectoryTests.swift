import Glibc
import TestSupport
import Testing

@testable import Linux

/// Trees deeper than a path can be long and a stack can call.
@Suite struct DeepDirectoryTests {
    /// Nests directories from the one given on, by descriptors; a file of ten bytes lies in the last.
    private func nest(_ path: String, depth: Int) throws {
        var directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for _ in 0..<depth {
            guard mkdirat(directory, "d", 0o755) == 0 else { throw TestFailure("mkdir", path) }
            let next = openat(directory, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            close(directory)
            directory = next
        }
        let file = openat(directory, "last", O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        #expect(write(file, "0123456789", 10) == 10)
        close(file)
        close(directory)
    }

    @Test("Their size is measured and they are removed")
    func measureAndRemove() throws {
        let directory = try TemporaryDirectory()
        try TestFiles.makeDirectories(directory.child("top/beside"))
        try TestFiles.write("12345", to: directory.child("top/beside/file"))
        link(directory.child("top/beside/file"), directory.child("top/second"))
        try nest(directory.child("top"), depth: 8_000)
        #expect(DirectorySize.bytes(below: directory.child("top")) == 15)
        try TreeRemoval.remove(directory.child("top"))
        #expect(try TestFiles.list(directory.path).isEmpty)
    }

    @Test("Names that are no text are removed; what is missing is no error; a link is not followed")
    func names() throws {
        let directory = try TemporaryDirectory()
        try TestFiles.makeDirectories(directory.child("kept/inner"))
        try TestFiles.makeDirectories(directory.child("top"))
        symlink(directory.child("kept"), directory.child("top/link"))
        let script = "cd \"$0\" && mkdir -p \"$(printf 'a\\377')/b\" && touch \"$(printf 'a\\377/b/\\376')\""
        try expect(Command.run(["/bin/sh", "-c", script, directory.child("top")]))
        try TreeRemoval.remove(directory.child("top"))
        try TreeRemoval.remove(directory.child("top"))
        #expect(try TestFiles.list(directory.path) == ["kept"])
        #expect(try TestFiles.list(directory.child("kept")) == ["inner"])
    }

    @Test("A walk comes back up the way it went, or says that a directory was moved")
    func moved() throws {
        let directory = try TemporaryDirectory()
        defer { try? TreeRemoval.remove(directory.child("a")) }
        try TestFiles.makeDirectories(directory.child("a"))
        try TestFiles.makeDirectories(directory.child("other"))
        try nest(directory.child("a"), depth: DirectoryDescent.openAtOnce * 3)
        func descent() throws -> DirectoryDescent {
            try DirectoryDescent(
                OwnedDescriptor(adopting: open(directory.child("a"), O_RDONLY | O_DIRECTORY | O_CLOEXEC)))
        }
        let before = try TestFiles.list("/proc/self/fd").count
        var walk = try descent()
        for _ in 0..<(DirectoryDescent.openAtOnce * 3) { try walk.enter([0x64]) }
        #expect(try TestFiles.list("/proc/self/fd").count < before + DirectoryDescent.openAtOnce + 50)
        while walk.depth > 0 { try walk.leave() }
        for _ in 0..<(DirectoryDescent.openAtOnce * 3) { try walk.enter([0x64]) }
        // Near the top, where no directory is open any more.
        #expect(rename(directory.child("a/d/d"), directory.child("other/d")) == 0)
        var failure: LinuxError?
        do {
            while walk.depth > 0 { try walk.leave() }
        } catch {
            failure = error
        }
        #expect(failure?.code == ESTALE)
        try TreeRemoval.remove(directory.child("other"))
    }
}
