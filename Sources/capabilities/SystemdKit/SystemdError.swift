internal import Linux
public import Model

/// Why something could not be done with systemd.
public enum SystemdError: ReadableError, Hashable, Sendable {
    /// No manager answers: neither its private socket nor the bus. `reason` is the errno's text.
    case absent(ManagerScope, reason: String)
    /// The manager refused: its D-Bus error name, such as `org.freedesktop.systemd1.NoSuchUnit`, and its sentence.
    case refused(operation: String, object: String, name: String, message: String)
    /// The connection failed during the operation.
    case connection(operation: String, object: String, reason: String)
    /// No answer came within the operation's bound, in seconds.
    case timedOut(operation: String, object: String, seconds: UInt64)
    /// A name that systemd cannot have: it is empty, too long or has a NUL.
    case malformedName(String)

    /// What happened to what, and what to do.
    public var message: String {
        switch self {
        case .absent(.system, let reason):
            "no system manager of systemd answers (\(reason)); is this machine run by systemd, and are you root?"
        case .absent(.user, let reason):
            "no user manager of systemd answers (\(reason)); is XDG_RUNTIME_DIR set, and does `systemctl --user` work?"
        case .refused(let operation, let object, let name, let message):
            "systemd refused \(operation) of \(object): \(message) (\(name))"
        case .connection(let operation, let object, let reason):
            "the connection to systemd failed during \(operation) of \(object): \(reason)"
        case .timedOut(let operation, let object, let seconds):
            "\(operation) of \(object) is not done after \(seconds) s; it goes on: see systemctl list-jobs"
        case .malformedName(let name): "\(name) cannot be the name of a unit"
        }
    }

    static func reason(_ result: Int32) -> String { LinuxError.text(result < 0 ? -result : result) }
}

/// Which manager is meant.
public enum ManagerScope: String, Hashable, Sendable {
    /// The machine's, PID 1.
    case system
    /// That of the calling user's session.
    case user
}
