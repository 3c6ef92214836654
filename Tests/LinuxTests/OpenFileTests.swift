import Linux
import TestSupport
import Testing

@Suite struct OpenFileTests {
    private let scratch: TemporaryDirectory

    init() throws { scratch = try TemporaryDirectory() }

    @Test func anEntryIsWhatTheNameIsAndNotWhatItLeadsTo() throws {
        try TestFiles.write("secret", to: scratch.path + "/file")
        let directory = try OwnedDescriptor(opening: scratch.path, .directory)
        let link = DirectoryEntry("link", in: directory.borrowed)
        #expect(try link.status() == nil)
        try link.makeSymbolicLink(to: Array("file".utf8))
        #expect(try link.status()?.kind == .symbolicLink)
        #expect(try link.target() == Array("file".utf8))
        let failure = #expect(throws: LinuxError.self) { try check(link) }
        #expect(failure?.code == Errno.tooManyLinks && failure?.object == "link")
        try link.remove()
        #expect(TestFiles.exists(scratch.path + "/file"))
        #expect(!TestFiles.exists(scratch.path + "/link"))
    }

    private func check(_ entry: DirectoryEntry) throws { _ = try entry.open([]) }

    @Test func nothingLeadsOutOfARootThatIsOpen() throws {
        try HostFile.makeDirectories(scratch.path + "/root/etc")
        try TestFiles.write("inside", to: scratch.path + "/root/etc/name")
        try TestFiles.write("outside", to: scratch.path + "/name")
        try HostFile.makeSymbolicLink(scratch.path + "/root/up", to: "../../../..\(scratch.path)/name")
        try HostFile.makeSymbolicLink(scratch.path + "/root/in", to: "/etc/name")
        let root = try OwnedDescriptor(opening: scratch.path + "/root", .directory)
        let found = try OwnedDescriptor(opening: Array("in".utf8), inRoot: root.borrowed)
        #expect(try found.borrowed.readAll() == Array("inside".utf8))
        let up = #expect(throws: LinuxError.self) { try check(root.borrowed, "up") }
        #expect(up?.code == Errno.noSuchFile)
        let climbed = #expect(throws: LinuxError.self) { try check(root.borrowed, "../name") }
        #expect(climbed?.code == Errno.noSuchFile)
    }

    private func check(_ root: BorrowedDescriptor, _ path: String) throws {
        _ = try OwnedDescriptor(opening: Array(path.utf8), inRoot: root)
    }

    @Test func aFileIsReadBackAsItWasWritten() throws {
        let path = scratch.path + "/file"
        let file = try OwnedDescriptor(opening: path, [.readWrite, .create, .exclusive], mode: 0o600)
        try file.borrowed.writeAll(Array("0123456789".utf8))
        try Array("ab".utf8).withUnsafeBytes { try file.borrowed.writeAll($0, at: 4) }
        try file.borrowed.truncate(to: 8)
        try file.borrowed.setPermissions(0o640)
        try file.borrowed.setTimes(FileStatus.Time(seconds: 86_400, nanoseconds: 5))
        let status = try FileStatus(of: path)
        #expect(status.kind == .regular && status.mode == 0o100640 && status.size == 8 && status.linkCount == 1)
        #expect(status.modified == FileStatus.Time(seconds: 86_400, nanoseconds: 5))
        let again = try OwnedDescriptor(opening: path)
        #expect(try again.borrowed.readAll(limit: 8) == Array("0123ab67".utf8))
        let long = try OwnedDescriptor(opening: path)
        let failure = #expect(throws: LinuxError.self) { try tooMuch(long.borrowed) }
        #expect(failure?.code == Errno.fileTooLarge)
    }

    private func tooMuch(_ file: BorrowedDescriptor) throws { _ = try file.readAll(limit: 7) }

