import Model
import Testing

@testable import Logs

@Suite("A log writer")
struct LogWriterTests {
    @Test("writes the CRI format to the byte")
    func criFormat() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(LogConfiguration(driver: .cri), path: scratch.log)
        writer.append(.stdout, Array("one\ntwo\n\nhal".utf8), at: moment)
        writer.append(.stderr, Array("bad\n".utf8), at: later(1))
        writer.append(.stdout, Array("f\n".utf8), at: later(211))
        writer.append(.stdout, Array("end".utf8), at: later(2_000_000_000))
        writer.flush(at: later(876_543_211))
        #expect(
            scratch.text() == """
                2026-01-02T03:04:05.123456789Z stdout F one
                2026-01-02T03:04:05.123456789Z stdout F two
                2026-01-02T03:04:05.123456789Z stdout F \n\
                2026-01-02T03:04:05.123456790Z stderr F bad
                2026-01-02T03:04:05.123457000Z stdout F half
                2026-01-02T03:04:06.000000000Z stdout P end

                """)
    }

    /// The expected text was recorded from dockerd 20.10.24 for the same output; only the time differs.
    @Test("escapes json-file as dockerd does")
    func jsonFormat() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(LogConfiguration(driver: .jsonFile), path: scratch.log)
        var line = Array("a\t\r\u{1B}[31m<b>&\"\\ \u{7F}\0\u{01} é ".utf8)
        line += [0xFF, 0xFE] + Array(" \u{2028} ".utf8) + [0xED, 0xA0, 0x80] + Array(" x\n\nnoeol".utf8)
        writer.append(.stdout, line, at: WallTime(nanoseconds: 1_767_323_045_120_000_000))
        writer.flush(at: WallTime(nanoseconds: 1_767_323_045_000_000_000))
        let expected =
            #"{"log":"a\u0009\r\u001b[31m\u003cb\u003e\u0026\"\\ "# + "\u{7F}"
            + #"\u0000\u0001 é \ufffd\ufffd \u2028 \ufffd\ufffd\ufffd x\n","stream":"stdout","#
            + #""time":"2026-01-02T03:04:05.12Z"}"# + "\n"
            + #"{"log":"\n","stream":"stdout","time":"2026-01-02T03:04:05.12Z"}"# + "\n"
            + #"{"log":"noeol","stream":"stdout","time":"2026-01-02T03:04:05Z"}"# + "\n"
        #expect(scratch.text() == expected)
    }

    @Test(
        "cuts long lines into pieces of 16 KiB, however the bytes arrive",
        arguments: [1, 7, 4096, 16384, 65536, 1 << 20])
    func longLines(step: Int) throws {
        let scratch = try Scratch()
        let writer = try LogWriter(LogConfiguration(driver: .cri), path: scratch.log)
        var input: [UInt8] = []
        for length in [0, 1, 16383, 16384, 16385, 40000, 3] {
            input += [UInt8](repeating: 0x41 + UInt8(length % 26), count: length) + [0x0A]
        }
        for start in stride(from: 0, to: input.count, by: step) {
            writer.append(.stdout, Array(input[start..<min(start + step, input.count)]), at: moment)
        }
        let lengths = scratch.text().split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map { "\($0.dropFirst(38).first ?? "?")\($0.utf8.count - 40)" }
        #expect(
            lengths == [
                "F0", "F1", "F16383", "P16384", "F0", "P16384", "F1", "P16384", "P16384", "F7232", "F3",
            ])
        #expect(bytes(try readAll(.cri, scratch.log)) == input)
        #expect(writer.accounting.bytesWritten == Int64(input.count))
    }

    @Test("has a format for each driver that keeps files, and for no other", arguments: LogDriver.allCases)
    func formats(driver: LogDriver) {
        #expect((driver.format != nil) == (driver.medium == .files))
    }

    @Test("keeps every byte of hostile output", arguments: [LogDriver.cri])
    func hostileBytes(driver: LogDriver) throws {
        let scratch = try Scratch()
        let writer = try LogWriter(LogConfiguration(driver: driver), path: scratch.log)
        var generator = SystemRandomNumberGenerator()
        var input: [UInt8] = []
        for _ in 0..<200 {
            let count = Int.random(in: 0...3000, using: &generator)
            let chunk = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            writer.append(.stderr, chunk, at: moment)
            input += chunk
        }
        writer.flush(at: moment)
        #expect(bytes(try readAll(driver, scratch.log), .stderr) == input)
        #expect(writer.accounting.bytesWritten == Int64(input.count))
        #expect(writer.accounting.bytesPending == 0)
    }

    @Test("reads json-file back as text, with what is not UTF-8 replaced")
    func jsonRoundTrip() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(LogConfiguration(driver: .jsonFile), path: scratch.log)
        var text = ""
        for value in stride(from: UInt32(0), to: 0x11_0000, by: 97) {
            if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
            if value % 61 == 0 { text += "\n" }
        }
        writer.append(.stdout, Array(text.utf8), at: moment)
        writer.append(.stdout, [0xC3], at: moment)
        writer.flush(at: moment)
        #expect(bytes(try readAll(.jsonFile, scratch.log)) == Array((text + "\u{FFFD}").utf8))
    }

    @Test("rotates between lines and keeps as many files as asked")
    func rotation() throws {
        let scratch = try Scratch()
        let configuration = LogConfiguration(driver: .cri, maximumSize: 1000, maximumFiles: 3)
        let writer = try LogWriter(configuration, path: scratch.log)
        var lines: [String] = []
        for number in 0..<500 {
            lines.append("line \(number)\n")
            writer.append(.stdout, Array(lines[number].utf8), at: later(Int64(number)))
        }
        #expect(scratch.names == ["log", "log.1", "log.2"])
        #expect(scratch.names.allSatisfy { (1...1060).contains(scratch.content($0).count) })
        let kept = try readAll(.cri, scratch.log).map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(kept == Array(lines.suffix(kept.count)))
        #expect(kept.count > 40)
        // One batch with many lines is cut at the same places.
        let whole = try Scratch()
        let atOnce = try LogWriter(configuration, path: whole.log)
        atOnce.append(.stdout, Array(lines.joined().utf8), at: moment)
        #expect(atOnce.accounting.rotations == writer.accounting.rotations)
    }

    @Test("keeps one file alone when max-file is 1")
    func rotationOfOne() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(
            LogConfiguration(driver: .jsonFile, maximumSize: 500, maximumFiles: 1), path: scratch.log)
        for number in 0..<50 { writer.append(.stdout, Array("\(number)\n".utf8), at: moment) }
        #expect(scratch.names == ["log"])
        #expect(scratch.content().count < 600)
    }

    @Test("goes on after a crash, on a line of its own")
    func continuesAfterCrash() throws {
        let scratch = try Scratch()
        scratch.put(Array("2026-01-02T03:04:05.123456789Z stdout F torn li".utf8))
        let writer = try LogWriter(LogConfiguration(driver: .cri), path: scratch.log)
        writer.append(.stdout, Array("next\n".utf8), at: moment)
        #expect(bytes(try readAll(.cri, scratch.log)) == Array("torn li\nnext\n".utf8))
    }

    @Test("hands its unfinished lines to the next writer when it is killed", arguments: [LogDriver.cri, .jsonFile])
    func pendingOutlivesWriter(driver: LogDriver) throws {
        let scratch = try Scratch()
        let configuration = LogConfiguration(driver: driver, maximumSize: 4000, maximumFiles: 2)
        var input: [OutputStream: [UInt8]] = [.stdout: [], .stderr: []]
        for number in 0..<40 {
            // Every writer is left behind in the middle, as a killed one is.
            let writer = try LogWriter(configuration, path: scratch.log)
            #expect(writer.accounting.bytesPending == (number == 0 ? 0 : 7))
            for stream in OutputStream.allCases {
                let text = Array(
                    ((number == 0 ? "" : "\n") + "\(number)\n" + (stream == .stdout ? "out" : "left")).utf8)
                input[stream]? += text
                writer.append(stream, text, at: moment)
            }
        }
        let last = try LogWriter(configuration, path: scratch.log)
        last.flush(at: moment)
        let entries = try readAll(driver, scratch.log)
        for stream in OutputStream.allCases {
            let kept = bytes(entries, stream)
            #expect(Array((input[stream] ?? []).suffix(kept.count)) == kept)
            #expect(kept.count > 100)
        }
        // What is in the log is not pending any more.
        #expect(try LogWriter(configuration, path: scratch.log).accounting.bytesPending == 0)
    }

    @Test("does not take up unfinished lines that are not those of the log as it is")
    func stalePending() throws {
        let scratch = try Scratch()
        do {
            let writer = try LogWriter(LogConfiguration(), path: scratch.log)
            writer.append(.stdout, Array("pending".utf8), at: moment)
        }
        var content = scratch.content("log.pending")
        content[content.count - 1] ^= 1
        scratch.put(content, to: "log.pending")
        #expect(try LogWriter(LogConfiguration(), path: scratch.log).accounting.bytesPending == 0)
        content[content.count - 1] ^= 1
        scratch.put(content, to: "log.pending")
        scratch.put(Array("grown\n".utf8))
        #expect(try LogWriter(LogConfiguration(), path: scratch.log).accounting.bytesPending == 0)
    }

    @Test("undoes a rotation that a crash interrupted")
    func repairsRotation() throws {
        let scratch = try Scratch()
        let configuration = LogConfiguration(driver: .cri, maximumSize: 100, maximumFiles: 3)
        do {
            let writer = try LogWriter(configuration, path: scratch.log)
            writer.append(.stdout, Array("only once\n".utf8), at: moment)
        }
        link(scratch.log, "\(scratch.log).1")
        scratch.put([], to: "log.new")
        scratch.put(Array("old".utf8), to: "log.7")
        #expect(bytes(try readAll(.cri, scratch.log)) == Array("only once\n".utf8))
        _ = try LogWriter(configuration, path: scratch.log)
        #expect(scratch.names == ["log"])
    }

    @Test("keeps nothing with the driver none, and says that it cannot be read")
    func none() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(LogConfiguration(driver: .discard), path: scratch.log)
        writer.append(.stdout, Array("x\n".utf8), at: moment)
        #expect(scratch.names == [])
        #expect(writer.accounting.bytesIn == 2)
        #expect(throws: LogError.notReadable(.discard)) {
            try LogReader(driver: .discard, path: scratch.log, query: LogQuery())
        }
    }
}

#if canImport(Glibc)
    import Glibc
#endif
