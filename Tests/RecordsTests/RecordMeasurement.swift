import Glibc
import Testing

@testable import Records
@testable import Store

/// `SERENO_MEASURE=1 swift test -c release -Xswiftc -enable-testing --filter RecordMeasurement` prints what it takes to write and
/// to read records. It holds nothing against the result, because the machine decides it.
@Suite("RecordMeasurement", .enabled(if: getenv("SERENO_MEASURE") != nil), .serialized)
struct RecordMeasurement {
    private func microseconds(_ body: () throws -> Void) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<20 {
            var start = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
            for _ in 0..<500 { try body() }
            var end = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
            best = min(best, Double(end.tv_sec - start.tv_sec) * 1e6 + Double(end.tv_nsec - start.tv_nsec) / 1e3)
        }
        return best / 500
    }

    private func measure<Value>(_ title: String, _ samples: [RecordSample<Value>], _ name: String) throws {
        let sample = try #require(samples.first { $0.name == name })
        let bytes = try StoredJSON.encode(sample.value, path: name)
        let write = try microseconds { _ = try StoredJSON.encode(sample.value, path: name) }
        let read = try microseconds { _ = try StoredJSON.decode(Value.self, from: bytes[...]) }
        print("\(title): written in \(write) µs, read in \(read) µs, \(bytes.count) bytes")
    }

    @Test("what it takes to write and to read a record")
    func records() throws {
        try measure("a state", RecordSamples.state, "full")
        try measure("a new state", RecordSamples.state, "state-running")
        try measure("a line of history", RecordSamples.history, "end-exited")
        try measure("a specification", RecordSamples.spec, "full")
    }
}
