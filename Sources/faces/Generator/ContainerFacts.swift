public import Model

/// The generator's facts about a container: the part of the Engine API's `inspect` that concerns an init system,
/// available from every engine of that API.
public struct ContainerFacts: Hashable, Sendable {
    /// The container's ID: 64 hexadecimal digits.
    public var id: String
    /// The name without a slash.
    public var name: String
    /// The name of the image at creation.
    public var image: String
    /// The container's restart policy, or the one that the user of the generator chose.
    public var policy: RestartPolicy
    /// The signal that `stop` sends; TERM when nil.
    public var stopSignal: Signal?
    /// Seconds between the signal and KILL; the engine's 10 when nil, for ever when negative.
    public var stopTimeout: Int?
    /// The health check; nil when there is none.
    public var healthcheck: Healthcheck?
    /// The container's labels.
    public var labels: [String: String]
    /// Absolute paths of the host that are mounted in the container.
    public var bindSources: [String]
    /// IDs or names of the containers whose network, IPC or process namespace it shares.
    public var sharesNamespacesOf: [String]
    /// IDs or names of the containers whose volumes it takes over.
    public var takesVolumesFrom: [String]
    /// Whether a port is published on one address of the host; that address must exist first.
    public var bindsToAddress: Bool
    /// Whether the container is removed when it ends.
    public var removesItself: Bool

    /// The times of a health check, in nanoseconds, defaults filled in.
    public struct Healthcheck: Hashable, Sendable {
        /// Time between two probes.
        public var interval: Int64
        /// Longest time of one probe.
        public var timeout: Int64
        /// Time after a start in which failures do not count.
        public var startPeriod: Int64
        /// Number of failures that make the container unhealthy.
        public var retries: Int

        /// A health check; Docker's defaults replace zeroes.
        public init(interval: Int64 = 0, timeout: Int64 = 0, startPeriod: Int64 = 0, retries: Int = 0) {
            self.interval = interval > 0 ? interval : 30_000_000_000
            self.timeout = timeout > 0 ? timeout : 30_000_000_000
            self.startPeriod = max(0, startPeriod)
            self.retries = retries > 0 ? retries : 3
        }

        /// Seconds within which a container that never became healthy is found unhealthy.
        public var secondsToVerdict: Int {
            // bounded: spans saturate.
            let probe = (Nanoseconds(interval) + Nanoseconds(timeout)).wholeSeconds.saturatingAdding(1)
            let verdict = max(0, probe.saturatingMultiplied(by: Int64(clamping: retries)))
            let first = Nanoseconds(startPeriod).wholeSeconds.saturatingAdding(1)
            return Int(clamping: min(first.saturatingAdding(verdict), 1 << 40))
        }
    }

    /// Facts of a container with nothing else known.
    public init(id: String, name: String, image: String = "", policy: RestartPolicy = .no) {
        self.id = id
        self.name = name
        self.image = image
        self.policy = policy
        labels = [:]
        bindSources = []
        sharesNamespacesOf = []
        takesVolumesFrom = []
        bindsToAddress = false
        removesItself = false
    }

    /// Seconds between the stop signal and KILL; the engine's default when the container has none, nil for ever.
    public var secondsToKill: Int? {
        let seconds = stopTimeout ?? Self.engineStopTimeout
        return seconds < 0 ? nil : seconds
    }

    /// Seconds that dockerd, podman and sereno wait when a container sets no timeout.
    public static let engineStopTimeout = 10

    /// The signal that requests the container's end.
    public var endSignal: Signal { stopSignal ?? .terminate }
}
