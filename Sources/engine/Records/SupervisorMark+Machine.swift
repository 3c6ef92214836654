internal import Linux
package import Model

extension SupervisorMark {
    /// The mark of the present keeper, by its process number.
    package static func current(keeper: Int) -> SupervisorMark {
        let boot = text("/proc/sys/kernel/random/boot_id").filter { $0 != "\n" }
        // Field 22 of proc_pid_stat(5), counted behind the name, which may contain any character.
        let stat = text("/proc/\(keeper)/stat")
        let fields = stat.split(byte: ")").last?.split(byte: " ") ?? []
        return SupervisorMark(
            boot: boot, keeper: keeper, keeperStart: fields.count > 19 ? String(fields[19]) : "", graceful: false)
    }

    private static func text(_ path: String) -> String { (try? HostFile.read(path)) ?? "" }

    /// The end of the supervisor that left `previous`.
    package func end(of previous: SupervisorMark?) -> SupervisorEnd {
        guard let previous else { return .crash }
        if previous.boot == boot, isSameKeeper(as: previous) { return .handover }
        if previous.graceful { return .graceful }
        // The process is another, but it has everything that the last one held.
        if previous.boot == boot, let lineage, previous.lineage == lineage { return .handover }
        return previous.boot == boot ? .crash : .reboot
    }

    /// Whether the keeper's process is the same.
    package func isSameKeeper(as other: SupervisorMark) -> Bool {
        keeper == other.keeper && keeperStart == other.keeperStart
    }
}
