import Synchronization

/// How long something took, many times.
final class Latencies: Sendable {
    private let samples = Mutex<[Duration]>([])

    func add(_ sample: Duration) { samples.withLock { $0.append(sample) } }

    /// Takes the time of something that succeeds.
    func measure<Result>(_ body: () throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        let result = try body()
        add(ContinuousClock.now - start)
        return result
    }

    var count: Int { samples.withLock { $0.count } }

    /// The sample that a share of all does not exceed; zero without samples.
    func percentile(_ share: Double) -> Duration {
        samples.withLock { samples in
            guard !samples.isEmpty else { return .zero }
            let sorted = samples.sorted()
            return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
        }
    }

    /// Median, 99th percentile and maximum, in milliseconds.
    var text: String { "p50 \(percentile(0.5).shown)  p99 \(percentile(0.99).shown)  max \(percentile(1).shown)" }
}

extension Duration {
    /// Milliseconds with one decimal, such as `12.3 ms`.
    var shown: String {
        let tenths = Int((self / .microseconds(100)).rounded())
        return "\(tenths / 10).\(tenths % 10) ms"
    }
}
