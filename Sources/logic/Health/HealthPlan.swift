public import Model

/// What a health check runs and when: a specification with Docker's defaults where it says nothing
/// (moby, daemon/health.go).
public struct HealthPlan: Hashable, Sendable {
    /// The argument vector of a check.
    public var arguments: [String]
    /// From the beginning of the run, and from the end of one check, to the beginning of the next.
    public var interval = Nanoseconds.seconds(30)
    /// How long one check may take.
    public var timeout = Nanoseconds.seconds(30)
    /// How long after the beginning of the run failures do not count, until a check has succeeded.
    public var startPeriod = Nanoseconds.zero
    /// In place of `interval` while failures do not count.
    public var startInterval = Nanoseconds.seconds(5)
    /// Failures in a row that make it unhealthy.
    public var retries = 3

    /// The shortest time that a check can be given: Docker's `MinimumDuration`.
    public static let shortest = Nanoseconds.milliseconds(1)

    /// A plan; `nil` when the specification asks for no checks (`NONE`, an empty test, or a kind of test that Docker does
    /// not know and ignores too). `shell` is what the image's shell instruction says; empty is `/bin/sh -c`.
    public init?(_ spec: HealthcheckSpec, shell: [String]) {
        switch spec.test.first {
        case "CMD": arguments = Array(spec.test.dropFirst())
        case "CMD-SHELL": arguments = (shell.isEmpty ? ["/bin/sh", "-c"] : shell) + spec.test.dropFirst()
        default: return nil
        }
        // Requests with less are refused; images and old records may say anything.
        if spec.interval > 0 { interval = max(Self.shortest, Nanoseconds(spec.interval)) }
        if spec.timeout > 0 { timeout = max(Self.shortest, Nanoseconds(spec.timeout)) }
        if spec.startPeriod > 0 { startPeriod = Nanoseconds(spec.startPeriod) }
        if spec.startInterval > 0 { startInterval = max(Self.shortest, Nanoseconds(spec.startInterval)) }
        if spec.retries > 0 { retries = spec.retries }
    }
}
