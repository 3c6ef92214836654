internal import CLinux
internal import Glibc

/// Hears when the kernel kills for lack of memory in a control group.
public enum MemoryWatch {
    /// A descriptor that becomes readable whenever it may have: an inotify(7) watch of v2's memory.events, or an eventfd(2)
    /// that v1's memory.oom_control notifies. `nil` where the host has neither. A read empties it; what it holds says nothing.
    public static func open(_ cgroup: Cgroup) -> SharedDescriptor? {
        if let directory = cgroup.layout.legacy("memory")?.directory(of: cgroup.group) { return legacy(directory) }
        guard let directory = cgroup.unifiedDirectory else { return nil }
        let watch = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard watch >= 0 else { return nil }
        let owned = SharedDescriptor(takingOwnershipOf: watch)
        return inotify_add_watch(watch, directory + "/memory.events", UInt32(IN_MODIFY)) >= 0 ? owned : nil
    }

    /// Empties a descriptor that became readable.
    public static func clear(_ descriptor: SharedDescriptor) {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { space in
            while Glibc.read(descriptor.rawValue, space.baseAddress, space.count) > 0 {}
        }
    }

    private static func legacy(_ directory: String) -> SharedDescriptor? {
        let event = clinux_eventfd()
        guard event >= 0 else { return nil }
        let owned = SharedDescriptor(takingOwnershipOf: event)
        let control = Glibc.open(directory + "/memory.oom_control", O_RDONLY | O_CLOEXEC)
        guard control >= 0 else { return nil }
        defer { close(control) }
        let registered: Void? = try? HostFile.write("\(event) \(control)", to: directory + "/cgroup.event_control")
        return registered == nil ? nil : owned
    }
}
