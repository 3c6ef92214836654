internal import Linux

/// Why something could not be done with systemd.
public enum SystemdError: Error, Hashable, Sendable {
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

    static func reason(_ result: Int32) -> String { LinuxError.text(result < 0 ? -result : result) }
}

/// Which manager is meant.
public enum ManagerScope: String, Hashable, Sendable {
    /// The machine's, PID 1.
    case system
    /// That of the calling user's session.
    case user
}
