import CLinux
import KeeperProtocolEmbedded

// The engine mounts the file systems of containers in a mount namespace of its own: the host's list of mounts stays short, and
// with it what clone(2) copies for each container. The namespace is held, so that the next engine finds what the last has
// mounted. Where the host's mounts are not shared it could not follow them, and a file system that is unmounted on the host
// would stay mounted there: then the engine has the keeper's namespace.
extension Keeper {
    /// The name under which it is held.
    private static let mountsName: StaticString = "mounts"

    private static var mountsKey: SlotKey {
        SlotKey(UnsafeRawBufferPointer(start: mountsName.utf8Start, count: mountsName.utf8CodeUnitCount)) ?? SlotKey()
    }

    /// What the next engine starts in: the namespace of those before it, a new one, or the keeper's.
    var mountsOfEngine: Int32 {
        if let descriptor = held.descriptor(of: Self.mountsKey) { return descriptor }
        return Int32(clinux_root_is_shared() == 1 ? CLINUX_MOUNTS_OF_ITS_OWN : CLINUX_MOUNTS_OF_CALLER)
    }

    /// Holds the namespace of the engine that has just started. One that ended at once takes it along, and one without the right
    /// to have its own shares the keeper's.
    mutating func keepMountsOfEngine() {
        guard held.descriptor(of: Self.mountsKey) == nil else { return }
        let descriptor = clinux_open_mounts(engine.pid)
        guard descriptor >= 0 else { return }
        if !held.put(Self.mountsKey, descriptor) { _ = clinux_close(descriptor) }
    }

    /// Lets go of the namespace, so that no disk is busy with what is mounted there.
    mutating func dropMountsOfEngine() { held.drop(Self.mountsKey) }
}
