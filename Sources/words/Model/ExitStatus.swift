/// The end of a process, as wait(2) reports it.
public enum ExitStatus: Hashable, Sendable {
    /// The process called exit with this code, 0 to 255.
    case exited(UInt8)
    /// A signal ended it.
    case signaled(Signal, coreDumped: Bool)
    /// The status is lost: the process ended while no holder of it was alive. Docker records 255.
    case unknown

    /// A status word of wait(2) (Linux: exit code in bits 8 to 15, signal in bits 0 to 6, core in bit 7).
    public init(waitStatus word: Int32) {
        let signal = word & 0x7F
        if signal == 0 {
            self = .exited(UInt8(truncatingIfNeeded: word >> 8))
        } else if let known = Signal(number: signal) {
            self = .signaled(known, coreDumped: word & 0x80 != 0)
        } else {
            self = .unknown
        }
    }

    /// The code that a shell and Docker show: the exit code, or 128 and the signal's number; 255 for `unknown`.
    public var code: Int32 {
        switch self {
        case .exited(let code): Int32(code)
        case .signaled(let signal, _): 128 + signal.number
        case .unknown: 255
        }
    }

    /// Whether the code is zero.
    public var isSuccess: Bool { code == 0 }
}
