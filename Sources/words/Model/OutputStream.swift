/// An output of a process.
public enum OutputStream: UInt8, Sendable, Hashable {
    case stdout = 1
    case stderr = 2
}
