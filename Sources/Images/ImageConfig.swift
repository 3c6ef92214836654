public import Model

/// How a container of an image runs unless it is told otherwise: the `config` object of an image, in the words
/// of the Docker Engine API and the OCI image specification.
public struct ImageConfig: Codable, Hashable, Sendable {
    public var hostname: String?
    public var domainname: String?
    public var user: String?
    public var exposedPorts: [String: EmptyObject]?
    public var environment: [String]?
    public var command: [String]?
    public var healthcheck: ImageHealthcheck?
    public var argsEscaped: Bool?
    public var volumes: [String: EmptyObject]?
    public var workingDirectory: String?
    public var entrypoint: [String]?
    public var onBuild: [String]?
    public var labels: [String: String]?
    public var stopSignal: String?
    /// Seconds.
    public var stopTimeout: Int?
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
}

/// A health check as an image writes it; times in nanoseconds.
public struct ImageHealthcheck: Codable, Hashable, Sendable {
    public var test: [String]?
    public var interval: Int64?
    public var timeout: Int64?
    public var startPeriod: Int64?
    public var startInterval: Int64?
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
