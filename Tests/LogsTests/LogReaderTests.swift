import Glibc
import Model
import TestSupport
import Testing

@testable import Logs

@Suite("A log reader")
struct LogReaderTests {
    struct Written {
        var time: WallTime
        var stream: OutputStream
        var bytes: [UInt8]
    }

    /// A log of random lines in the order of their times, and what is in it.
    private func randomLog(
        _ driver: LogDriver, _ scratch: Scratch, using generator: inout SeededGenerator
    ) throws -> [Written] {
        let sizes: [Int64] = [300, 5000, 160_000]
        let size = sizes[Int.random(in: 0..<3, using: &generator)]
        let writer = try LogWriter(
            LogConfiguration(driver: driver, maximumSize: size, maximumFiles: 10_000), path: scratch.log)
        var all: [Written] = []
        var time = moment
        for number in 0..<Int.random(in: 0...(size > 100_000 ? 3000 : 200), using: &generator) {
            let pauses: [Int64] = [0, 1, 1000, 1_000_000_000, 90_000_000_000]
            time.nanoseconds += pauses[Int.random(in: 0..<5, using: &generator)]
            let stream: OutputStream = Bool.random(using: &generator) ? .stdout : .stderr
            let filler = String(repeating: "é<", count: Int.random(in: 0...60, using: &generator))
            let line = Array("\(number) \(filler)\n".utf8)
            writer.append(stream, line, at: time)
            all.append(Written(time: time, stream: stream, bytes: line))
        }
        return all
    }

    /// What Docker gives: the tail is counted first, then times and streams decide.
    private func expected(_ all: [Written], _ query: LogQuery) -> [Written] {
        var wanted = ArraySlice(all)
        if let tail = query.tail { wanted = wanted.suffix(tail) }
        if let until = query.until { wanted = wanted.prefix { $0.time <= until } }
        return wanted.filter { query.streams.contains($0.stream) && (query.since.map { $0 } ?? $0.time) <= $0.time }
    }

    private func randomQuery(_ all: [Written], using generator: inout SeededGenerator) -> LogQuery {
        var query = LogQuery()
        func someTime() -> WallTime {
            let base = all.randomElement(using: &generator)?.time ?? moment
            return WallTime(nanoseconds: base.nanoseconds + Int64.random(in: -1...1, using: &generator))
        }
        if Bool.random(using: &generator) { query.since = someTime() }
        if Bool.random(using: &generator) { query.until = someTime() }
        if Bool.random(using: &generator) { query.tail = Int.random(in: 0...(all.count + 2), using: &generator) }
        if Bool.random(using: &generator) { query.streams = [Bool.random(using: &generator) ? .stdout : .stderr] }
        return query
    }

    @Test(
        "agrees with a naive model for every combination of tail, since, until and streams",
        arguments: [LogDriver.cri, .jsonFile], UInt64(0)..<8)
    func model(driver: LogDriver, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let scratch = try Scratch()
        let all = try randomLog(driver, scratch, using: &generator)
        for _ in 0..<8 {
            let query = randomQuery(all, using: &generator)
            let found = try readAll(driver, scratch.log, query)
            let wanted = expected(all, query)
            try #require(found.count == wanted.count, "\(query)")
            try #require(zip(found, wanted).allSatisfy { $0.bytes == $1.bytes && $0.stream == $1.stream })
            try #require(zip(found, wanted).allSatisfy { $0.time == $1.time })
        }
    }

