/// The limits of setrlimit(2) by number (x86 and arm).
public enum ResourceLimit: Int32, CaseIterable, Hashable, Sendable {
    case cpu = 0
    case fsize, data, stack, core, rss, nproc, nofile, memlock, `as`, locks, sigpending, msgqueue, nice, rtprio, rttime

    /// A limit by Docker's name for it, e.g. `nofile`.
    public init?(name: String) {
        guard let found = Self.allCases.first(where: { "\($0)" == name }) else { return nil }
        self = found
    }

    /// Docker's name for a limit, or its number where there is none.
    public static func name(_ number: Int32) -> String {
        ResourceLimit(rawValue: number).map { "\($0)" } ?? "\(number)"
    }
}
