internal import CSystemd

/// Why a manager starts a unit.
public enum UnitStartKind: String, Hashable, Sendable {
    /// Somebody asked for it.
    case user
    /// It has ended and is started again.
    case restart
    /// The machine, or the session, comes up.
    case boot
}

/// Why a manager ends a unit.
public enum UnitStopKind: String, Hashable, Sendable {
    /// Somebody asked for it.
    case user
    /// The manager goes down, with all that it runs.
    case shutdown
    /// The unit has not told its watchdog in time that it is well.
    case watchdog
}

/// The unit that this process belongs to.
public enum OwnUnit {
    /// Its name and manager, from this process's control group; `nil` outside of any.
    public static func find() -> (name: String, scope: ManagerScope)? {
        if let name = text({ sd_pid_get_user_unit(0, $0) }) { return (name, .user) }
        if let name = text({ sd_pid_get_unit(0, $0) }) { return (name, .system) }
        return nil
    }

    private static func text(
        _ ask: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32
    ) -> String? {
        var found: UnsafeMutablePointer<CChar>?
        guard ask(&found) >= 0, let found else { return nil }
        defer { csystemd_free(found) }
        return String(cString: found)
    }
}
