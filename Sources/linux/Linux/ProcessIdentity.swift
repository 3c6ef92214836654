internal import CLinux
internal import Glibc

/// What tells a process from every other since the machine was booted: its number and when it started.
public struct ProcessIdentity: Hashable, Sendable {
    /// Its number.
    public let number: Int32
    /// Its start in clock ticks since boot (field 22 of proc_pid_stat(5)).
    public let startTicks: Int64

    /// The identity of a process that is held by a pidfd; `nil` when it has ended, as its number may be another's by now.
    public init?(_ number: Int32, pidfd: SharedDescriptor) {
        let ticks = clinux_start_ticks(number)
        guard ticks >= 0, clinux_poll_in(pidfd.rawValue, 0) == 0 else { return nil }
        self.number = number
        startTicks = ticks
    }

    /// An identity by its parts.
    package init(number: Int32, startTicks: Int64) {
        self.number = number
        self.startTicks = startTicks
    }

    /// The process again, by a pidfd; `nil` when it has ended, whoever has its number now.
    public func find() -> SharedDescriptor? {
        guard number > 1 else { return nil }
        let opened = clinux_pidfd_open(number, 0)
        guard opened >= 0 else { return nil }
        let pidfd = SharedDescriptor(takingOwnershipOf: opened)
        // What was opened is looked at: had the number changed hands before, the start would be another, and after it the
        // pidfd would have ended.
        return ProcessIdentity(number, pidfd: pidfd) == self ? pidfd : nil
    }
}

/// Reading ends of pipes that nobody reads any more, found through the processes that write to them.
public enum LostPipe {
    /// The inode number of a pipe's end; `nil` for other files.
    public static func inode(of descriptor: SharedDescriptor) -> UInt64? {
        var info = stat()
        guard fstat(descriptor.rawValue, &info) == 0, info.st_mode & S_IFMT == S_IFIFO else { return nil }
        return UInt64(info.st_ino)
    }

    /// A new reading end of the pipe of that inode number, opened through a descriptor of one of these processes; `nil` when
    /// none has it.
    public static func reopen(_ inode: UInt64, of processes: [Int32]) -> SharedDescriptor? {
        for process in processes {
            let directory = "/proc/\(process)/fd"
            for name in (try? HostFile.list(directory)) ?? [] {
                // The process may put another file there at any time, a device say: what was looked at is what is opened.
                let held = open(directory + "/" + name, clinux_open_path_only | O_CLOEXEC)
                guard held >= 0 else { continue }
                let place = SharedDescriptor(takingOwnershipOf: held)
                guard self.inode(of: place) == inode else { continue }
                let opened = open("/proc/self/fd/\(held)", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
                if opened >= 0 { return SharedDescriptor(takingOwnershipOf: opened) }
            }
        }
        return nil
    }
}
