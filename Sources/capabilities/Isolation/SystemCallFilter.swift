/// What becomes of a container's system calls: made once from its specification, and kept for all of its runs.
public enum SystemCallFilter: Hashable, Sendable {
    /// Nothing is filtered.
    case none
    /// The bytes of an array of struct sock_filter.
    case program([UInt8])
    /// For a runtime that compiles it itself.
    case profile(SeccompProfile)

    /// What a container's options describe.
    static func described(
        _ security: SecurityOptions, privileged: Bool
    ) throws(IsolationError) -> SystemCallFilter {
        switch security.seccomp {
        case .unconfined: return .none
        // Docker: privileged has none, unless one is named.
        case .standard: return privileged ? .none : .profile(.standard)
        case .custom(let text): return try SeccompProfile.parse(text).map { .profile($0) } ?? .none
        }
    }

    /// The compiled form, for a plan.
    var program: [UInt8]? { if case .program(let bytes) = self { bytes } else { nil } }
}
