internal import Model

/// The space in which a batch of lines is formatted before it is written in one go. It is empty between two
/// calls of a writer, so that all writers of a thread can share one: about 400 KB instead of that per container.
public final class LogBuffer {
    /// Bytes of formatted lines per write(2).
    static let capacity = 256 << 10
    /// The shortest formatted line has 41 bytes, which bounds the number of records.
    static let maximumRecords = capacity / 40

    /// One formatted line: where it ends, and which bytes of the container it stands for.
    struct Record {
        var end: Int32
        var input: Int32
        var stream: OutputStream
        var isPartial: Bool
        /// Whether it only closes a line of which a part was dropped.
        var isTerminator: Bool
    }

    let base: UnsafeMutableRawPointer
    private let recordBase: UnsafeMutablePointer<Record>
    private(set) var used = 0
    private(set) var recordCount = 0
    private(set) var input: Int64 = 0

    /// An empty buffer.
    public init() {
        base = .allocate(byteCount: Self.capacity, alignment: 16)
        recordBase = .allocate(capacity: Self.maximumRecords)
    }

    deinit {
        base.deallocate()
        recordBase.deallocate()
    }

    var isEmpty: Bool { recordCount == 0 }
    var records: UnsafeBufferPointer<Record> { UnsafeBufferPointer(start: recordBase, count: recordCount) }
    var formatted: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: used) }

    func hasRoom(for bytes: Int) -> Bool {
        used + bytes <= Self.capacity && recordCount + 2 <= Self.maximumRecords
    }

    /// Takes note of a line of `length` bytes that has been formatted at `base + used`.
    func add(length: Int, input count: Int, stream: OutputStream, isPartial: Bool, isTerminator: Bool) {
        used += length
        input += Int64(count)
        (recordBase + recordCount).initialize(
            to: Record(
                end: Int32(used), input: Int32(count), stream: stream, isPartial: isPartial,
                isTerminator: isTerminator))
        recordCount += 1
    }

    func clear() {
        used = 0
        recordCount = 0
        input = 0
    }
}
