import Glibc
import Model

/// The control group of one container, in every hierarchy of the host. A value: what is on the host stays between
/// the container's runs until `remove()`.
public struct Cgroup: Hashable, Sendable {
    /// The host's hierarchies.
    public let layout: CgroupLayout
    /// The group's name in each of them, e.g. `/sereno/4f…`.
    public let group: String
    /// Whether the group above was delegated to a unit of an init system: it is the init system's to make, and what is
    /// above it is not touched.
    public let isDelegated: Bool

    /// A group by name; nothing is made yet. `parent` is Docker's `--cgroup-parent`: empty for the default, one
    /// without a slash in front is taken below the top as well; `..` is taken out.
    public init(layout: CgroupLayout, parent: String = "", name: String) {
        self.layout = layout
        let chosen = parent.isEmpty ? layout.defaultParent : parent
        let parts = (chosen.split(byte: "/") + [name[...]]).filter { $0 != ".." && $0 != "." }
        group = "/" + parts.joined(separator: "/")
        isDelegated = false
    }

    /// A group in one that was delegated to a unit of an init system, such as `/system.slice/web.service`.
    public init(layout: CgroupLayout, delegated parent: String, name: String) {
        self.layout = layout
        group = parent + "/" + name
        isDelegated = true
    }

    /// Whether the group above it is there, in the hierarchy that the init system keeps.
    public var hasParent: Bool {
        let parent = String(group[..<(group.lastIndex(of: "/") ?? group.startIndex)])
        let kept = layout.unified ?? layout.legacy("name=systemd") ?? layout.legacy.first
        return kept.map { HostFile.isDirectory($0.directory(of: parent)) } ?? false
    }

    /// The directory of the group in the unified hierarchy, to be born in.
    public var unifiedDirectory: String? { layout.unified?.directory(of: group) }

    /// The files to which a process of one thread writes `0` to join the v1 hierarchies. Not `cgroup.procs`: moving a
    /// whole process waits for a grace period of RCU, 5 to 15 ms for each hierarchy, and moving one thread does not.
    public var legacyJoinFiles: [String] {
        layout.legacy.map { $0.directory(of: group) + "/tasks" }
    }

    /// All its directories, the unified one first.
    public var directories: [String] {
        (unifiedDirectory.map { [$0] } ?? []) + layout.legacy.map { $0.directory(of: group) }
    }

    /// Makes the directories, with the controllers of v2 switched on along the way and the cpuset of v1 filled in.
    /// Existing ones are left. Returns warnings in Docker's words for what the host cannot do.
    public func create() throws(LinuxError) {
        if isDelegated, !hasParent { throw LinuxError(call: "find", object: group, code: ENOENT) }
        if let unified = layout.unified {
            try createUnified(unified)
        }
        for hierarchy in layout.legacy {
            let directory = hierarchy.directory(of: group)
            if hierarchy.controllers.contains("cpuset") {
                try createCpuset(hierarchy)
            } else if !HostFile.exists(directory) {
                try HostFile.makeDirectories(directory)
            }
        }
    }

    /// Whether it has been made and not removed.
    public var exists: Bool { directories.allSatisfy { HostFile.exists($0) } && !directories.isEmpty }

    /// Every group from the top of the mount, or from the delegated one, to this one, top first, the top included.
    private func ancestry(in hierarchy: CgroupHierarchy) -> [String] {
        if isDelegated {
            let directory = hierarchy.directory(of: group)
            return [String(directory[..<(directory.lastIndex(of: "/") ?? directory.endIndex)]), directory]
        }
        let top = hierarchy.mountPoint
        let inside = hierarchy.directory(of: group).dropFirst(top.count).split(byte: "/")
        var directories = [top]
        for part in inside { directories.append((directories.last ?? top) + "/" + part) }
        return directories
    }

    private func createUnified(_ hierarchy: CgroupHierarchy) throws(LinuxError) {
        let directories = ancestry(in: hierarchy)
        for (index, directory) in directories.enumerated() {
            if index > 0 && !HostFile.exists(directory) { try HostFile.makeDirectories(directory) }
            if index < directories.count - 1 { try Self.delegateControllers(of: directory) }
        }
    }

    /// Gives a group's controllers to its children. A group that has processes of its own (we may be one of them)
    /// cannot do that but at the very top: they move into a leaf first (cgroups(7), "no internal processes").
    private static func delegateControllers(of directory: String) throws(LinuxError) {
        let available = words(directory + "/cgroup.controllers")
        let enabled = Set(words(directory + "/cgroup.subtree_control"))
        for controller in available where wanted.contains(controller) && !enabled.contains(controller) {
            let file = directory + "/cgroup.subtree_control"
            do {
                try HostFile.write("+\(controller)", to: file)
            } catch {
                guard error.code == EBUSY else { continue }
                try moveProcesses(of: directory, into: directory + "/supervisor")
                try? HostFile.write("+\(controller)", to: file)
            }
        }
    }

    private static let wanted: Set<String> = ["cpu", "cpuset", "io", "memory", "pids"]

    private static func moveProcesses(of directory: String, into leaf: String) throws(LinuxError) {
        try HostFile.makeDirectories(leaf)
        // A process may fork while it is being moved: look again until none is left.
        for _ in 0..<20 {
            let processes = words(directory + "/cgroup.procs")
            if processes.isEmpty { return }
            for process in processes {
                do {
                    try HostFile.write(process, to: leaf + "/cgroup.procs")
                } catch {
                    if error.code != ESRCH { throw error }
                }
            }
        }
    }

    /// A new v1 cpuset is empty, and nothing can join it before it has processors and memory nodes.
    private func createCpuset(_ hierarchy: CgroupHierarchy) throws(LinuxError) {
        let directories = ancestry(in: hierarchy)
        if let last = directories.last, !Self.words(last + "/cpuset.mems").isEmpty { return }
        for (parent, directory) in zip(directories, directories.dropFirst()) {
            if !HostFile.exists(directory) { try HostFile.makeDirectories(directory) }
            for file in ["/cpuset.cpus", "/cpuset.mems"] where Self.words(directory + file).isEmpty {
                let inherited = try HostFile.read(parent + file)
                try HostFile.write(inherited.filter { $0 != "\n" }, to: directory + file)
            }
        }
    }

    /// Removes the group with the groups made below it; waits a little for the last process to be gone. One that is
    /// not there is no error; EBUSY when processes remain.
    public func remove() throws(LinuxError) {
        for directory in directories { try Self.removeTree(directory) }
    }

    private static func removeTree(_ directory: String) throws(LinuxError) {
        var attempt = 0
        while true {
            do {
                try HostFile.removeDirectory(directory)
                return
            } catch {
                if error.code == ENOENT { return }
                // Groups are seldom made below it, and its many files need not be looked at to see that.
                if attempt == 0 { try removeTrees(below: directory) }
                // An ended process leaves its group a moment after its parent has learned of it.
                guard error.code == EBUSY, attempt < 50 else { throw error }
                attempt += 1
                usleep(useconds_t(min(20_000, 500 * attempt)))
            }
        }
    }

    static func removeTrees(below directory: String) throws(LinuxError) {
        guard HostFile.exists(directory) else { return }
        for name in try HostFile.list(directory) where HostFile.isDirectory(directory + "/" + name) {
            try removeTree(directory + "/" + name)
        }
    }

    /// The blank-separated words of a control file, none when it cannot be read.
    static func words(_ path: String) -> [String] {
        ((try? HostFile.read(path)) ?? "").words.map(String.init)
    }
}
