import CLinux
public import Model

/// A process, held so that its number cannot come to mean another one (pidfd_open(2)).
public struct Pidfd: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    /// Takes over a pidfd.
    public init(adopting descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }

    /// Opens the process of this number; ESRCH when there is none.
    public init(process number: Int32) throws(LinuxError) {
        let opened = clinux_pidfd_open(number, 0)
        if opened < 0 { throw LinuxError(call: "look up", object: "process \(number)", code: -opened) }
        descriptor = OwnedDescriptor(adopting: opened)
    }

    /// The descriptor, to poll (POLLIN: ended; POLLHUP: reaped) or to pass on.
    public var borrowed: BorrowedDescriptor { descriptor.borrowed }

    /// Gives the descriptor up as an owned descriptor.
    public consuming func intoDescriptor() -> OwnedDescriptor { descriptor }

    /// Sends a signal (pidfd_send_signal(2)); ESRCH when the process has ended and was reaped.
    public func send(_ signal: Signal) throws(LinuxError) {
        let result = clinux_pidfd_send_signal(descriptor.rawValue, signal.number)
        if result < 0 { throw LinuxError(call: "send a process", object: "\(signal)", code: -result) }
    }

    /// Whether the process has not ended yet; a zombie has ended.
    public var isAlive: Bool { clinux_poll_in(descriptor.rawValue, 0) == 0 }

    /// How a process that somebody reaped ended (PIDFD_GET_INFO with PIDFD_INFO_EXIT, Linux 6.15); `nil` when it still
    /// runs, waits to be reaped, or the kernel does not tell.
    public var exitStatus: ExitStatus? {
        var info = clinux_pidfd_info()
        guard clinux_pidfd_get_info(descriptor.rawValue, &info) == 0, info.mask & CLINUX_PIDFD_INFO_EXIT != 0 else {
            return nil
        }
        return ExitStatus(waitStatus: info.exit_code)
    }

    /// A descriptor of that process by its number there (pidfd_getfd(2)).
    public func descriptor(number: Int32) throws(LinuxError) -> OwnedDescriptor {
        let copy = clinux_pidfd_getfd(descriptor.rawValue, number)
        if copy < 0 { throw LinuxError(call: "take over", object: "an open file of another process", code: -copy) }
        return OwnedDescriptor(adopting: copy)
    }
}
