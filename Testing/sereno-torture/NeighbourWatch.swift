import APIClient
import Glibc
import TestSupport

/// A container that prints a line every 20 ms, and a client that follows it: what happens to others must not delay it.
final class NeighbourWatch: Sendable {
    private static let name = "neighbour"

    private let supervisor: SupervisorUnderTest
    private let crowd = Crowd()
    private let gaps = Latencies()
    private let process: Int32

    init(_ supervisor: SupervisorUnderTest) throws {
        self.supervisor = supervisor
        let client = try TortureClient(supervisor)
        try client.run(Self.name, ["sh", "-c", "while :; do echo tick; usleep 20000; done"], restart: "always")
        process = try client.process(of: Self.name)
        try crowd.start(1, Self.name) { [gaps] _ in
            let response = try TortureClient(supervisor).open(
                Request(.get, "/containers/\(Self.name)/logs", query: [("follow", "1"), ("stdout", "1")]))
            var last = ContinuousClock.now
            while case .bytes = try response.receive() {
                let now = ContinuousClock.now
                gaps.add(now - last)
                last = now
            }
        }
    }

    /// Ends it, and tells what it went through.
    func finish(_ report: Report) throws {
        let client = try TortureClient(supervisor)
        let now = try client.process(of: Self.name)
        report.require(now == process, "the neighbour was \(process), and is \(now)")
        try client.remove(Self.name)
        try crowd.join(timeout: 60)
        report.figure("a neighbour's line every 20 ms comes after", gaps.text)
        report.require(gaps.count > 20, "the neighbour's log was followed for \(gaps.count) lines")
        report.require(
            gaps.percentile(1) < .seconds(10), "the neighbour's log stood still for \(gaps.percentile(1).shown)")
    }
}
