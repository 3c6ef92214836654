public import JSONFormat
public import Model

/// The body of `POST /containers/{id}/update`: limits and a restart policy. Values that are absent or zero stay as they
/// are.
public struct ContainerUpdateRequest: Sendable {
    private let fields: RequestFields

    /// A request from its parsed body.
    public init(_ body: JSON) throws(RequestError) {
        fields = try RequestFields(body, type: "UpdateConfig")
    }

    /// The new restart policy; `nil` when the request names none.
    public func restartPolicy() throws(RequestError) -> RestartPolicy? {
        guard let policy = try fields.object("RestartPolicy"), !(try policy.string("Name")).isEmpty else { return nil }
        return try HostConfigRequest.restartPolicy(fields)
    }

    /// The limits of `current` with the requested changes.
    public func resources(
        changing current: ResourceSpec, on host: ContainerCreateRequest.Host
    ) throws(RequestError) -> ResourceSpec {
        let memory = try fields.integer("Memory")
        if memory > current.memorySwap, current.memorySwap > 0, try fields.integer("MemorySwap") == 0 {
            throw .conflict(
                "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time"
            )
        }
        return try ResourceRequest(fields).read(changing: current, host: host)
    }
}

/// The body of `POST /containers/{id}/exec`.
public enum ExecCreateRequest {
    /// The requested process; a request without a command is refused.
    public static func parse(_ body: JSON) throws(RequestError) -> ExecSpec {
        let fields = try RequestFields(body, type: "ExecOptions")
        var spec = ExecSpec()
        spec.arguments = try fields.argumentList("Cmd") ?? []
        guard !spec.arguments.isEmpty else { throw .invalid("no exec command specified") }
        spec.environment = try fields.strings("Env")
        for variable in spec.environment where variable.isEmpty || variable.hasPrefix(bytes: "=") {
            throw .invalid("invalid environment variable: \(variable)")
        }
        spec.workingDirectory = try fields.string("WorkingDir")
        spec.user = try fields.string("User")
        spec.terminal = try fields.flag("Tty")
        spec.privileged = try fields.flag("Privileged")
        spec.attachStdin = try fields.flag("AttachStdin")
        spec.attachStdout = try fields.flag("AttachStdout")
        spec.attachStderr = try fields.flag("AttachStderr")
        spec.detachKeys = try fields.string("DetachKeys")
        if let size = try fields.optionalIntegers("ConsoleSize"), size.count == 2 {
            spec.consoleHeight = Int(clamping: size[0])
            spec.consoleWidth = Int(clamping: size[1])
        }
        return spec
    }
}

/// The body of `POST /exec/{id}/start`.
public struct ExecStartRequest: Sendable {
    /// Whether no client stays to read the output.
    public let detach: Bool
    /// Whether the stream is raw, as that of a terminal, whatever the process has.
    public let terminal: Bool
    /// The terminal's height in characters; 0 when unknown.
    public let height: Int
    /// The terminal's width in characters; 0 when unknown.
    public let width: Int

    /// A request from its parsed body.
    public init(_ body: JSON) throws(RequestError) {
        let fields = try RequestFields(body, type: "ExecStartOptions")
        detach = try fields.flag("Detach")
        terminal = try fields.flag("Tty")
        let size = try fields.optionalIntegers("ConsoleSize") ?? []
        height = size.count == 2 ? Int(clamping: size[0]) : 0
        width = size.count == 2 ? Int(clamping: size[1]) : 0
    }
}
