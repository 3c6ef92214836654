package import Linux

/// Identification of processes, and search for those whose keeper is lost.
package struct ProcessFinder: Sendable {
    /// The identity of a process that is held by a pidfd; `nil` when it cannot be read.
    package var identify: @Sendable (Int32, SharedDescriptor) -> ProcessIdentity?
    /// The process if it still runs, with the reading ends of its output, which are found by their inode numbers. Blocks on
    /// /proc. The last argument has the processes of its control group, in which it must be; `nil` where there is none.
    package var find: @Sendable (ProcessIdentity, [UInt64], [Int32]?) -> FoundProcess?

    /// A finder from its parts.
    package init(
        identify: @escaping @Sendable (Int32, SharedDescriptor) -> ProcessIdentity?,
        find: @escaping @Sendable (ProcessIdentity, [UInt64], [Int32]?) -> FoundProcess?
    ) {
        self.identify = identify
        self.find = find
    }

    /// A finder that finds nothing.
    package static let none = ProcessFinder(identify: { _, _ in nil }, find: { _, _, _ in nil })

    /// A finder among the machine's processes.
    package static let machine = ProcessFinder(
        identify: { ProcessIdentity($0, pidfd: $1) },
        find: { identity, outputs, members in
            let number = identity.number
            if let members, !members.contains(number) { return nil }
            guard let pidfd = identity.find() else { return nil }
            // The first process may have passed its output on to others and closed it.
            let writers = [number] + (members ?? []).filter { $0 != number }
            return FoundProcess(
                pidfd: pidfd, outputs: outputs.map { LostPipe.reopen($0, of: writers) })
        })
}

/// A process that runs on without its keeper.
package struct FoundProcess: Sendable {
    /// The process.
    package var pidfd: SharedDescriptor
    /// Reading ends of its output and its errors; `nil` for one without a writer.
    package var outputs: [SharedDescriptor?]

    /// A process from its descriptors.
    package init(pidfd: SharedDescriptor, outputs: [SharedDescriptor?]) {
        self.pidfd = pidfd
        self.outputs = outputs
    }
}
