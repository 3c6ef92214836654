import Glibc
import Model
import Testing

@testable import Logs

/// `SERENO_MEASURE=1 swift test -c release --filter LogMeasurement` prints how fast the drivers are. It holds
/// nothing against the result, because the machine decides it too.
@Suite("LogMeasurement", .enabled(if: getenv("SERENO_MEASURE") != nil), .serialized)
struct LogMeasurement {
    private struct Reading {
        var wall = Self.seconds(CLOCK_MONOTONIC)
        var processor = Self.seconds(CLOCK_THREAD_CPUTIME_ID)

        static func seconds(_ clock: clockid_t) -> Double {
            var time = timespec()
            clock_gettime(clock, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }

        func report(_ what: String, megabytes: Double) {
            let now = Reading()
            let rates = [megabytes / (now.wall - wall), megabytes / (now.processor - processor)]
            print(what, Int(rates[0]), "MB/s,", Int(rates[1]), "MB per processor second")
        }
    }

    /// The pieces end within lines, as those read from a pipe do.
    @Test("200 MB of 100-byte lines in pieces of 64 KiB, and back", arguments: [LogDriver.cri, .jsonFile])
    func throughput(driver: LogDriver) throws {
        let scratch = try Scratch()
        let writer = try LogWriter(LogConfiguration(driver: driver), path: scratch.log)
        let line = [UInt8](repeating: 0x61, count: 99) + [0x0A]
        let lines = [UInt8]((0..<25 * 65536).map { line[$0 % 100] })
        let rounds = 122
        let megabytes = Double(rounds * lines.count) / 1e6
        var start = Reading()
        lines.withUnsafeBytes { bytes in
            for number in 0..<(rounds * 25) {
                let piece = bytes[(number % 25) * 65536..<(number % 25 + 1) * 65536]
                writer.append(.stdout, UnsafeRawBufferPointer(rebasing: piece), at: later(Int64(number) * 300_000))
            }
        }
        start.report("\(driver.rawValue) write:", megabytes: megabytes)
        let forms = [LogRendering(multiplexed: true), LogRendering(multiplexed: true, timestamps: true)]
        for rendering in forms {
            start = Reading()
            let reader = try LogReader(driver: driver, path: scratch.log, query: LogQuery())
            var count = 0
            var output: [UInt8] = []
            var progress = LogProgress.more
            while progress == .more {
                output.removeAll(keepingCapacity: true)
                progress = reader.next(into: &output, limit: 64 << 10, as: rendering)
                count += output.count
            }
            start.report(
                "\(driver.rawValue) read\(rendering.timestamps ? " with times" : ""):", megabytes: megabytes)
            #expect(count > rounds * lines.count)
        }
    }
}
