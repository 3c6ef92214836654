/// What became of every byte a container wrote. At any time
/// `bytesIn == bytesWritten + bytesDropped + bytesPending`, but for the driver `none`, which only counts in.
public struct LogAccounting: Hashable, Sendable {
    /// Bytes handed to the writer.
    public var bytesIn: Int64 = 0
    /// Bytes of the container's output that are in the log.
    public var bytesWritten: Int64 = 0
    /// Bytes that could not be written: no room, a broken disk.
    public var bytesDropped: Int64 = 0
    /// Bytes of unfinished lines that wait for their end; at most 32 KiB.
    public var bytesPending: Int64 = 0
    /// Lines of which a part or all was dropped.
    public var linesDropped: Int64 = 0
    /// How often the log was rotated.
    public var rotations: Int64 = 0
    /// The `errno` of the last failure; 0 once writing has succeeded again.
    public var failure: Int32 = 0

    /// Nothing has been written yet.
    public init() {}
}
