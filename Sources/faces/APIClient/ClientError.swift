/// An error between a client and an engine.
public enum ClientError: Error, Hashable, Sendable {
    /// The text of `-H` or `DOCKER_HOST` is not an address.
    case invalidAddress(String)
    /// The address accepts no connection; `errno` is that of connect(2).
    case unreachable(EngineAddress, errno: Int32)
    /// The engine closed the connection before its answer was whole.
    case disconnected(request: String)
    /// The tunnel's program reported that there is no connection; the text is its reason.
    case noTunnel(String)
    /// A system call failed.
    case system(operation: String, errno: Int32)
    /// The engine answered with an error: the HTTP status and its message.
    case refused(status: Int, message: String)
    /// The engine did not make the connection a raw stream: the HTTP status and its message.
    case upgradeRefused(status: Int, message: String)
    /// The answer is not HTTP, or not JSON where JSON is promised.
    case malformed(String)
    /// The answer is longer than the bound, in bytes.
    case tooLong(limit: Int)

    /// The HTTP status of a refusal.
    public var status: Int? {
        switch self {
        case .refused(let status, _), .upgradeRefused(let status, _): status
        case .invalidAddress, .unreachable, .disconnected, .noTunnel, .system, .malformed, .tooLong: nil
        }
    }

    /// Whether the engine is gone, so that trying again after a moment may help.
    public var engineIsGone: Bool {
        switch self {
        case .unreachable, .disconnected: true
        case .noTunnel, .system, .invalidAddress, .refused, .upgradeRefused, .malformed, .tooLong: false
        }
    }
}
