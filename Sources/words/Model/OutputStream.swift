/// An output of a process. The raw value is its number in the frames of the Engine API, and its descriptor in the process.
public enum OutputStream: UInt8, Hashable, Sendable, CaseIterable {
    case stdout = 1
    case stderr = 2

    /// The name, as POSIX, log files and Docker spell it.
    public var name: String {
        switch self {
        case .stdout: "stdout"
        case .stderr: "stderr"
        }
    }
}