    @Test func aProgramBesideThisOneHasItsEnvironmentAndWhatItIsGiven() throws {
        var ends = try StreamPair()
        let output = BorrowedDescriptor(rawValue: ends.writer)
        let script = "printf '%s' \"$PATH\"; exit 7"
        let program = try SpawnedProgram(inheriting: "/bin/sh", arguments: ["-c", script], replacing: [1: output])
        ends.closeWriter()
        let said = try BorrowedDescriptor(rawValue: ends.reader).readAll()
        let code = program.waitForEnd()
        #expect(code == 7)
        #expect(String(decoding: said, as: UTF8.self) == ProcessVariables.value(of: "PATH"))
    }
}

@Suite struct SocketTransferTests {
    @Test func aSocketSaysWhetherThereIsNothingYetOrNothingMore() throws {
        var ends = try StreamPair()
        var bytes = [UInt8](repeating: 0, count: 8)
        let reader = ends.reader
        func receive(leaves: Bool = false) -> RawTransfer.Outcome {
            bytes.withUnsafeMutableBytes { SocketTransfer.receive(reader, into: $0, waits: false, leaves: leaves) }
        }
        guard case .wouldBlock = receive() else { throw TestFailure("something is there") }
        #expect(!PollSet.wait(for: reader, .read, milliseconds: 0))
        _ = Array("hello".utf8).withUnsafeBytes { SocketTransfer.send(ends.writer, $0, waits: false) }
        #expect(PollSet.wait(for: reader, .read, milliseconds: 1000))
        guard case .moved(5) = receive(leaves: true) else { throw TestFailure("nothing is there") }
        guard case .moved(5) = receive() else { throw TestFailure("looking took it away") }
        ends.closeWriter()
        guard case .end = receive() else { throw TestFailure("there is no end") }
        let sent = bytes.withUnsafeBytes { SocketTransfer.send(reader, UnsafeRawBufferPointer($0), waits: false) }
        guard case .failed(Errno.brokenPipe) = sent else { throw TestFailure("\(sent)") }
    }

    @Test func aPollSetTellsWhichPlaceIsReady() throws {
        let ends = try StreamPair()
        _ = [UInt8](repeating: 1, count: 1).withUnsafeBytes { SocketTransfer.send(ends.writer, $0, waits: false) }
        var polled = PollSet()
        let none = polled.add(-1, .read)
        let reader = polled.add(ends.reader, .read)
        let writer = polled.add(ends.writer, .read)
        let isAnyReady = polled.wait(milliseconds: 1000)
        #expect(isAnyReady)
        #expect(polled.isReady(reader) && !polled.isReady(writer) && !polled.isReady(none))
    }
}

@Suite struct ByteSearchTests {
    @Test func bytesAreFoundWithinTheirBounds() {
        Array("abcabc".utf8).withUnsafeBytes { bytes in
            #expect(bytes.offset(of: UInt8(ascii: "c")) == 2)
            #expect(bytes.offset(of: UInt8(ascii: "d")) == nil)
            #expect(UnsafeRawBufferPointer(rebasing: bytes[..<2]).offset(of: UInt8(ascii: "c")) == nil)
            #expect(bytes.holds("abc", at: 3) && !bytes.holds("abc", at: 4) && !bytes.holds("bc", at: 0))
            #expect(bytes.begins(with: UnsafeRawBufferPointer(rebasing: bytes[3...])))
            #expect(!bytes.begins(with: UnsafeRawBufferPointer(rebasing: bytes[1...])))
        }
        #expect(UnsafeRawBufferPointer(start: nil, count: 0).offset(of: 0) == nil)
    }
}

@Suite struct CalendarTimeTests {
    @Test func partsOfATimeCountOn() {
        var time = CalendarTime(year: 2025, month: 13, day: 1)
        #expect(time.seconds(inUTC: true) == 1_767_225_600)
        (time.hour, time.minute, time.second) = (23, 59, 60)
        #expect(time.seconds(inUTC: true) == 1_767_225_600 + 86_400)
    }
}
