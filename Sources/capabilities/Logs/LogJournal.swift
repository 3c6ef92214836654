public import Linux
public import Model

/// What of the piece of output that is being logged is in the log for sure.
///
/// It lies in shared memory that outlives the writer, and so does the piece itself (`HoldingPipe`): whenever the writer is
/// killed, the next one takes back what was written without a note, and goes on behind what was noted. So each byte is
/// logged once. One journal serves all logs of a thread, which writes one at a time.
public final class LogJournal {
    /// How long the shared memory is, in bytes.
    public static let length = headerLength + 2 * slotLength
    private static let headerLength = 4096
    private static let fieldsLength = 4096
    private static let slotLength = fieldsLength + 2 * LogWriter.maximumLine
    private static let magic: UInt64 = 0x7365_7265_6E6F_0002

    private let memory: SharedMemory
    private var current = 0
    /// What an earlier writer was at when it was killed, until a log is opened that it belongs to or another piece
    /// begins.
    private var left: LogNote?

    /// The journal in `length` bytes of shared memory that is new or was an earlier writer's.
    public init(_ memory: consuming SharedMemory) {
        self.memory = memory
        let chosen = self.memory.base.load(fromByteOffset: 8, as: UInt64.self)
        if self.memory.base.load(as: UInt64.self) == Self.magic, chosen == 1 || chosen == 2 {
            current = Int(chosen)
            left = read(slot: current)
        } else {
            self.memory.base.storeBytes(of: Self.magic, as: UInt64.self)
        }
    }

    /// Whether a piece is left for which no log has been opened yet.
    public var isInterrupted: Bool { left != nil }

    /// Gives up what an earlier writer left.
    public func forget() { left = nil }

    /// What was left of a log, once.
    func claim(_ isIts: (LogFile.Identity) -> Bool) -> LogNote? {
        guard let note = left, isIts(note.identity) || note.successor.map(isIts) == true else { return nil }
        left = nil
        return note
    }

    /// Puts a note in the place of the one before. A writer that is killed leaves the one or the other.
    func put(_ note: LogNote) {
        left = nil
        let slot = current == 1 ? 2 : 1
        write(note, slot: slot)
        memory.publish(UInt64(slot), at: 8)
        current = slot
    }

    private func place(_ slot: Int) -> UnsafeMutableRawPointer {
        memory.base + Self.headerLength + (slot - 1) * Self.slotLength
    }

    private func write(_ note: LogNote, slot: Int) {
        let base = place(slot)
        base.storeBytes(of: note.identity.device, toByteOffset: 0, as: UInt64.self)
        base.storeBytes(of: note.identity.inode, toByteOffset: 8, as: UInt64.self)
        base.storeBytes(of: note.size, toByteOffset: 16, as: Int64.self)
        base.storeBytes(of: note.time.nanoseconds, toByteOffset: 24, as: Int64.self)
        base.storeBytes(of: Int64(note.taken), toByteOffset: 32, as: Int64.self)
        base.storeBytes(of: UInt64(note.stream.rawValue), toByteOffset: 40, as: UInt64.self)
        base.storeBytes(of: note.isComplete ? 1 : 0, toByteOffset: 48, as: UInt64.self)
        base.storeBytes(of: note.successor?.device ?? 0, toByteOffset: 72, as: UInt64.self)
        base.storeBytes(of: note.successor?.inode ?? 0, toByteOffset: 80, as: UInt64.self)
        for (index, bytes) in note.pending.enumerated() {
            base.storeBytes(of: UInt64(bytes.count), toByteOffset: 56 + index * 8, as: UInt64.self)
            bytes.withUnsafeBytes { source in
                guard let start = source.baseAddress else { return }
                let place = base + Self.fieldsLength + index * LogWriter.maximumLine
                place.copyMemory(from: start, byteCount: source.count)
            }
        }
    }

    private func read(slot: Int) -> LogNote? {
        let base = place(slot)
        func word(_ offset: Int) -> UInt64 { base.load(fromByteOffset: offset, as: UInt64.self) }
        guard let stream = OutputStream(rawValue: UInt8(truncatingIfNeeded: word(40))) else { return nil }
        let pending = (0..<2).map { index -> [UInt8] in
            let count = min(Int(truncatingIfNeeded: word(56 + index * 8)), LogWriter.maximumLine)
            let start = base + Self.fieldsLength + index * LogWriter.maximumLine
            return Array(UnsafeRawBufferPointer(start: start, count: max(0, count)))
        }
        return LogNote(
            identity: LogFile.Identity(device: word(0), inode: word(8)),
            successor: word(80) == 0 ? nil : LogFile.Identity(device: word(72), inode: word(80)),
            size: Int64(bitPattern: word(16)),
            stream: stream, time: WallTime(nanoseconds: Int64(bitPattern: word(24))),
            taken: Int(truncatingIfNeeded: word(32)), isComplete: word(48) == 1, pending: pending)
    }
}

/// One note: this file, at this length, holds the piece up to here.
struct LogNote {
    var identity: LogFile.Identity
    /// The empty file that takes its place, while it is being rotated.
    var successor: LogFile.Identity?
    var size: Int64
    var stream: OutputStream
    var time: WallTime
    /// Bytes of the piece that are in the file or in `pending`.
    var taken: Int
    /// Whether that is all of it.
    var isComplete: Bool
    /// The unfinished lines of both streams.
    var pending: [[UInt8]]
}

/// A piece of output that an earlier writer was killed over.
public struct InterruptedPiece: Hashable, Sendable {
    /// Where it came from.
    public let stream: OutputStream
    /// When it came.
    public let time: WallTime
    /// How many of its bytes need not be logged again; `nil` when all are logged.
    public let taken: Int?
}
