public import Model

/// What the generator knows of a container: the part of the Engine API's `inspect` that an init system is concerned with, as every
/// engine of that API tells it.
public struct ContainerFacts: Hashable, Sendable {
    /// 64 hexadecimal digits.
    public var id: String
    /// The name without a slash.
    public var name: String
    /// The image as it was named at creation.
    public var image: String
    /// The policy that the container has, or is given by the user of the generator.
    public var policy: RestartPolicy
    /// What `stop` sends; TERM when nil.
    public var stopSignal: Signal?
    /// Seconds between the signal and KILL; the engine's 10 when nil, for ever when negative.
    public var stopTimeout: Int?
    /// Whether it has a health check.
    public var healthcheck: Healthcheck?
    /// Its labels.
    public var labels: [String: String]
    /// Absolute paths of the host that are mounted in it.
    public var bindSources: [String]
    /// Other containers whose network, IPC or process namespace it shares: IDs or names.
    public var sharesNamespacesOf: [String]
    /// Other containers whose volumes it has taken over: IDs or names.
    public var takesVolumesFrom: [String]
    /// Whether a port is published on one address of the host, which has to be there first.
    public var bindsToAddress: Bool
    /// Whether it is removed when it ends.
    public var removesItself: Bool

    /// The times of a health check, in nanoseconds, defaults filled in.
    public struct Healthcheck: Hashable, Sendable {
        /// From one probe to the next.
        public var interval: Int64
        /// How long a probe may take.
        public var timeout: Int64
        /// How long failures do not count after a start.
        public var startPeriod: Int64
        /// How many failures make it unhealthy.
        public var retries: Int

        /// Docker's defaults stand in for zeroes.
        public init(interval: Int64 = 0, timeout: Int64 = 0, startPeriod: Int64 = 0, retries: Int = 0) {
            self.interval = interval > 0 ? interval : 30_000_000_000
            self.timeout = timeout > 0 ? timeout : 30_000_000_000
            self.startPeriod = max(0, startPeriod)
            self.retries = retries > 0 ? retries : 3
        }

        /// Seconds after which a container that never became healthy is unhealthy, at the latest.
        public var secondsToVerdict: Int {
            // bounded: spans saturate.
            let probe = (Nanoseconds(interval) + Nanoseconds(timeout)).wholeSeconds.saturatingAdding(1)
            let verdict = max(0, probe.saturatingMultiplied(by: Int64(clamping: retries)))
            let first = Nanoseconds(startPeriod).wholeSeconds.saturatingAdding(1)
            return Int(clamping: min(first.saturatingAdding(verdict), 1 << 40))
        }
    }

    /// A container of which nothing but this is known.
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

    /// Seconds between the stop signal and KILL, the engine's own when the container has none; nil is for ever.
    public var secondsToKill: Int? {
        let seconds = stopTimeout ?? Self.engineStopTimeout
        return seconds < 0 ? nil : seconds
    }

    /// What dockerd, podman and sereno wait when a container says nothing.
    public static let engineStopTimeout = 10

    /// The signal that asks it to end.
    public var endSignal: Signal { stopSignal ?? .terminate }
}
