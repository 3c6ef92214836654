import Linux
import Model
import Synchronization

/// The control groups of one supervisor's containers on this host. They are told by the names of the records. Tests move records
/// away and spoil them, so each name that was ever seen counts.
final class ContainerGroups: Sendable {
    private let records: String
    private let seen = Mutex<Set<String>>([])

    /// Those of the containers whose records are in a directory.
    init(recordsIn directory: String) { records = directory }

    /// Takes in the containers of this moment.
    func look() {
        for name in (try? TestFiles.list(records)) ?? [] where ContainerID(name) != nil {
            if seen.withLock({ $0.insert(name).inserted }) { TestRun.note(group: name) }
        }
    }

    /// Removes the groups that are left, after what still runs in them.
    func remove() {
        look()
        guard let layout = try? CgroupLayout.detect() else { return }
        for name in seen.withLock({ $0 }) {
            let group = Cgroup(layout: layout, name: name)
            guard group.directories.contains(where: TestFiles.exists) else { continue }
            try? group.killAll()
            if !eventually(timeout: 10, { (try? group.remove()) != nil }) { print("\(group.group) cannot be removed") }
        }
    }
}
