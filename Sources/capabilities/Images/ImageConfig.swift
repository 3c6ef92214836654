public import Model

/// How a container of an image runs unless it is told otherwise: the `config` object of an image, in the words
/// of the Docker Engine API and the OCI image specification.
public struct ImageConfig: Codable, Hashable, Sendable {
    /// Kept from old images; not used.
    public var hostname: String?
    /// Kept from old images; not used.
    public var domainname: String?
    /// `user[:group]`.
    public var user: String?
    /// `80/tcp` and so on; the values are empty.
    public var exposedPorts: [String: EmptyObject]?
    /// `KEY=value` pairs.
    public var environment: [String]?
    /// Arguments after the entrypoint.
    public var command: [String]?
    /// How its health is checked.
    public var healthcheck: ImageHealthcheck?
    /// Of Windows images; kept to be shown.
    public var argsEscaped: Bool?
    /// Paths that want a volume; the values are empty.
    public var volumes: [String: EmptyObject]?
    /// Where the process starts.
    public var workingDirectory: String?
    /// The program and its first arguments.
    public var entrypoint: [String]?
    /// Instructions for builds from this image.
    public var onBuild: [String]?
    /// Key and value.
    public var labels: TextMap?
    /// By name or number.
    public var stopSignal: String?
    /// Seconds.
    public var stopTimeout: Int?
    /// What the shell form of instructions runs in.
    public var shell: [String]?

    /// A configuration that says nothing.
    public init() {}

    enum CodingKeys: String, CodingKey {
        case hostname = "Hostname"
        case domainname = "Domainname"
        case user = "User"
        case exposedPorts = "ExposedPorts"
        case environment = "Env"
        case command = "Cmd"
        case healthcheck = "Healthcheck"
        case argsEscaped = "ArgsEscaped"
        case volumes = "Volumes"
        case workingDirectory = "WorkingDir"
        case entrypoint = "Entrypoint"
        case onBuild = "OnBuild"
        case labels = "Labels"
        case stopSignal = "StopSignal"
        case stopTimeout = "StopTimeout"
        case shell = "Shell"
    }
}

/// The `{}` that Go writes for a member of a set.
public struct EmptyObject: Codable, Hashable, Sendable {
    /// The one value there is.
    public init() {}

    /// Whatever stands there: only the keys matter.
    public init(from decoder: any Decoder) throws {}

    /// As `{}`.
    public func encode(to encoder: any Encoder) throws { _ = encoder.container(keyedBy: NoKeys.self) }

    private enum NoKeys: CodingKey {}
}

/// A health check as an image writes it; times in nanoseconds.
public struct ImageHealthcheck: Codable, Hashable, Sendable {
    /// `NONE`, `CMD …` or `CMD-SHELL …`.
    public var test: [String]?
    /// Nanoseconds between checks.
    public var interval: Int64?
    /// Nanoseconds one check may take.
    public var timeout: Int64?
    /// Nanoseconds in which failures do not count.
    public var startPeriod: Int64?
    /// Nanoseconds between checks in the start period.
    public var startInterval: Int64?
    /// Failures in a row that make it unhealthy.
    public var retries: Int?

    /// A check that says nothing and so inherits.
    public init() {}

    enum CodingKeys: String, CodingKey {
        case test = "Test"
        case interval = "Interval"
        case timeout = "Timeout"
        case startPeriod = "StartPeriod"
        case startInterval = "StartInterval"
        case retries = "Retries"
    }

    /// The same check in the words of a container's specification.
    public var spec: HealthcheckSpec {
        var spec = HealthcheckSpec()
        spec.test = test ?? []
        spec.interval = interval ?? 0
        spec.timeout = timeout ?? 0
        spec.startPeriod = startPeriod ?? 0
        spec.startInterval = startInterval ?? 0
        spec.retries = retries ?? 0
        return spec
    }
}
