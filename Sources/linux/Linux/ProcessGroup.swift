import Glibc

/// Process groups (setpgid(2)).
public enum ProcessGroup {
    /// Ends the group that a process leads, with that process, by SIGKILL (kill(2)). `pidfd` is that of the process: its number means
    /// another one once it has ended. Nothing happens when it leads no group, or has ended.
    public static func end(ledBy number: Int, _ pidfd: SharedDescriptor) {
        let leader = pid_t(clamping: number)
        guard leader > 1, getpgid(leader) == leader, !ProcessMounts.hasEnded(pidfd) else { return }
        _ = kill(-leader, SIGKILL)
    }
}
