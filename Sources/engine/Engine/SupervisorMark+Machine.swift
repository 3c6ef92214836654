internal import FoundationEssentials
internal import Linux
internal import Model
internal import Records
internal import Store

extension SupervisorMark {
    /// The mark of the present keeper.
    static func current(keeper: Int) -> SupervisorMark {
        let boot = HostDescription.text("/proc/sys/kernel/random/boot_id").filter { $0 != "\n" }
        // Field 22 of proc_pid_stat(5), counted behind the name, which may contain any character.
        let stat = HostDescription.text("/proc/\(keeper)/stat")
        let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
        return SupervisorMark(
            boot: boot, keeper: keeper, keeperStart: fields.count > 19 ? String(fields[19]) : "", graceful: false)
    }

    /// The end of the supervisor that left `previous`.
    func end(of previous: SupervisorMark?) -> SupervisorEnd {
        guard let previous else { return .crash }
        if previous.boot == boot, isSameKeeper(as: previous) { return .handover }
        if previous.graceful { return .graceful }
        // The process is another, but it has everything that the last one held.
        if previous.boot == boot, let lineage, previous.lineage == lineage { return .handover }
        return previous.boot == boot ? .crash : .reboot
    }

    /// Whether the keeper's process is the same.
    func isSameKeeper(as other: SupervisorMark) -> Bool { keeper == other.keeper && keeperStart == other.keeperStart }

    /// Reads the mark; `nil` when there is none or it is damaged.
    static func read(_ path: String, from disk: any StoreFileSystem) -> SupervisorMark? {
        guard let bytes = try? disk.read(path) else { return nil }
        return try? JSONDecoder().decode(SupervisorMark.self, from: Data(bytes))
    }

    /// Writes the mark durably.
    func write(_ path: String, to disk: any StoreFileSystem) throws {
        try disk.replace(path, with: Array(try JSONEncoder().encode(self)))
    }
}
