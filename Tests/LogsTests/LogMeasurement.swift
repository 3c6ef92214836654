import Glibc
import Model
import Testing

@testable import Logs

/// `SERENO_MEASURE=1 swift test -c release --filter LogMeasurement` prints how fast the drivers are. It holds
/// nothing against the result, because the machine decides it too.
@Suite("LogMeasurement", .enabled(if: getenv("SERENO_MEASURE") != nil), .serialized)
struct LogMeasurement {
    private func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    @Test("200 MB of 100-byte lines in pieces of 64 KiB, and back", arguments: [LogDriver.cri, .jsonFile])
    func throughput(driver: LogDriver) throws {
        let scratch = try Scratch()
        let writer = try LogWriter(LogConfiguration(driver: driver), path: scratch.log)
        let line = [UInt8](repeating: 0x61, count: 99) + [0x0A]
        var piece: [UInt8] = []
        while piece.count < 65_500 { piece += line }
        let pieces = 200_000_000 / piece.count
        var start = seconds()
        for number in 0..<pieces {
            piece.withUnsafeBytes { writer.append(.stdout, $0, at: later(Int64(number) * 300_000)) }
        }
        let total = Double(pieces * piece.count) / 1e6
        print(driver.rawValue, "write:", Int(total / (seconds() - start)), "MB/s")
        let forms = [LogRendering(multiplexed: true), LogRendering(multiplexed: true, timestamps: true)]
        for rendering in forms {
            start = seconds()
            let reader = try LogReader(driver: driver, path: scratch.log, query: LogQuery())
            var count = 0
            var output: [UInt8] = []
            var progress = LogProgress.more
            while progress == .more {
                output.removeAll(keepingCapacity: true)
                progress = reader.next(into: &output, limit: 64 << 10, as: rendering)
                count += output.count
            }
            let name = rendering.timestamps ? "read with times:" : "read:"
            print(driver.rawValue, name, Int(total / (seconds() - start)), "MB/s,", seconds() - start, "s")
            #expect(count > pieces * piece.count)
        }
    }
}
