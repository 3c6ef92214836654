/// Flags of mount(2) that the plan uses, as the kernel numbers them.
enum MountFlags {
    static let readOnly: UInt64 = 0x1
    static let noSetuid: UInt64 = 0x2
    static let noDevices: UInt64 = 0x4
    static let noExecute: UInt64 = 0x8
    static let synchronous: UInt64 = 0x10
    static let noAccessTime: UInt64 = 0x400
    static let noDirectoryAccessTime: UInt64 = 0x800
    static let bind: UInt64 = 0x1000
    static let recursive: UInt64 = 0x4000
    static let `private`: UInt64 = 0x40000
    static let slave: UInt64 = 0x80000
    static let shared: UInt64 = 0x100000
    static let relativeAccessTime: UInt64 = 0x200000
    static let strictAccessTime: UInt64 = 0x1000000
}

/// CLONE_NEW* of clone(2).
enum NamespaceFlags {
    static let mount: UInt64 = 0x0002_0000
    static let cgroup: UInt64 = 0x0200_0000
    static let uts: UInt64 = 0x0400_0000
    static let ipc: UInt64 = 0x0800_0000
    static let user: UInt64 = 0x1000_0000
    static let pid: UInt64 = 0x2000_0000
    static let network: UInt64 = 0x4000_0000

    /// Names for people, by flag.
    static let names: [(UInt64, String)] = [
        (mount, "mount"), (cgroup, "cgroup"), (uts, "uts"), (ipc, "ipc"), (user, "user"), (pid, "pid"),
        (network, "network"),
    ]
}
