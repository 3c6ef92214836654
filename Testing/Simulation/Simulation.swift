import Glibc
import Linux

/// One world from a seed, and what became of it.
public struct Simulation: Sendable {
    /// What went wrong; `nil` when everything held.
    public let violation: String?
    /// The last events before it.
    public let lastEvents: [String]
    /// What was done.
    public let figures: Figures

    /// What a world saw.
    public struct Figures: Sendable {
        /// Steps of threads, processes, clients and faults.
        public var events = 0
        /// Commands asked by clients.
        public var commands = 0
        /// Processes made.
        public var runs = 0
        /// Deaths of engines, those with the power included.
        public var engineDeaths = 0
        /// Deaths of keepers that left their containers behind.
        public var keeperDeaths = 0
        /// Power cuts.
        public var powerCuts = 0
        /// Ordered shutdowns.
        public var shutdowns = 0
        /// File operations that failed.
        public var diskFaults = 0
        /// Launches that failed.
        public var launchFailures = 0
        /// Lines written by processes.
        public var logLines = 0
        /// Writes that had to wait because the pipe was full.
        public var fullPipes = 0
        /// Checks made.
        public var checks = 0
        /// Simulated time, in nanoseconds.
        public var time: Int64 = 0

        /// No figures yet.
        public init() {}

        /// Sums.
        public mutating func add(_ other: Figures) {
            events += other.events
            commands += other.commands
            runs += other.runs
            engineDeaths += other.engineDeaths
            keeperDeaths += other.keeperDeaths
            powerCuts += other.powerCuts
            shutdowns += other.shutdowns
            diskFaults += other.diskFaults
            launchFailures += other.launchFailures
            logLines += other.logLines
            fullPipes += other.fullPipes
            checks += other.checks
            time += other.time
        }
    }

    /// What to do beside running.
    public struct Options: Sendable {
        /// Write out every event.
        public var prints = false
        /// Write out what the engine says, too.
        public var engineLog = false
        /// How often an fsync says yes and does nothing: to see that this is found.
        public var lyingSync = 0.0

        /// Nothing.
        public init() {}
    }

    /// Runs the world of a seed below a directory that is there and empty.
    public init(seed: UInt64, directory: String, _ options: Options = Options()) {
        SignalWatch.ignoreBrokenPipes()
        let before = Self.openDescriptors
        var lies = World.Lies()
        lies.sync = options.lyingSync
        let world = World(
            seed: seed, directory: directory, prints: options.prints, engineLog: options.engineLog, lies: lies)
        world.run()
        var violation = world.checker.violation
        let seen = world.statistics
        var left = Self.described(Self.openDescriptors.subtracting(before))
        // An engine that has ended in order may still be held by a client's task that waits for it, as no process ends here: its
        // socket and its wake event then stay open, and nothing of a container.
        if world.statistics.shutdowns > 0 {
            left.removeAll { $0.contains(" socket:") || $0.contains(" anon_inode:[eventfd]") }
        }
        // With the process of an engine that dies its descriptors go, in the world outside.
        let deaths = seen.deaths + seen.powerCuts + seen.keeperDeaths
        if violation == nil, !left.isEmpty, deaths == 0 {
            violation = "\(left.count) descriptors are left open: \(left)"
        }
        self.violation = violation
        lastEvents = world.trace.lines
        var figures = Figures()
        figures.events = seen.events
        figures.commands = seen.commands
        figures.runs = seen.runs
        figures.engineDeaths = seen.deaths + seen.powerCuts
        figures.keeperDeaths = seen.keeperDeaths
        figures.powerCuts = seen.powerCuts
        figures.shutdowns = seen.shutdowns
        figures.diskFaults = seen.diskFaults
        figures.launchFailures = seen.launchFailures
        figures.logLines = seen.logLines
        figures.fullPipes = seen.fullPipes
        figures.checks = world.checker.checks
        figures.time = seen.virtualTime
        self.figures = figures
    }

    /// What these descriptors are.
    private static func described(_ numbers: some Sequence<Int32>) -> [String] {
        numbers.sorted().map { number in
            var buffer = [CChar](repeating: 0, count: 128)
            let length = readlink("/proc/self/fd/\(number)", &buffer, buffer.count)
            return "\(number) "
                + String(decoding: buffer.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    private static var openDescriptors: Set<Int32> {
        Set(((try? HostFile.list("/proc/self/fd")) ?? []).compactMap { Int32($0) }.filter { fcntl($0, F_GETFD) >= 0 })
    }
}
