extension Operation {
    /// The operation as an error names it, such as `mount` or `set host name`.
    public var name: String {
        switch self {
        case .enterNamespace: "enter namespace"
        case .unshare: "unshare"
        case .writeFile: "write file"
        case .loopbackUp: "bring loopback up"
        case .setHostname: "set host name"
        case .setDomainname: "set domain name"
        case .propagation: "set propagation"
        case .attachTree: "attach mount"
        case .mount, .mountInRoot: "mount"
        case .bindInRoot: "bind mount"
        case .makeDirectoryInRoot: "make directory"
        case .symlinkInRoot: "make symbolic link"
        case .deviceInRoot: "make device"
        case .pivotRoot: "pivot root"
        case .remount: "remount"
        case .maskInRoot: "mask path"
        case .readonlyInRoot: "make path read-only"
        case .sysctl: "set sysctl"
        case .consoleInRoot: "bind console"
        case .ownNullDevice: "open null device"
        case .birth: "make the process"
        case .setLimit: "set limit"
        case .oomScoreAdjust: "adjust OOM score"
        case .newSession: "start session"
        case .controllingTerminal: "set controlling terminal"
        case .umask: "set umask"
        case .noNewPrivileges: "set no-new-privileges"
        case .identity: "set user"
        case .capabilities: "set capabilities"
        case .seccomp: "load seccomp filter"
        case .changeDirectory: "change directory"
        case .sessionKeyring: "join session keyring"
        case .appArmorProfile: "set AppArmor profile"
        case .parentDeathSignal: "set parent death signal"
        case .execute: "execute"
        }
    }

    /// What the operation works on, for the reader of an error: a path, a name, a number.
    public var object: String {
        switch self {
        case .enterNamespace(let descriptor): "descriptor \(descriptor)"
        case .unshare(let flags): "0x" + String(flags, radix: 16)
        case .writeFile(let path, _, _), .propagation(let path, _), .remount(let path, _), .maskInRoot(_, let path, _),
            .readonlyInRoot(_, let path), .sysctl(_, let path, _), .consoleInRoot(_, let path), .pivotRoot(let path),
            .makeDirectoryInRoot(_, let path, _),
            .symlinkInRoot(_, _, let path), .deviceInRoot(_, let path, _, _, _, _, _), .changeDirectory(let path, _):
            path
        case .attachTree(let descriptor, let target): "descriptor \(descriptor) at \(target)"
        case .loopbackUp: "lo"
        case .setHostname(let name), .setDomainname(let name), .sessionKeyring(let name), .appArmorProfile(let name):
            name
        case .mount(let source, let target, let type, _, _), .mountInRoot(_, let source, let target, let type, _, _):
            type.isEmpty ? "\(source) at \(target)" : "\(type) \(source) at \(target)"
        case .bindInRoot(_, let source, let target, _, _, _):
            Self.ownTargets.contains(target) ? "at \(target)" : "\(source) at \(target)"
        case .setLimit(let resource, let soft, let hard): "\(resource) to \(soft):\(hard)"
        case .oomScoreAdjust(let score): String(score)
        case .newSession, .noNewPrivileges, .capabilities, .controllingTerminal, .ownNullDevice, .birth: ""
        case .umask(let mask): "0" + String(mask, radix: 8)
        case .identity(let uid, let gid, _): "\(uid):\(gid)"
        case .seccomp(let program): "\(program.count / 8) instructions"
        case .parentDeathSignal(let signal): String(signal)
        case .execute(let arguments, _): arguments.first ?? ""
        }
    }

    /// Where a container gets files of its own: what they are on the host is nobody's to know.
    private static let ownTargets: Set<String> = [
        "/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/dev/shm", "/sbin/docker-init",
    ]
}
