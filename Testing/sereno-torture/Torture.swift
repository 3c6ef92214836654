/// Something done to a supervisor that it has to survive. Its figures go to the report, and so does every promise broken.
protocol Torture: Sendable {
    /// What it is called on the command line.
    static var name: String { get }
    /// What is done, in one line.
    static var summary: String { get }
    /// Does it, in full or in a few seconds; throws when the host cannot do it at all.
    static func run(_ scale: Scale, _ report: Report) throws
}

/// How much is done.
enum Scale: Sendable {
    /// A few seconds, for every run of the tests.
    case quick
    /// As docs/reliability.md tells it.
    case full

    /// One of two numbers.
    func of<Value>(_ quick: Value, _ full: Value) -> Value {
        switch self {
        case .quick: quick
        case .full: full
        }
    }
}

/// Every torture there is.
enum Tortures {
    static let all: [any Torture.Type] = [
        EngineDeaths.self, ProcessNumbers.self, SpawnFaults.self, KernelFeatures.self, RestartCycles.self,
        CrashLoops.self, LogSinks.self, Transitions.self, RuntimeFaults.self, HostileContainers.self,
        ManyContainers.self, HostileLaunch.self,
    ]
}