    @Test("renders Docker's frames, with and without times", arguments: [LogDriver.cri, .jsonFile], [1, 100, 1 << 20])
    func rendering(driver: LogDriver, limit: Int) throws {
        let scratch = try Scratch()
        let writer = try LogWriter(LogConfiguration(driver: driver), path: scratch.log)
        writer.append(.stdout, Array("one\n".utf8), at: WallTime(nanoseconds: 1_767_323_045_120_000_000))
        writer.append(.stderr, Array("two\nthr".utf8), at: WallTime(nanoseconds: 1_767_323_046_000_000_000))
        writer.flush(at: WallTime(nanoseconds: 1_767_323_047_000_000_001))
        func render(_ rendering: LogRendering) throws -> [UInt8] {
            let reader = try LogReader(driver: driver, path: scratch.log, query: LogQuery())
            var output: [UInt8] = []
            while reader.next(into: &output, limit: limit, as: rendering) == .more {}
            return output
        }
        #expect(try render(LogRendering(multiplexed: false)) == Array("one\ntwo\nthr".utf8))
        let framed: [UInt8] =
            [1, 0, 0, 0, 0, 0, 0, 4] + Array("one\n".utf8) + [2, 0, 0, 0, 0, 0, 0, 4] + Array("two\n".utf8)
            + [2, 0, 0, 0, 0, 0, 0, 3] + Array("thr".utf8)
        #expect(try render(LogRendering(multiplexed: true)) == framed)
        let stamped = """
            2026-01-02T03:04:05.120000000Z  one
            2026-01-02T03:04:06.000000000Z  two
            2026-01-02T03:04:07.000000001Z  thr
            """
        #expect(
            String(
                decoding: try render(LogRendering(multiplexed: false, timestamps: true, details: [0x20])),
                as: UTF8.self) == stamped)
        let details = Array("a=1,b=2 ".utf8)
        #expect(
            try render(LogRendering(multiplexed: false, details: details)).starts(with: details + Array("one".utf8)))
        // More of them than the space in which entries are rendered.
        let long = [UInt8](repeating: 0x61, count: 200_000)
        let rendered = try render(LogRendering(multiplexed: true, details: long))
        #expect(rendered.count == 3 * (8 + long.count) + "one\ntwo\nthr".utf8.count)
        #expect(rendered[4..<8].reduce(0) { $0 << 8 | Int($1) } == long.count + 4)
        let header = try render(LogRendering(multiplexed: true, timestamps: true)).prefix(8)
        #expect(Array(header) == [1, 0, 0, 0, 0, 0, 0, 35])
    }

    @Test("leaves damaged lines out and counts them")
    func damage() throws {
        let scratch = try Scratch()
        var content = Array("2026-01-02T03:04:05.123456789Z stdout F good\n".utf8)
        content += Array("rubbish\n2026-01-02T03:04:05.123456789Z stdxxx F x\n".utf8)
        content += [UInt8](repeating: 0, count: 700_000) + [0x0A]
        content += Array("2026-01-02T03:04:05.123456789Z stderr P also good\n".utf8)
        content += Array("2026-01-02T03:04:05.123456789Z stdout F torn".utf8)
        scratch.put(content)
        let reader = try LogReader(driver: .cri, path: scratch.log, query: LogQuery())
        let entries = reader.nextEntries(limit: 100).entries
        #expect(entries.map { String(decoding: $0.bytes, as: UTF8.self) } == ["good\n", "also good"])
        #expect(reader.damagedLines == 3)
    }

    @Test("reads json-file logs that dockerd wrote, attributes included")
    func foreignJSON() throws {
        let scratch = try Scratch()
        let lines = [
            #"{"log":"a \ud83d\ude00 \t\/\n","stream":"stdout","attrs":{"tag":"x\"y"},"time":"2026-01-02T03:04:05.1Z"}"#,
            #"{"log":"b","stream":"stderr","time":"2026-01-02T04:04:06+01:00"}"#,
            #"{"log":"bad \u12","stream":"stderr","time":"2026-01-02T03:04:06Z"}"#,
        ]
        scratch.put(Array((lines.joined(separator: "\n") + "\n").utf8))
        let entries = try readAll(.jsonFile, scratch.log)
        #expect(entries.map { String(decoding: $0.bytes, as: UTF8.self) } == ["a 😀 \t/\n", "b"])
        #expect(entries.map(\.time.rfc3339Nano) == ["2026-01-02T03:04:05.1Z", "2026-01-02T03:04:06Z"])
    }

    @Test("survives any damage to the file", arguments: [LogDriver.cri, .jsonFile])
    func randomDamage(driver: LogDriver) throws {
        let scratch = try Scratch()
        var generator = SeededGenerator(seed: 7)
        let writer = try LogWriter(LogConfiguration(driver: driver), path: scratch.log)
        for number in 0..<50 { writer.append(.stdout, Array("line \(number) \"\\\t\n".utf8), at: moment) }
        let whole = scratch.content()
        for _ in 0..<300 {
            var content = whole
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                let place = Int.random(in: 0..<content.count, using: &generator)
                content[place] = UInt8.random(in: 0...255, using: &generator)
            }
            scratch.put(Array(content.prefix(Int.random(in: 0...content.count, using: &generator))))
            var query = LogQuery()
            query.since = moment
            #expect(try readAll(driver, scratch.log, query).count <= 60)
        }
    }
}
