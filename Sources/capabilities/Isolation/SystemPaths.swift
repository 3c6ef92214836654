import Linux
import Model

/// The paths of /proc and /sys that a container must not see or not write, as Docker has them.
public enum SystemPaths {
    /// Hidden; those of the processors are this host's.
    public static let masked = always + thermalThrottle(processors: hostProcessors) { HostFile.isDirectory($0) }

    /// Hidden on every host.
    static let always = [
        "/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
        "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
        "/sys/devices/virtual/powercap",
    ]

    /// Made read-only.
    public static let readOnly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]

    /// The counters of throttled processors, by which a container could follow the load of the others
    /// (moby, GHSA-6fw5-f8r9-fgfm); only those that exist, as each is an operation of every start.
    static func thermalThrottle(processors: [ClosedRange<Int>], exists: (String) -> Bool) -> [String] {
        processors.flatMap { $0.map { "/sys/devices/system/cpu/cpu\($0)/thermal_throttle" } }.filter(exists)
    }

    private static let hostProcessors = processors((try? HostFile.read("/sys/devices/system/cpu/possible")) ?? "")

    /// More than any kernel is built for.
    static let mostProcessors = 8192

    /// A list as the kernel writes it, `0-3,6`; what is no number, or beyond `mostProcessors`, is left out.
    static func processors(_ list: String) -> [ClosedRange<Int>] {
        list.split(byte: ",").flatMap { $0.split(byte: "\n") }.compactMap { part in
            let ends = part.split(byte: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
                0 <= first, first <= last, last < mostProcessors
            else { return nil }
            return first...last
        }
    }
}
