import ArgumentParser
import FoundationEssentials
import Glibc
import Simulation
import TestSupport

Simulate.main()

/// Runs the engine in simulated worlds.
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sereno-simulate", abstract: "Run the engine in worlds made from seeds.",
        discussion: "Set SWIFT_DETERMINISTIC_HASHING=1, or the same seed may go another way the next time.")

    @Argument(help: "Seeds to run; with one, every event is printed.")
    var seeds: [UInt64] = []
    @Option(help: "Run this many seeds from --first on.")
    var count = 0
    @Option(help: "The first of the seeds.")
    var first: UInt64 = 1
    @Option(help: "Go on with further seeds for so long.")
    var minutes: Double?
    @Option(help: "Keep failing seeds here.")
    var corpus: String?
    @Flag(help: "Write out what the engine says.")
    var engineLog = false
    @Flag(help: "Do not write out events.")
    var quiet = false
    @Option(help: "How often an fsync does nothing.")
    var lyingSync = 0.0

    func run() throws {
        var figures = Simulation.Figures()
        var failed: [UInt64] = []
        var done = 0
        let start = ContinuousClock.now
        func simulate(_ seed: UInt64, prints: Bool) throws {
            let result = try world(seed, prints: prints)
            done += 1
            figures.add(result.figures)
            guard let violation = result.violation else { return }
            failed.append(seed)
            print("seed \(seed): \(violation)")
            fflush(nil)
            if let corpus { try keep(seed, violation, in: corpus) }
        }
        for seed in seeds { try simulate(seed, prints: seeds.count == 1 && !quiet) }
        var next = first
        for _ in 0..<max(0, count) {
            try simulate(next, prints: false)
            next += 1
        }
        if let minutes {
            while ContinuousClock.now - start < .seconds(minutes * 60) {
                try simulate(next, prints: false)
                next += 1
            }
        }
        report(figures, done, failed, ContinuousClock.now - start)
        if !failed.isEmpty { throw ExitCode(1) }
    }

    private func world(_ seed: UInt64, prints: Bool) throws -> Simulation {
        let directory = TestRun.inMemory("sereno-simulate-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var options = Simulation.Options()
        options.prints = prints
        options.engineLog = engineLog
        options.lyingSync = lyingSync
        return Simulation(seed: seed, directory: directory, options)
    }

    private func keep(_ seed: UInt64, _ violation: String, in corpus: String) throws {
        try FileManager.default.createDirectory(atPath: corpus, withIntermediateDirectories: true)
        try Data("\(violation)\n".utf8).write(to: URL(filePath: "\(corpus)/\(seed)"))
    }

    private func report(_ figures: Simulation.Figures, _ done: Int, _ failed: [UInt64], _ spent: Duration) {
        print(
            """
            worlds           \(done)
            failed           \(failed.count)\(failed.isEmpty ? "" : "   " + failed.map(String.init).joined(separator: " "))
            simulated time   \(figures.time / 3_600_000_000_000) h
            events           \(figures.events)
            commands         \(figures.commands)
            runs             \(figures.runs)
            engine deaths    \(figures.engineDeaths)
            keeper deaths    \(figures.keeperDeaths)
            power cuts       \(figures.powerCuts)
            shutdowns        \(figures.shutdowns)
            disk faults      \(figures.diskFaults)
            failed launches  \(figures.launchFailures)
            lines logged     \(figures.logLines)
            full pipes met   \(figures.fullPipes)
            checks           \(figures.checks)
            took             \(spent)
            """)
    }
}
