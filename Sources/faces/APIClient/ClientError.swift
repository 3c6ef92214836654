internal import Linux
public import Model

/// An error between a client and an engine.
public enum ClientError: ReadableError, Hashable, Sendable {
    /// The text of `-H` or `DOCKER_HOST` is not an address.
    case invalidAddress(String)
    /// The address accepts no connection; `errno` is that of connect(2).
    case unreachable(EngineAddress, errno: Int32)
    /// A name is empty, of a `container` or another noun; nothing was sent.
    case emptyName(of: String)
    /// The engine closed the connection before its answer was whole.
    case disconnected(request: String)
    /// The tunnel's program reported that there is no connection; the text is its reason.
    case noTunnel(String)
    /// A system call failed.
    case system(operation: String, errno: Int32)
    /// The engine answered with an error: the HTTP status and its message.
    case refused(status: Int, message: String)
    /// The engine read the path as another one, and did nothing: a name with a slash at its front, for one.
    case redirected(request: String)
    /// The engine did not make the connection a raw stream: the HTTP status and its message.
    case upgradeRefused(status: Int, message: String)
    /// The answer is not HTTP, or not JSON where JSON is promised.
    case malformed(String)
    /// The answer is longer than the bound, in bytes.
    case tooLong(limit: Int)

    /// The error in the words of Docker's client, with sereno's name in place of Docker's.
    public var message: String {
        switch self {
        case .invalidAddress(let typed): "unable to parse host `\(typed)`"
        case .emptyName(let noun): "invalid \(noun) name or ID: value is empty"
        case .unreachable(let address, Errno.permissionDenied):
            "permission denied while trying to connect to the sereno daemon socket at \(address.text)"
        case .unreachable(let address, _):
            "Cannot connect to the sereno daemon at \(address.text). Is the daemon running?"
        case .disconnected(let request): "error during connect: \(request): EOF"
        case .noTunnel(let reason): "error during connect: \(reason)"
        case .system(let operation, let number): "\(operation): \(LinuxError.text(number))"
        case .refused(_, let message): "Error response from daemon: \(message)"
        case .redirected(let request): "error during connect: \(request): unexpected redirect in response"
        case .upgradeRefused(let status, _): "unable to upgrade to tcp, received \(status)"
        case .malformed(let what): "the engine's answer cannot be read: \(what)"
        case .tooLong(let limit): "the engine's answer is longer than \(limit) bytes"
        }
    }

    /// The HTTP status of a refusal.
    public var status: Int? {
        switch self {
        case .refused(let status, _), .upgradeRefused(let status, _): status
        case .invalidAddress, .emptyName, .unreachable, .disconnected, .noTunnel, .system, .redirected, .malformed,
            .tooLong:
            nil
        }
    }

    /// Whether the engine is gone, so that trying again after a moment may help.
    public var engineIsGone: Bool {
        switch self {
        case .unreachable, .disconnected: true
        case .noTunnel, .system, .invalidAddress, .emptyName, .refused, .redirected, .upgradeRefused, .malformed,
            .tooLong:
            false
        }
    }
}
