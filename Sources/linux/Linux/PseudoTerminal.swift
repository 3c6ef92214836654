internal import CLinux
internal import Glibc

/// A pseudo-terminal (pty(7)).
public struct PseudoTerminal: Sendable {
    /// The supervisor's side.
    public let master: SharedDescriptor
    /// The process's side.
    public let slave: SharedDescriptor

    /// A fresh one, both sides close-on-exec.
    ///
    /// With `root` it is of the devpts mounted at /dev/pts below that directory, where it has its name then; of the
    /// host's when there is none.
    public static func open(root: SharedDescriptor? = nil) throws(LinuxError) -> PseudoTerminal {
        var master: Int32 = -1
        var slave: Int32 = -1
        var result = root.map { clinux_open_pty_in_root($0.rawValue, &master, &slave) } ?? -ENOENT
        if result != 0 { result = clinux_open_pty(&master, &slave) }
        guard result == 0 else { throw LinuxError(call: "open", object: "/dev/ptmx", code: -result) }
        return PseudoTerminal(
            master: SharedDescriptor(takingOwnershipOf: master), slave: SharedDescriptor(takingOwnershipOf: slave))
    }
}

extension SharedDescriptor {
    /// Sets the size of a terminal in characters (TIOCSWINSZ); other descriptors are left.
    public func setTerminalSize(rows: Int, columns: Int) {
        _ = clinux_set_window(rawValue, UInt16(clamping: rows), UInt16(clamping: columns))
    }

    /// Another descriptor of the same open file, close-on-exec.
    public func duplicate() throws(LinuxError) -> SharedDescriptor {
        let copy = clinux_dup_cloexec(rawValue)
        guard copy >= 0 else {
            throw LinuxError(call: "duplicate", object: "a terminal", code: -copy)
        }
        return SharedDescriptor(takingOwnershipOf: copy)
    }

    /// /dev/null for reading and writing.
    public static func openNull() throws(LinuxError) -> SharedDescriptor {
        let opened = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard opened >= 0 else { throw LinuxError(call: "open", object: "/dev/null", code: errno) }
        return SharedDescriptor(takingOwnershipOf: opened)
    }
}
