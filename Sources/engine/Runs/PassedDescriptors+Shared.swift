internal import KeeperClient
internal import Linux

extension PassedDescriptors {
    /// Takes a descriptor for several holders; `nil` when it was taken before or never came.
    func takeShared(_ index: Int) -> SharedDescriptor? {
        guard let descriptor = take(index) else { return nil }
        return SharedDescriptor(takingOwnershipOf: descriptor.release())
    }
}
