internal import Model

/// One mounted cgroup hierarchy.
public struct CgroupHierarchy: Hashable, Sendable {
    /// Where it is mounted.
    public let mountPoint: String
    /// The group that is the root of this mount, `/` but in a container.
    public let mountRoot: String
    /// v1: the controllers (or `name=systemd`) bound to it; v2: those that its top group has.
    public let controllers: [String]
    /// The group of this process, as /proc/self/cgroup has it.
    public let ownGroup: String

    /// A hierarchy as found.
    public init(mountPoint: String, mountRoot: String, controllers: [String], ownGroup: String) {
        self.mountPoint = mountPoint
        self.mountRoot = mountRoot
        self.controllers = controllers
        self.ownGroup = ownGroup
    }

    /// The directory of a group.
    public func directory(of group: String) -> String {
        var inside = group
        if mountRoot != "/", group == mountRoot || group.hasPrefix(mountRoot + "/") {
            inside = String(group.dropFirst(mountRoot.count))
        }
        return inside.isEmpty || inside == "/" ? mountPoint : mountPoint + inside
    }
}

/// How this host has its cgroups: only the unified hierarchy (v2), only those of v1, or both (hybrid), where the
/// controllers usually are with v1 and v2 serves to hold, freeze and kill.
public struct CgroupLayout: Hashable, Sendable {
    /// The v2 hierarchy.
    public let unified: CgroupHierarchy?
    /// The v1 hierarchies, in the order they were mounted.
    public let legacy: [CgroupHierarchy]

    /// A layout by its parts.
    public init(unified: CgroupHierarchy?, legacy: [CgroupHierarchy]) {
        self.unified = unified
        self.legacy = legacy
    }

    /// The three kinds of hosts.
    public enum Kind: String, Hashable, Sendable { case unified, legacy, hybrid, absent }

    /// Which kind this is.
    public var kind: Kind {
        switch (unified != nil, !legacy.isEmpty) {
        case (true, true): .hybrid
        case (true, false): .unified
        case (false, true): .legacy
        case (false, false): .absent
        }
    }

    /// Docker's word for it in `info`: 2 only where v2 has the controllers.
    public var dockerVersion: Int { kind == .unified ? 2 : 1 }

    /// Looks at the host. `prefix` is put before each mount point, for trees of files in tests.
    public static func detect(prefix: String = "") throws(LinuxError) -> CgroupLayout {
        try parse(
            mounts: MountTable(parsing: HostFile.read(prefix + "/proc/self/mountinfo")),
            ownGroups: HostFile.read(prefix + "/proc/self/cgroup"), prefix: prefix)
    }

    static func parse(mounts: MountTable, ownGroups: String, prefix: String) -> CgroupLayout {
        var own: [String: String] = [:]
        for line in ownGroups.split(byte: "\n") {
            let fields = line.split(byte: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 3 else { continue }
            for name in fields[1].split(byte: ",", omittingEmptySubsequences: false) {
                own[String(name)] = fields[2]
            }
        }
        var unified: CgroupHierarchy?
        var legacy: [CgroupHierarchy] = []
        var seen: Set<[String]> = []
        for mount in mounts.entries where mount.type.hasPrefix("cgroup") && mounts.isReachable(mount) {
            let place = prefix + mount.mountPoint
            if mount.type == "cgroup2", unified == nil {
                let available = (try? HostFile.read(place + "/cgroup.controllers")) ?? ""
                unified = CgroupHierarchy(
                    mountPoint: place, mountRoot: mount.root,
                    controllers: available.words.map(String.init),
                    ownGroup: own[""] ?? "/")
            } else if mount.type == "cgroup" {
                let names = mount.superOptions.filter { own[$0] != nil && !$0.isEmpty }
                guard let first = names.first, seen.insert(names).inserted else { continue }
                legacy.append(
                    CgroupHierarchy(
                        mountPoint: place, mountRoot: mount.root, controllers: names, ownGroup: own[first] ?? "/"))
            }
        }
        return CgroupLayout(unified: unified, legacy: legacy)
    }

    /// The v1 hierarchy that has a controller.
    public func legacy(_ controller: String) -> CgroupHierarchy? {
        legacy.first { $0.controllers.contains(controller) }
    }

    /// The group below which containers are made by default: the one that was delegated to this service
    /// (systemd marks it with an extended attribute), else `/sereno`.
    public var defaultParent: String {
        guard unified != nil, legacy.isEmpty else { return "/sereno" }
        return delegatedGroup ?? "/sereno"
    }

    /// The nearest group at or above this process's own that an init system has delegated, in the hierarchy that it keeps:
    /// v2 where there is one, else `name=systemd` (systemd.resource-control(5), `Delegate=`). Several services of one
    /// manager have each their own.
    public var delegatedGroup: String? {
        guard let kept = unified ?? legacy("name=systemd") else { return nil }
        var group = kept.ownGroup
        while group != "/" && !group.isEmpty {
            if ExtendedAttribute.isSet("trusted.delegate", on: kept.directory(of: group))
                || ExtendedAttribute.isSet("user.delegate", on: kept.directory(of: group))
            {
                return group
            }
            group = group.lastIndex(of: "/").map { String(group[..<$0]) } ?? ""
        }
        return nil
    }

    /// The group of the unit of a user's manager that this process is in; `nil` outside of any. Such a manager sets no attribute
    /// that tells what it has delegated, but the name tells the unit: the first below `user@UID.service` that is no slice
    /// (`sd_pid_get_user_unit(3)` reads it so).
    public var userUnitGroup: String? {
        guard let kept = unified ?? legacy("name=systemd") else { return nil }
        return CgroupLayout.userUnitGroup(in: kept.ownGroup)
    }

    /// The group of a user's unit that `path` is in or below.
    static func userUnitGroup(in path: String) -> String? {
        var group = ""
        var isUsers = false
        for part in path.split(byte: "/") {
            group += "/" + part
            if isUsers, !part.hasSuffix(".slice") { return group }
            if part.hasPrefix("user@"), part.hasSuffix(".service") { isUsers = true }
        }
        return nil
    }

    /// Moves this process from the delegated group itself, should it be there, into the group `supervisor` below it: in v2 a
    /// group gives controllers to its children only when it has no processes of its own.
    public func stepAside(from group: String) throws(LinuxError) {
        guard let unified, unified.ownGroup == group else { return }
        let leaf = unified.directory(of: group + "/supervisor")
        try HostFile.makeDirectories(leaf)
        try HostFile.write("0", to: leaf + "/cgroup.procs")
    }
}
