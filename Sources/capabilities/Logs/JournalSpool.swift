internal import Linux
internal import Model

/// What a writer of journal entries holds between two calls: unfinished lines, and output that journald does not take. One small
/// file beside the container's records, for the death of the program, not of the machine.
struct JournalSpool: ~Copyable {
    /// Output that waits.
    struct Piece: Hashable {
        var stream: OutputStream
        var time: WallTime
        var bytes: [UInt8]
    }

    /// All that is kept.
    struct Content: Hashable {
        var epoch: UInt64
        /// The number of this note among those of the writer.
        var generation: UInt64
        /// The last ordinal that was used up.
        var ordinal: UInt64
        var pending: [[UInt8]]
        var waiting: [Piece]
    }

    private static let magic: UInt64 = 0x7365_7265_6E6F_0003
    /// The longest file that is read back: what a writer may hold, with room for the heads.
    private static let maximumLength = JournalWriter.maximumWaiting + 2 * JournalWriter.maximumLine + (64 << 10)

    private var file: NoteFile

    init(path: String) { file = NoteFile(path: path) }

    mutating func read() -> Content? {
        guard let length = file.length(), length >= 48, length <= Self.maximumLength else { return nil }
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 16)
        defer { space.deallocate() }
        guard file.read(into: space) == length else { return nil }
        var words = SpoolReader(rest: Array(space)[...])
        guard words.word() == Self.magic, let sum = words.word(), sum == Self.checksum(words.rest),
            let epoch = words.word(), let generation = words.word(), let ordinal = words.word(),
            let first = words.bytes(), let second = words.bytes(),
            let count = words.word(), count < 1 << 20
        else { return nil }
        var waiting: [Piece] = []
        for _ in 0..<count {
            guard let stream = words.word().flatMap({ OutputStream(rawValue: UInt8(truncatingIfNeeded: $0)) }),
                let time = words.word(), let bytes = words.bytes()
            else { return nil }
            waiting.append(Piece(stream: stream, time: WallTime(nanoseconds: Int64(bitPattern: time)), bytes: bytes))
        }
        return Content(
            epoch: epoch, generation: generation, ordinal: ordinal, pending: [first, second], waiting: waiting)
    }

    mutating func write(_ content: Content) {
        guard content.pending.contains(where: { !$0.isEmpty }) || !content.waiting.isEmpty else {
            file.clear()
            return
        }
        var body: [UInt8] = []
        func add(_ word: UInt64) { withUnsafeBytes(of: word.littleEndian) { body.append(contentsOf: $0) } }
        func add(_ bytes: [UInt8]) {
            add(UInt64(bytes.count))
            body += bytes
        }
        add(content.epoch)
        add(content.generation)
        add(content.ordinal)
        for bytes in content.pending { add(bytes) }
        add(UInt64(content.waiting.count))
        for piece in content.waiting {
            add(UInt64(piece.stream.rawValue))
            add(UInt64(bitPattern: piece.time.nanoseconds))
            add(piece.bytes)
        }
        var head: [UInt8] = []
        for word in [Self.magic, Self.checksum(body[...])] {
            withUnsafeBytes(of: word.littleEndian) { head.append(contentsOf: $0) }
        }
        let all = head + body
        all.withUnsafeBytes { file.write($0, cut: true) }
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.withUnsafeBytes { NoteFile.checksum($0) }
    }
}

/// Takes a spool's bytes apart.
private struct SpoolReader {
    var rest: ArraySlice<UInt8>

    mutating func word() -> UInt64? {
        guard rest.count >= 8 else { return nil }
        var value: UInt64 = 0
        for byte in rest.prefix(8).reversed() { value = value << 8 | UInt64(byte) }
        rest = rest.dropFirst(8)
        return value
    }

    mutating func bytes() -> [UInt8]? {
        guard let count = word(), count <= UInt64(rest.count) else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return Array(rest.prefix(Int(count)))
    }
}
