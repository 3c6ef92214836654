/// The end of the supervisor that ran before this one.
public enum SupervisorEnd: String, Hashable, Sendable, CaseIterable {
    /// Only the engine was replaced or died: the keeper lived on, and with it every container and exit status.
    case handover
    /// An ordered shutdown, which stopped the containers and recorded how they ended.
    case graceful
    /// Keeper and engine died on a machine that stayed up.
    case crash
    /// The machine went down without an ordered shutdown.
    case reboot
}
