internal import Glibc

/// The records of utmp(5).
public enum LoginRecords {
    /// The run level that the init system has written last, such as `2` in ASCII; `nil` when there is none.
    public static var runLevel: UInt8? {
        setutxent()
        defer { endutxent() }
        var wanted = utmpx()
        wanted.ut_type = Int16(RUN_LVL)
        return getutxid(&wanted).map { UInt8(truncatingIfNeeded: $0.pointee.ut_pid) }
    }
}
