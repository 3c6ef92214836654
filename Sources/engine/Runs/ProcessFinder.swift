package import Linux

/// How processes are told apart, and found again whose keeper is lost.
package struct ProcessFinder: Sendable {
    /// The identity of a process that is held by a pidfd; `nil` when it cannot be told.
    package var identify: @Sendable (Int32, SharedDescriptor) -> ProcessIdentity?
    /// The process with the reading ends of its output, which are told by their inode numbers, if it still runs; blocks on
    /// /proc. The processes are those of its control group, in which it must be; `nil` where there is none.
    package var find: @Sendable (ProcessIdentity, [UInt64], [Int32]?) -> FoundProcess?

    /// A finder by its parts.
    package init(
        identify: @escaping @Sendable (Int32, SharedDescriptor) -> ProcessIdentity?,
        find: @escaping @Sendable (ProcessIdentity, [UInt64], [Int32]?) -> FoundProcess?
    ) {
        self.identify = identify
        self.find = find
    }

    /// Finds nothing.
    package static let none = ProcessFinder(identify: { _, _ in nil }, find: { _, _, _ in nil })

    /// The machine's own processes.
    package static let machine = ProcessFinder(
        identify: { ProcessIdentity($0, pidfd: $1) },
        find: { identity, outputs, members in
            let number = identity.number
            if let members, !members.contains(number) { return nil }
            guard let pidfd = identity.find() else { return nil }
            // The first process may have given its output to others and closed it.
            let writers = [number] + (members ?? []).filter { $0 != number }
            return FoundProcess(
                pidfd: pidfd, outputs: outputs.map { LostPipe.reopen($0, of: writers) })
        })
}

/// A process that runs on without its keeper.
package struct FoundProcess: Sendable {
    /// It itself.
    package var pidfd: SharedDescriptor
    /// Its output and its errors, `nil` what nobody writes to any more.
    package var outputs: [SharedDescriptor?]

    /// A process by what is held of it.
    package init(pidfd: SharedDescriptor, outputs: [SharedDescriptor?]) {
        self.pidfd = pidfd
        self.outputs = outputs
    }
}
