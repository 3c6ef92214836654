import Glibc
import Linux
import TestSupport
import Testing

@Suite struct HostileFileTests {
    @Test("Two sparse files larger than any number are counted as the largest")
    func sparse() throws {
        let directory = "/dev/shm/sereno-sparse-\(getpid())"
        try TestFiles.makeDirectories(directory)
        defer { TestFiles.removeTree(directory) }
        for name in ["a", "b", "c"] {
            let file = open("\(directory)/\(name)", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
            try #require(file >= 0)
            defer { close(file) }
            try #require(ftruncate(file, off_t.max) == 0)
        }
        #expect(DirectorySize.bytes(below: directory) == .max)
    }

    @Test("What is no ordinary file is not waited for, read or written")
    func kinds() throws {
        let directory = try TemporaryDirectory("sereno-kinds")
        let (fifo, link) = (directory.child("fifo"), directory.child("link"))
        mkfifo(fifo, 0o600)
        symlink("/etc/hostname", link)
        for path in [fifo, link, "/dev/zero", directory.path] {
            let error = #expect(throws: FileError.self) { try DurableFile.read(path) }
            #expect(error?.isOfAnotherKind == true, "\(path): \(String(describing: error))")
        }
        for path in [fifo, link] {
            #expect(throws: FileError.self) { try DurableFile.write([1], to: path) }
            #expect(throws: FileError.self) { try DurableFile.append([1], to: path) }
            #expect(throws: FileError.self) { try DurableFile.sync(path) }
        }
        let lock = try FileLock.take(fifo, waiting: 0)
        let isTaken = lock != nil
        #expect(isTaken)
        #expect(HostFile.kind(of: fifo) == .file(size: Int64("\(getpid())\n".utf8.count)))
    }
}

@Suite struct FaultNoteTests {
    @Test("Only a thread's own fault is held against what it worked on, twice in a row is told, and acquittal ends it")
    func faults() throws {
        let directory = try TemporaryDirectory("sereno-note")
        let program = directory.child("note")
        try TestFiles.write("no page of ours", to: program)
        let note = try FaultNote(path: program)
        #expect(note.found.isEmpty)
        note.during("outer") { note.during("inner") {} }
        note.acquit()
        // What is in the page of a program that ended on its own accuses nobody.
        #expect(try FaultNote(path: program).found.isEmpty)
        var page = try TestFiles.readBytes(program)
        #expect(page.count == 4096)
        // As the handler leaves it: the signal, the thread, and what that thread works on.
        func fault(in subject: String) throws {
            page = try TestFiles.readBytes(program)
            page.replaceSubrange(8..<16, with: [4, 0, 0, 0, 9, 0, 0, 0])
            page.replaceSubrange(2048..<2052, with: [9, 0, 0, 0])
            page.replaceSubrange(
                2064..<2064 + 64, with: Array(subject.utf8) + Array(repeating: 0, count: 64 - subject.utf8.count))
            let file = open(program, O_WRONLY)
            defer { close(file) }
            #expect(write(file, page, page.count) == page.count)
        }
        try fault(in: "a")
        #expect(try FaultNote(path: program).found == [.init(name: "a", ends: 1)])
        try fault(in: "b")
        #expect(try FaultNote(path: program).found == [.init(name: "b", ends: 1), .init(name: "a", ends: 1)])
        try fault(in: "a")
        let last = try FaultNote(path: program)
        #expect(last.found == [.init(name: "a", ends: 2), .init(name: "b", ends: 1)])
        last.acquit("a")
        #expect(try FaultNote(path: program).found == [.init(name: "b", ends: 1)])
    }
}
