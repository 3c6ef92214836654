import APIClient
import Glibc
import TestSupport

/// What a container costs when there are many.
struct ManyContainers: Torture {
    static let name = "many-containers"
    static let summary = "2,000 containers supervised: memory for each, the time of ps, and whether an event costs more"

    static func run(_ scale: Scale, _ report: Report) throws {
        // With the usual limit of open files, which is too low for them.
        let limited = ["/bin/bash", "-c", "ulimit -Sn \(scale.of(128, 1024)); exec \"$@\"", "bash"]
        let supervisor = try SupervisorUnderTest(inside: { _ in limited })
        guard let engine = supervisor.engineProcess else { throw TestFailure("there is no engine") }
        let client = try TortureClient(supervisor)
        try client.create("event", ["true"])
        var there = 0
        let base = memory(engine, supervisor)
        report.figure("with none", try price(supervisor, client, scale))
        for count in scale.of([20, 60], [100, 500, 1000, 2000]) {
            let starts = Latencies()
            try grow(supervisor, from: there, to: count, starts)
            there = count
            let (ours, keepers) = memory(engine, supervisor)
            report.figure(
                "with \(count)",
                try price(supervisor, client, scale)
                    + ", memory each: engine \((ours - base.0) * 1024 / count) B, keeper \((keepers - base.1) * 1024 / count) B"
            )
            report.figure("starting up to \(count), each", starts.text)
        }
        report.require(supervisor.engineProcess == engine, "the engine was replaced:\n\(supervisor.log)")
        let names = try client.names()
        report.require(names.count == there + 1, "\(names.count - 1) of \(there) are there")
        let dead = names.filter { $0 != "event" && client.status(of: $0) != "running" }
        report.none("containers that do not run", dead)
        let takeOver = Latencies()
        try takeOver.measure { try supervisor.killEngine() }
        report.figure("take-over of all of them by a new engine", takeOver.percentile(1).shown)
        let lost = names.filter { $0 != "event" && client.status(of: $0) != "running" }
        report.none("containers lost by it", lost)
        let removal = Latencies()
        try removal.measure { try TortureClient.removeAll(supervisor) }
        report.figure("removal of all", removal.percentile(1).shown)
    }

    private static func memory(_ engine: Int32, _ supervisor: SupervisorUnderTest) -> (Int, Int) {
        (ProcessFigures(of: engine).memory, ProcessFigures(of: supervisor.keeperProcess).memory)
    }

    private static func grow(
        _ supervisor: SupervisorUnderTest, from first: Int, to count: Int, _ starts: Latencies
    ) throws {
        let crowd = Crowd()
        try crowd.start(2, "grow") { number in
            let client = try TortureClient(supervisor)
            for index in stride(from: first + number, to: count, by: 2) {
                try starts.measure { try client.run("sleeper\(index)", ["sleep", "1000000"], restart: "always") }
            }
        }
        try crowd.join(timeout: 1800)
    }

    /// What `ps` and one run of a container take.
    private static func price(_ supervisor: SupervisorUnderTest, _ client: TortureClient, _ scale: Scale) throws
        -> String
    {
        let (lists, runs) = (Latencies(), Latencies())
        for _ in 0..<scale.of(3, 20) {
            try lists.measure { _ = try expect(supervisor.sereno("ps", "-q")) }
            try runs.measure {
                try client.start("event")
                _ = try client.wait("event")
            }
        }
        return "ps -q \(lists.percentile(0.5).shown), a run of true \(runs.percentile(0.5).shown)"
    }
}
