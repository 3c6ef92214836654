import Glibc
import Linux
import Model
import Testing

@testable import Logs

/// A journald that does what a test wants: a datagram socket, read or not.
private final class FakeJournal {
    let path: String
    private var socket: Int32 = -1

    init(_ path: String, listening: Bool = true) {
        self.path = path
        if listening { listen() }
    }

    deinit { stop() }

    func listen() {
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0)
    }

    func stop() {
        if socket >= 0 { close(socket) }
        socket = -1
        unlink(path)
    }

    /// The entries that have come, each as its fields.
    func receive(atMost limit: Int = .max) -> [[String: [UInt8]]] {
        var entries: [[String: [UInt8]]] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while entries.count < limit {
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            entries.append(Self.parse(buffer[..<count]))
        }
        return entries
    }

    /// The native protocol, read by its own page.
    private static func parse(_ bytes: ArraySlice<UInt8>) -> [String: [UInt8]] {
        var fields: [String: [UInt8]] = [:]
        var rest = bytes
        while let end = rest.firstIndex(of: 0x0A) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            if let equals = line.firstIndex(of: 0x3D) {
                fields[String(decoding: line[..<equals], as: UTF8.self)] = Array(line[(equals + 1)...])
            } else {
                let count = Int(rest.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
                rest = rest.dropFirst(8)
                fields[String(decoding: line, as: UTF8.self)] = Array(rest.prefix(count))
                rest = rest.dropFirst(count + 1)
            }
        }
        return fields
    }
}

extension [String: [UInt8]] {
    fileprivate func text(_ name: String) -> String? { self[name].map { String(decoding: $0, as: UTF8.self) } }
}

/// What each stream's entries say together.
private func joined(_ entries: [[String: [UInt8]]], _ stream: OutputStream) -> [UInt8] {
    entries.filter { $0.text("PRIORITY") == (stream == .stderr ? "3" : "6") }.flatMap { entry in
        (entry["MESSAGE"] ?? []) + (entry.text("CONTAINER_PARTIAL_MESSAGE") == "true" ? [] : [0x0A])
    }
}

@Suite("Writing to the journal")
struct JournalWriterTests {
    private let scratch: Scratch
    private let id: ContainerID
    private var path: String { scratch.path + "/socket" }

    init() throws {
        scratch = try Scratch()
        id = try #require(ContainerID(String(repeating: "c", count: 64)))
    }

    private func writer(
        journal: LogJournal? = nil, progress: JournalProgress? = nil, extra: [(name: String, value: String)] = []
    ) throws -> JournalWriter {
        let fields = try JournalFields(id: id, name: "web", image: "busybox", tag: "night/web", extra: extra)
        return JournalWriter(
            fields, spool: scratch.path + "/held", socket: JournalSocket(path: path), journal: journal,
            progress: progress, now: WallTime(nanoseconds: 1_790_000_000_000_000_000))
    }

    private let time = WallTime(nanoseconds: 1_790_000_000_123_456_789)

    private func check(_ accounting: LogAccounting, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(
            accounting.bytesIn == accounting.bytesWritten + accounting.bytesDropped + accounting.bytesPending,
            sourceLocation: sourceLocation)
    }

    @Test("An entry has the fields of dockerd's driver")
    func fields() throws {
        let fake = FakeJournal(path)
        let progress = JournalProgress()
        let writer = try writer(
            progress: progress, extra: [("com.example/tier", "a\nb"), ("_under", "x"), ("9", "no")])
        writer.append(.stdout, Array("hello\n".utf8), at: time)
        writer.append(.stderr, Array("oh\n".utf8), at: time)
        let entries = fake.receive()
        #expect(entries.count == 2)
        let first = entries[0]
        let expected = [
            "CONTAINER_ID": String(repeating: "c", count: 12), "CONTAINER_ID_FULL": id.text, "CONTAINER_NAME": "web",
            "CONTAINER_TAG": "night/web", "IMAGE_NAME": "busybox", "SYSLOG_IDENTIFIER": "night/web", "PRIORITY": "6",
            "SYSLOG_TIMESTAMP": time.rfc3339Fixed, "CONTAINER_LOG_ORDINAL": "1", "MESSAGE": "hello",
            "COM_EXAMPLE_TIER": "a\nb", "UNDER": "x",
        ]
        for (name, value) in expected { #expect(first.text(name) == value, "\(name)") }
        #expect(first["CONTAINER_PARTIAL_MESSAGE"] == nil && first.count == expected.count + 1)
        #expect(entries[1].text("PRIORITY") == "3" && entries[1].text("CONTAINER_LOG_ORDINAL") == "2")
        #expect(progress.sent?.ordinal == 2)
        #expect(writer.accounting.bytesWritten == 9 && writer.accounting.bytesPending == 0)
        #expect(throws: LogOptionError.self) {
            try self.writer(extra: [("huge", String(repeating: "x", count: 70_000))])
        }
    }

