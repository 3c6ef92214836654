public import LaunchPlan

extension Plan {
    /// The plan for people, one line per operation, for `debug plan`.
    public var lines: [String] {
        var lines: [String] = []
        if enterDescriptor != nil { lines.append("join \(Self.namespaceNames(enterFlags)) of a running container") }
        if cgroupDescriptor != nil { lines.append("be born in the container's cgroup") }
        lines.append("clone with new \(Self.namespaceNames(namespaces))")
        return lines + operations.map(\.line)
    }

    static func namespaceNames(_ flags: UInt64) -> String {
        let names = NamespaceFlags.names.filter { flags & $0.0 != 0 }.map(\.1)
        return names.isEmpty ? "no namespaces" : names.joined(separator: ", ") + " namespaces"
    }
}

extension Operation {
    /// The operation for people, in one line.
    public var line: String {
        switch self {
        case .enterNamespace(let descriptor): "enter the namespace of descriptor \(descriptor)"
        case .unshare(let flags): "unshare \(Plan.namespaceNames(flags))"
        case .writeFile(let path, let data, let optional):
            "write \"\(data)\" to \(path)\(optional ? " if it is there" : "")"
        case .loopbackUp: "bring lo up"
        case .setHostname(let name): "sethostname \(name)"
        case .setDomainname(let name): "setdomainname \(name)"
        case .propagation(let path, let flags): "make \(path) \(Self.mountFlags(flags))"
        case .attachTree(let descriptor, let target): "attach the mount of descriptor \(descriptor) at \(target)"
        case .mount(let source, let target, let type, let flags, let data):
            "mount \(type) \(source) on \(target) \(Self.mountFlags(flags)) \(data)"
        case .mountInRoot(_, let source, let target, let type, let flags, let data):
            "mount \(type) \(source) on ROOT\(target) \(Self.mountFlags(flags)) \(data)"
        case .bindInRoot(_, let source, let target, let recursive, let attributes, let propagation):
            "bind \(source) on ROOT\(target)\(recursive ? " recursive" : "") "
                + Self.mountFlags(attributes | propagation)
        case .makeDirectoryInRoot(_, let path, let mode): "mkdir ROOT\(path) \(Self.octal(mode))"
        case .symlinkInRoot(_, let target, let path): "symlink ROOT\(path) -> \(target)"
        case .deviceInRoot(_, let path, let mode, let major, let minor, let uid, let gid):
            "mknod ROOT\(path) \(Self.octal(mode)) \(major):\(minor) owner \(uid):\(gid)"
        case .pivotRoot(let root): "pivot_root \(root)"
        case .remount(let path, let flags): "remount \(path) \(Self.mountFlags(flags))"
        case .maskInRoot(_, let path, _): "mask ROOT\(path)"
        case .readonlyInRoot(_, let path): "make read-only ROOT\(path)"
        case .sysctl(_, let path, let value): "write \"\(value)\" to \(path) of a fresh procfs"
        case .consoleInRoot(_, let path): "bind the terminal at ROOT\(path)"
        case .ownNullDevice: "reopen null devices from the container's /dev"
        case .birth: "be born inside"
        case .setLimit(let resource, let soft, let hard):
            "setrlimit \(ResourceLimit.name(resource)) \(soft) \(hard)"
        case .oomScoreAdjust(let score): "oom_score_adj \(score)"
        case .newSession: "setsid"
        case .controllingTerminal: "controlling terminal"
        case .umask(let mask): "umask \(Self.octal(mask))"
        case .noNewPrivileges: "no_new_privs"
        case .identity(let uid, let gid, let groups): "setuid \(uid) setgid \(gid) setgroups \(groups)"
        case .capabilities(let bounding, let effective, let permitted, let inheritable, let ambient):
            "capabilities bounding \(Self.capabilities(bounding)) effective \(Self.capabilities(effective)) permitted "
                + "\(Self.capabilities(permitted)) inheritable \(Self.capabilities(inheritable)) ambient "
                + Self.capabilities(ambient)
        case .seccomp(let program): "seccomp filter of \(program.count / 8) instructions"
        case .changeDirectory(let path, let create): "chdir \(path)\(create ? " (made when missing)" : "")"
        case .sessionKeyring(let name): "join \(name.isEmpty ? "a new session keyring" : "the session keyring \(name)")"
        case .appArmorProfile(let name): "AppArmor profile \(name) from execve on"
        case .parentDeathSignal(let signal): "parent death signal \(signal)"
        case .execute(let arguments, let environment): "execve \(arguments) with \(environment)"
        }
    }

    private static func octal(_ mode: UInt32) -> String { "0" + String(mode, radix: 8) }

    private static func capabilities(_ mask: UInt64) -> String {
        let names = CapabilitySet(rawValue: mask).capabilityNames.map { $0.dropFirst(4).lowercased() }
        return names.isEmpty ? "none" : names.joined(separator: ",")
    }

    private static func mountFlags(_ flags: UInt64) -> String {
        let words: [(UInt64, String)] = [
            (MountFlags.readOnly, "ro"), (MountFlags.noSetuid, "nosuid"), (MountFlags.noDevices, "nodev"),
            (MountFlags.noExecute, "noexec"), (MountFlags.synchronous, "sync"), (MountFlags.noAccessTime, "noatime"),
            (MountFlags.noDirectoryAccessTime, "nodiratime"), (MountFlags.bind, "bind"), (MountFlags.recursive, "rec"),
            (MountFlags.private, "private"), (MountFlags.slave, "slave"), (MountFlags.shared, "shared"),
            (MountFlags.relativeAccessTime, "relatime"), (MountFlags.strictAccessTime, "strictatime"),
        ]
        return words.filter { flags & $0.0 != 0 }.map(\.1).joined(separator: ",")
    }
}
