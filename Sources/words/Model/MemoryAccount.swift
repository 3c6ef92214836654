/// Memory account of a container's control group, read at the end of a run. Values that the host does not count are `nil`.
public struct MemoryAccount: Hashable, Sendable {
    /// Limit in bytes; `nil` is no limit.
    public var limit: UInt64?
    /// Most bytes in use since the control group was made, which outlives restarts (memory.peak, Linux 5.19;
    /// memory.max_usage_in_bytes of v1).
    public var peak: UInt64?
    /// Number of processes killed for lack of memory before the run.
    public var killsBefore: UInt64
    /// The same number at the end of the run.
    public var killsAfter: UInt64
    /// Time in which some process of the run waited for memory (memory.pressure, psi(7), v2 only).
    public var stalled: Nanoseconds?

    /// An account from its parts.
    public init(
        limit: UInt64? = nil, peak: UInt64? = nil, killsBefore: UInt64 = 0, killsAfter: UInt64 = 0,
        stalled: Nanoseconds? = nil
    ) {
        self.limit = limit
        self.peak = peak
        self.killsBefore = killsBefore
        self.killsAfter = killsAfter
        self.stalled = stalled
    }

    /// Whether the kernel killed a process of the run for lack of memory.
    public var ranOut: Bool { killsAfter > killsBefore }
}

extension MemoryAccount: CustomStringConvertible {
    /// `limit 32 MiB, peak 32 MiB, oom kills 3 -> 4, waited 1.2 s for memory`.
    public var description: String {
        var parts = [limit.map { "limit \(Self.size($0))" } ?? "no limit"]
        if let peak { parts.append("peak \(Self.size(peak))") }
        if ranOut { parts.append("oom kills \(killsBefore) -> \(killsAfter)") }
        if let stalled, stalled.count > 0 { parts.append("waited \(stalled) for memory") }
        return parts.joined(separator: ", ")
    }

    /// Size in the largest unit that fits, with one decimal where it is not whole: `1.5 GiB`.
    private static func size(_ bytes: UInt64) -> String {
        var unit: UInt64 = 1
        var name = "B"
        for next in ["KiB", "MiB", "GiB", "TiB"] where bytes / unit >= 1024 {
            unit *= 1024
            name = next
        }
        let tenths = bytes % unit * 10 / unit
        return "\(bytes / unit)" + (tenths == 0 ? "" : ".\(tenths)") + " \(name)"
    }
}
