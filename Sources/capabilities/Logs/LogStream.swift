/// One of the two output streams of a container; the raw value is the first byte of Docker's frame header.
public enum LogStream: UInt8, Hashable, Sendable, CaseIterable {
    case stdout = 1
    case stderr = 2

    /// The name as the log files and Docker spell it.
    public var name: String {
        switch self {
        case .stdout: "stdout"
        case .stderr: "stderr"
        }
    }

    var index: Int { self == .stdout ? 0 : 1 }
}