    @Test("Every byte comes through, in pieces where a line is long")
    func bytes() throws {
        let fake = FakeJournal(path)
        let writer = try writer()
        var random = SystemRandomNumberGenerator()
        var sent: [OutputStream: [UInt8]] = [.stdout: [], .stderr: []]
        var entries: [[String: [UInt8]]] = []
        func put(_ stream: OutputStream, _ bytes: [UInt8]) {
            sent[stream]? += bytes
            writer.append(stream, bytes, at: time)
            while writer.isBlocked {
                entries += fake.receive()
                writer.resume()
            }
            check(writer.accounting)
        }
        put(.stdout, [0, 0xFF, 0xC3, 0x28, 0x0D, 0x0A])
        put(.stdout, [0x0A, 0x0A])
        put(.stdout, Array(repeating: 0x61, count: 1 << 20) + [0x0A])
        put(.stdout, Array(repeating: 0x62, count: LogWriter.maximumLine) + [0x0A])
        for _ in 0..<300 {
            let length = Int.random(in: 0...2000, using: &random)
            put(Bool.random(using: &random) ? .stdout : .stderr, (0..<length).map { _ in .random(in: 0...255) })
        }
        put(.stderr, Array("no end".utf8))
        writer.flush(at: time)
        while writer.isBlocked {
            entries += fake.receive()
            writer.resume()
        }
        entries += fake.receive()
        for stream in OutputStream.allCases { #expect(joined(entries, stream) == sent[stream]) }
        #expect(entries.map { $0.text("CONTAINER_LOG_ORDINAL") } == (1...entries.count).map(String.init))
        let piece = [UInt8](repeating: 0x61, count: LogWriter.maximumLine)
        let long = entries.filter { $0["CONTAINER_PARTIAL_ID"] != nil && $0["MESSAGE"] == piece }
        #expect(long.count == 64 && Set(long.map { $0["CONTAINER_PARTIAL_ID"] }).count == 1)
        #expect(long.map { $0.text("CONTAINER_PARTIAL_ORDINAL") } == (1...64).map(String.init))
        #expect(writer.accounting.bytesDropped == 0 && writer.accounting.bytesPending == 0)
    }

    @Test("A journald that takes nothing loses nothing while it is waited for, and whole lines when it is given up")
    func blocked() throws {
        let fake = FakeJournal(path)
        let writer = try writer()
        let lines = (0..<5_000).map { "line \($0) of many\n" }
        writer.append(.stdout, Array(lines.joined().utf8), at: time)
        #expect(writer.isBlocked && writer.accounting.failure == EAGAIN)
        check(writer.accounting)
        var entries: [[String: [UInt8]]] = []
        while writer.isBlocked {
            entries += fake.receive()
            writer.resume()
            check(writer.accounting)
        }
        entries += fake.receive()
        #expect(joined(entries, .stdout) == Array(lines.joined().utf8))

        // Now it stays so, in the middle of a long line.
        writer.append(.stdout, Array(lines.joined().utf8), at: time)
        writer.append(.stderr, Array(repeating: 0x78, count: 100_000), at: time)
        writer.giveUp()
        #expect(!writer.isBlocked)
        check(writer.accounting)
        writer.append(.stderr, Array("rest of it\nmore lost\n".utf8), at: time)
        #expect(!writer.isBlocked && writer.accounting.bytesPending == 0)
        let taken = fake.receive()
        #expect(Array(lines.joined().utf8).starts(with: joined(taken, .stdout)) && joined(taken, .stderr).isEmpty)
        writer.append(.stderr, Array("back\n".utf8), at: time)
        #expect(joined(fake.receive(), .stderr) == Array("back\n".utf8))
        let written = joined(taken, .stdout).count + lines.joined().utf8.count + 5
        #expect(writer.accounting.bytesWritten == Int64(written))
        check(writer.accounting)
    }

    @Test("A line of which a part was taken is closed when the rest was dropped")
    func halfLine() throws {
        let fake = FakeJournal(path)
        let writer = try writer()
        writer.append(.stdout, Array(repeating: 0x61, count: LogWriter.maximumLine + 10), at: time)
        fake.stop()
        writer.append(.stdout, Array("bbb\nlost\n".utf8), at: time)
        #expect(writer.isBlocked)
        writer.giveUp()
        check(writer.accounting)
        fake.listen()
        writer.append(.stdout, Array("whole\n".utf8), at: time)
        let told = joined(fake.receive(), .stdout)
        #expect(told == Array("\nwhole\n".utf8))
        #expect(writer.accounting.bytesWritten == Int64(LogWriter.maximumLine + 7))
        check(writer.accounting)
    }

    @Test("One that is gone is found again when it is back")
    func gone() throws {
        let fake = FakeJournal(path, listening: false)
        let writer = try writer()
        writer.append(.stdout, Array("early\n".utf8), at: time)
        #expect(writer.isBlocked)
        fake.listen()
        writer.resume()
        #expect(!writer.isBlocked)
        fake.stop()
        writer.append(.stdout, Array("between\n".utf8), at: time)
        fake.listen()
        writer.resume()
        #expect(joined(fake.receive(), .stdout) == Array("between\n".utf8))
        check(writer.accounting)
    }

    @Test("The next writer goes on with what one that was killed held")
    func killed() throws {
        let fake = FakeJournal(path)
        let memory = try SharedMemory.file("sereno-test-journal", length: LogJournal.length)
        let text = Array((0..<3000).map { "entry \($0)\n" }.joined().utf8) + Array("no end yet".utf8)
        do {
            let writer = try writer(journal: LogJournal(SharedMemory(memory, length: LogJournal.length)))
            writer.announce(.stdout, at: time)
            writer.append(.stdout, text, at: time)
            #expect(writer.isBlocked)
        }
        var entries = fake.receive()
        let next = try writer(journal: LogJournal(SharedMemory(memory, length: LogJournal.length)))
        #expect(next.interrupted == InterruptedPiece(stream: .stdout, time: time, taken: nil))
        check(next.accounting)
        while next.isBlocked {
            next.resume()
            entries += fake.receive()
        }
        next.append(.stdout, Array(", but now\n".utf8), at: time)
        entries += fake.receive()
        #expect(joined(entries, .stdout) == text + Array(", but now\n".utf8))
        #expect(entries.map { $0.text("CONTAINER_LOG_ORDINAL") } == (1...entries.count).map(String.init))
        #expect(Set(entries.map { $0["CONTAINER_LOG_EPOCH"] }).count == 1)
    }
}
