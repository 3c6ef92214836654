import Glibc
import Model
import Synchronization
import Testing

@testable import Logs

@Suite("A following reader")
struct LogFollowTests {
    /// What writer and reader tell each other.
    private final class Shared: Sendable {
        let seen = Atomic(0)
        let rotations = Atomic(0)
        let isDone = Atomic(false)
    }

    /// The writer waits when the reader is far behind, because a file that is removed before anybody has it open
    /// cannot be read.
    @Test("misses and doubles no line through 1,000 rotations", arguments: zip([LogDriver.cri, .jsonFile], [2, 5]))
    func rotations(driver: LogDriver, files: Int) async throws {
        let scratch = try Scratch()
        let path = scratch.log
        let shared = Shared()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let configuration = LogConfiguration(driver: driver, maximumSize: 2000, maximumFiles: files)
                let writer = try LogWriter(configuration, path: path)
                var number = 0
                while writer.accounting.rotations < 1000 {
                    var batch: [UInt8] = []
                    for _ in 0..<(number % 13 + 1) {
                        batch += Array("line \(number)\n".utf8)
                        number += 1
                    }
                    writer.append(.stdout, batch, at: later(Int64(number)))
                    while number - shared.seen.load(ordering: .acquiring) > 15 { await Task.yield() }
                }
                shared.rotations.store(Int(writer.accounting.rotations), ordering: .releasing)
                shared.isDone.store(true, ordering: .releasing)
            }
            group.addTask {
                var query = LogQuery()
                query.follow = true
                let reader = try LogReader(driver: driver, path: path, query: query)
                var expected = 0
                while true {
                    let wasDone = shared.isDone.load(ordering: .acquiring)
                    let (entries, progress) = reader.nextEntries(limit: 7)
                    for entry in entries {
                        try #require(String(decoding: entry.bytes, as: UTF8.self) == "line \(expected)\n")
                        expected += 1
                    }
                    shared.seen.store(expected, ordering: .releasing)
                    if progress == .caughtUp, wasDone { break }
                    await Task.yield()
                }
                #expect(reader.damagedLines == 0)
            }
            defer { shared.seen.store(Int.max / 2, ordering: .releasing) }
            try await group.next()
            try await group.waitForAll()
        }
        #expect(shared.rotations.load(ordering: .acquiring) >= 1000)
    }

    @Test("begins with the tail asked for and goes on from there")
    func tail() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(LogConfiguration(maximumSize: 300, maximumFiles: 9), path: scratch.log)
        for number in 0..<20 { writer.append(.stdout, Array("\(number)\n".utf8), at: moment) }
        var query = LogQuery()
        query.follow = true
        query.tail = 12
        let reader = try LogReader(driver: .cri, path: scratch.log, query: query)
        var text = String(decoding: bytes(reader.nextEntries(limit: 100).entries), as: UTF8.self)
        #expect(text == (8..<20).map { "\($0)\n" }.joined())
        writer.append(.stdout, Array("new\nunfinished".utf8), at: moment)
        let (entries, progress) = reader.nextEntries(limit: 100)
        text = String(decoding: bytes(entries), as: UTF8.self)
        #expect(text == "new\n")
        #expect(progress == .caughtUp)
        writer.flush(at: moment)
        #expect(bytes(reader.nextEntries(limit: 100).entries) == Array("unfinished".utf8))
    }

    @Test("waits for a log that is not there yet, and goes on when somebody empties it")
    func emptied() throws {
        let scratch = try Scratch()
        var query = LogQuery()
        query.follow = true
        let reader = try LogReader(driver: .cri, path: scratch.log, query: query)
        #expect(reader.nextEntries(limit: 9).progress == .caughtUp)
        let writer = try LogWriter(LogConfiguration(), path: scratch.log)
        writer.append(.stdout, Array("before, and longer than what comes\n".utf8), at: moment)
        #expect(reader.nextEntries(limit: 9).entries.count == 1)
        truncate(scratch.log, 0)
        #expect(reader.nextEntries(limit: 9).progress == .caughtUp)
        writer.append(.stdout, Array("after\n".utf8), at: moment)
        #expect(bytes(reader.nextEntries(limit: 9).entries) == Array("after\n".utf8))
    }

    @Test("ends at the first line after until")
    func until() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(LogConfiguration(), path: scratch.log)
        var query = LogQuery()
        query.follow = true
        query.until = later(5)
        let reader = try LogReader(driver: .cri, path: scratch.log, query: query)
        writer.append(.stdout, Array("in\n".utf8), at: later(5))
        #expect(reader.nextEntries(limit: 9).progress == .caughtUp)
        writer.append(.stdout, Array("out\n".utf8), at: later(6))
        #expect(reader.nextEntries(limit: 9).progress == .ended)
    }

    @Test("that does not follow ends where the log ended when it was opened")
    func bounded() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(LogConfiguration(maximumSize: 100, maximumFiles: 9), path: scratch.log)
        writer.append(.stdout, Array("a\n".utf8), at: moment)
        let reader = try LogReader(driver: .cri, path: scratch.log, query: LogQuery())
        for _ in 0..<9 { writer.append(.stdout, Array("b\n".utf8), at: moment) }
        let (entries, progress) = reader.nextEntries(limit: 100)
        #expect(bytes(entries) == Array("a\n".utf8))
        #expect(progress == .ended)
    }
}
