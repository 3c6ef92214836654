import APIClient
import Glibc
import TestSupport

/// Nothing grows while containers end and are started again.
struct RestartCycles: Torture {
    static let name = "restart-cycles"
    static let summary =
        "10,000 times a container starts, ends and is started again; descriptors, threads, zombies and memory stay"

    private static let threads = 4
    /// Growth that counts as none, in bytes a cycle: the pages of an allocator come and go.
    private static let memoryBound = 64.0

    static func run(_ scale: Scale, _ report: Report) throws {
        let (batches, size) = scale.of((4, 60), (10, 1000))
        let supervisor = try SupervisorUnderTest()
        let client = try TortureClient(supervisor)
        for number in 0..<threads {
            try client.create("ends\(number)", ["true"])
            try client.run("restarts\(number)", ["sleep", "100000"], restart: "always")
        }
        guard let engine = supervisor.engineProcess else { throw TestFailure("there is no engine") }
        var samples: [[ProcessFigures]] = []
        let start = ContinuousClock.now
        for _ in 0..<batches {
            try batch(supervisor, size / threads)
            samples.append([engine, supervisor.keeperProcess].map { atRest($0) })
        }
        let spent = (ContinuousClock.now - start) / .seconds(1)
        report.figure("cycles", batches * size)
        report.figure("cycles a second", Int(Double(batches * size) / spent))
        report.require(supervisor.engineProcess == engine, "the engine was replaced:\n\(supervisor.log)")
        // The first batches fill what is bounded: histories, event rings, pools.
        let settled = samples.dropFirst(scale.of(1, 3))
        for (index, who) in ["engine", "keeper"].enumerated() {
            let of = settled.map { $0[index] }
            for (name, values) in [
                ("descriptors", of.map(\.descriptors)), ("threads", of.map(\.threads)), ("zombies", of.map(\.zombies)),
            ] {
                let grown = (values.last ?? 0) - (values.first ?? 0)
                report.figure("\(who): \(name) at the end, grown by", "\(values.last ?? 0), \(grown)")
                report.require(grown <= 0, "the \(who)'s \(name) grew by \(grown): \(values)")
            }
            let slope = slope(of.map { Double($0.memory) * 1024 }) / Double(size)
            report.figure(
                "\(who): memory at the end, growth a cycle",
                "\(of.last?.memory ?? 0) KiB, \(Int(slope.rounded())) bytes")
            if scale == .full {
                report.require(slope < memoryBound, "the \(who)'s memory grows: \(of.map(\.memory)) KiB")
            }
        }
        let zombies = samples.last.map { $0.map(\.zombies).reduce(0, +) } ?? 0
        report.require(zombies == 0, "\(zombies) zombies at the end")
    }

    /// The figures when what the last run held has been given back: the lowest of twenty readings in a second.
    private static func atRest(_ process: Int32) -> ProcessFigures {
        let readings = (0..<20).map { _ in
            usleep(50_000)
            return ProcessFigures(of: process)
        }
        return readings.min { $0.descriptors < $1.descriptors } ?? ProcessFigures(of: process)
    }

    /// Half of the cycles are restarts that a user asks for, half ends by themselves.
    private static func batch(_ supervisor: SupervisorUnderTest, _ count: Int) throws {
        let crowd = Crowd()
        try crowd.start(threads, "cycles") { number in
            let client = try TortureClient(supervisor)
            for turn in 0..<count {
                if turn % 2 == 0 {
                    try client.start("ends\(number)")
                    _ = try client.wait("ends\(number)")
                } else {
                    try client.ask(Request(.post, "/containers/restarts\(number)/restart", query: [("t", "0")]))
                }
            }
        }
        try crowd.join(timeout: 1200)
    }

    /// The steepness of the line that fits best, per sample.
    private static func slope(_ values: [Double]) -> Double {
        let count = Double(values.count)
        guard count > 1 else { return 0 }
        let middle = (count - 1) / 2
        let mean = values.reduce(0, +) / count
        var (above, below) = (0.0, 0.0)
        for (index, value) in values.enumerated() {
            above += (Double(index) - middle) * (value - mean)
            below += (Double(index) - middle) * (Double(index) - middle)
        }
        return above / below
    }
}
