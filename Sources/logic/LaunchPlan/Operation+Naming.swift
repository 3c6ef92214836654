extension Operation {
    /// What is tried, in the terms of whoever wanted the container, such as `mount /src on /data`. `root` is the host's path of the
    /// container's root file system.
    public func attempt(root: String?) -> String {
        switch self {
        case .enterNamespace: "join the namespaces of the container"
        case .unshare: "make a control group namespace"
        case .writeFile(let path, _, _): "write \(path)"
        case .loopbackUp: "bring up the network interface lo"
        case .setHostname(let name): "set the host name \(name)"
        case .setDomainname(let name): "set the domain name \(name)"
        case .propagation: "set the propagation of the container's mounts"
        case .attachTree(_, let target): target == root ? "mount the root file system" : "mount /dev/shm"
        case .mount: "mount the root file system"
        case .mountInRoot(_, _, let target, let type, _, let data):
            "mount \(type) on \(target)" + (data.isEmpty ? "" : " (\(data))")
        case .bindInRoot(_, let source, let target, _, _, _): "mount \(source) on \(target)"
        case .makeDirectoryInRoot(_, let path, _): "make the directory \(path)"
        case .symlinkInRoot(_, _, let path): "make the symbolic link \(path)"
        case .deviceInRoot(_, let path, _, _, _, _, _): "make the device \(path)"
        case .pivotRoot: "enter the root file system"
        case .remount(let path, _): path == "/" ? "make the root file system read-only" : "make \(path) read-only"
        case .maskInRoot(_, let path, _): "mask \(path)"
        case .readonlyInRoot(_, let path): "make \(path) read-only"
        case .sysctl(_, let path, let value): "set \(Self.parameter(path)) to \(value)"
        case .consoleInRoot(_, let path): "put the terminal at \(path)"
        case .ownNullDevice: "open /dev/null in the container"
        case .birth: "make the process in the container"
        case .setLimit(let resource, let soft, let hard):
            "set the limit \(ResourceLimit.name(resource)) to \(Self.limit(soft)):\(Self.limit(hard))"
        case .oomScoreAdjust(let score): "adjust the OOM score by \(score)"
        case .newSession: "begin a session of its own"
        case .controllingTerminal: "make the terminal the process's own"
        case .umask: "set the umask"
        case .noNewPrivileges: "set no-new-privileges"
        case .identity(let uid, let gid, _): "change to the user \(uid):\(gid)"
        case .capabilities: "set the capabilities"
        case .seccomp: "load the seccomp profile"
        case .changeDirectory(let path, _): "change to the working directory \"\(path)\""
        case .sessionKeyring: "join a session keyring"
        case .appArmorProfile(let name): "apply the AppArmor profile \(name)"
        case .parentDeathSignal: "follow the end of the parent process"
        case .execute(let arguments, _): "execute \"\(arguments.first ?? "")\""
        }
    }

    /// `sys/net/ipv4/ip_forward` by the name that people know.
    private static func parameter(_ path: String) -> String {
        let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
        return "sysctl " + (parts.first == "sys" ? parts.dropFirst() : parts[...]).joined(separator: ".")
    }

    private static func limit(_ value: UInt64) -> String { value == .max ? "unlimited" : String(value) }
}
