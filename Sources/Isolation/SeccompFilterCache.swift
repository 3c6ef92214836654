import Linux
import Synchronization

/// Compiled system call filters by profile and capabilities: compiling takes milliseconds, a restart must not.
final class SeccompFilterCache: Sendable {
    private struct Key: Hashable {
        let profile: SecurityOptions.Seccomp
        let capabilities: CapabilitySet
    }

    /// More different ones than this at once are compiled anew each time.
    private static let bound = 64
    private let filters = Mutex<[Key: [UInt8]]>([:])

    /// The filter for a container, or `nil` when it has none.
    func filter(
        security: SecurityOptions, capabilities: CapabilitySet, privileged: Bool
    ) throws(IsolationError) -> [UInt8]? {
        // Docker: privileged has none, unless one is named.
        if privileged, security.seccomp == .standard { return nil }
        let profile: SeccompProfile
        switch security.seccomp {
        case .unconfined: return nil
        case .standard: profile = .standard
        case .custom(let json): profile = try SeccompProfile(parsing: json)
        }
        let key = Key(profile: security.seccomp, capabilities: capabilities)
        if let known = filters.withLock({ $0[key] }) { return known }
        let compiled = try SeccompCompiler.compile(profile, capabilities: capabilities)
        // libseccomp builds trees of a megabyte for a program of a few kilobytes.
        CurrentProcess.letGoOfHeap()
        filters.withLock { filters in
            if filters.count >= Self.bound { filters.removeAll() }
            filters[key] = compiled
        }
        return compiled
    }
}
