internal import Glibc
public import Model

/// What a control group accounts of memory at one moment. What the host does not count, or counts in a form that is not
/// understood, is `nil`.
public struct MemoryReading: Hashable, Sendable {
    /// The group, by the number of its directory: one that was made anew has another.
    public var group: UInt64
    /// Processes that the kernel has killed here for lack of memory: `oom_kill` of memory.events, or of v1's
    /// memory.oom_control (Linux 4.13).
    public var kills: UInt64?
    /// Bytes; `nil` is no limit.
    public var limit: UInt64?
    /// The most bytes ever in use.
    public var peak: UInt64?
    /// How long some process has waited for memory: the total of `some` in memory.pressure, in whole microseconds (psi(7)).
    public var stalled: Nanoseconds?
}

extension Cgroup {
    /// Reads the accounts of memory; `nil` when the group is not there.
    public func memory() -> MemoryReading? {
        let legacy = layout.legacy("memory")?.directory(of: group)
        guard let directory = legacy ?? unifiedDirectory else { return nil }
        var status = stat()
        guard stat(directory, &status) == 0 else { return nil }
        var reading = MemoryReading(group: UInt64(status.st_ino))
        if legacy != nil {
            reading.kills = Self.count("oom_kill", in: directory + "/memory.oom_control")
            // No limit reads as the largest number of pages.
            reading.limit = Self.figure(directory + "/memory.limit_in_bytes").flatMap { $0 < 1 << 62 ? $0 : nil }
            reading.peak = Self.figure(directory + "/memory.max_usage_in_bytes")
        } else {
            reading.kills = Self.count("oom_kill", in: directory + "/memory.events")
            reading.limit = Self.figure(directory + "/memory.max")
            reading.peak = Self.figure(directory + "/memory.peak")
        }
        if let unifiedDirectory { reading.stalled = Self.stall(unifiedDirectory + "/memory.pressure") }
        return reading
    }

    /// The number behind a name on a line of its own. Other lines may be anything.
    private static func count(_ name: String, in path: String) -> UInt64? {
        for line in ((try? HostFile.read(path)) ?? "").split(byte: "\n") {
            let words = line.split(byte: " ")
            if words.count == 2, words[0] == name { return UInt64(words[1]) }
        }
        return nil
    }

    private static func figure(_ path: String) -> UInt64? {
        let found = words(path)
        return found.count == 1 ? UInt64(found[0]) : nil
    }

    private static func stall(_ path: String) -> Nanoseconds? {
        for line in ((try? HostFile.read(path)) ?? "").split(byte: "\n") where line.hasPrefix("some ") {
            guard let total = line.split(byte: " ").last, total.hasPrefix("total="),
                let microseconds = Int64(total.dropFirst(6)), microseconds < Int64.max / 1000
            else { return nil }
            return .microseconds(microseconds)
        }
        return nil
    }
}
