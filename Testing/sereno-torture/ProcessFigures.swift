import Glibc
import TestSupport

/// What the kernel says about a process of the supervisor.
struct ProcessFigures {
    var descriptors: Int
    var threads: Int
    /// Memory that is its own, in KiB (`Private_*` of smaps_rollup).
    var memory: Int
    /// Children that ended and were not waited for.
    var zombies: Int

    /// Reads them; a process that is gone has none.
    init(of process: Int32) {
        let base = "/proc/\(process)"
        descriptors = (try? TestFiles.list(base + "/fd"))?.count ?? 0
        threads = (try? TestFiles.list(base + "/task"))?.count ?? 0
        memory = ["Private_Clean", "Private_Dirty"].map { Self.number($0, in: base + "/smaps_rollup") }.reduce(0, +)
        zombies = Self.children(of: process).count { Self.state(of: $0) == "Z" }
    }

    /// The children of a process.
    static func children(of process: Int32) -> [Int32] {
        let text = (try? TestFiles.read("/proc/\(process)/task/\(process)/children")) ?? ""
        return text.split(separator: " ").compactMap { Int32($0) }
    }

    /// One letter of proc(5); `nil` when there is no such process.
    static func state(of process: Int32) -> Character? { fields(of: process)?.first?.first }

    /// When a process began, in clock ticks since the boot; with its number it is unmistakable.
    static func beginning(of process: Int32) -> String? {
        guard let fields = fields(of: process), fields.count > 19 else { return nil }
        return String(fields[19])
    }

    /// User and system time in clock ticks.
    static func ticks(of process: Int32) -> Int {
        guard let fields = fields(of: process), fields.count > 12 else { return 0 }
        return (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0)
    }

    /// The fields of stat after the name, which may hold blanks.
    private static func fields(of process: Int32) -> [Substring]? {
        guard let text = try? TestFiles.read("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else {
            return nil
        }
        return text[text.index(after: end)...].split(separator: " ")
    }

    private static func number(_ key: String, in path: String) -> Int {
        for line in ((try? TestFiles.read(path)) ?? "").split(separator: "\n") where line.hasPrefix(key + ":") {
            return line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        }
        return 0
    }
}
