import Linux
import Synchronization

/// Compiled system call filters by profile and capabilities: compiling takes milliseconds to seconds, a restart must not.
final class SeccompFilterCache: Sendable {
    private struct Key: Hashable {
        let profile: SecurityOptions.Seccomp
        let capabilities: CapabilitySet

        var size: Int {
            switch profile {
            case .standard, .unconfined: 0
            case .custom(let text): text.utf8.count
            }
        }
    }

    private struct State {
        var filters: [Key: SystemCallFilter] = [:]
        /// Bytes of all profiles and programs.
        var size = 0
    }

    /// Bytes of profiles and programs that are kept here; each container that is prepared keeps its own besides.
    static let bound = 1 << 20
    private let state = Mutex(State())

    /// The filter for a container if it was made before, or needs no making.
    func known(
        _ security: SecurityOptions, capabilities: CapabilitySet, privileged: Bool
    ) -> SystemCallFilter? {
        if security.seccomp == .unconfined || privileged && security.seccomp == .standard {
            return SystemCallFilter.none
        }
        let key = Key(profile: security.seccomp, capabilities: capabilities)
        return state.withLock { $0.filters[key] }
    }

    /// The filter for a container, made if need be.
    func filter(
        _ security: SecurityOptions, capabilities: CapabilitySet, privileged: Bool
    ) throws(IsolationError) -> SystemCallFilter {
        if let known = known(security, capabilities: capabilities, privileged: privileged) { return known }
        let made: SystemCallFilter
        switch try SystemCallFilter.described(security, privileged: privileged) {
        case .profile(let profile): made = .program(try SeccompCompiler.compile(profile, capabilities: capabilities))
        case .none: made = .none
        case .program(let program): made = .program(program)
        }
        // libseccomp builds trees of a megabyte for a program of a few kilobytes.
        CurrentProcess.letGoOfHeap()
        keep(made, as: Key(profile: security.seccomp, capabilities: capabilities))
        return made
    }

    private func keep(_ filter: SystemCallFilter, as key: Key) {
        let size = key.size + (filter.program?.count ?? 0)
        // A large profile would push out all others: it lives with its container.
        guard size <= Self.bound / 4 else { return }
        state.withLock { state in
            if state.size + size > Self.bound { state = State() }
            if state.filters.updateValue(filter, forKey: key) == nil { state.size += size }
        }
    }
}
