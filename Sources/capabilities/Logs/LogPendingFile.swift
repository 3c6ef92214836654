internal import Linux

/// Where the unfinished lines of a log outlive their writer: one small file beside the log, rewritten in one
/// write(2) whenever a call leaves such a line. It belongs to the log only as long as the log is the same file with
/// the same length, so that nothing is written twice.
struct LogPendingFile: ~Copyable {
    private static let magic: UInt64 = 0x7365_7265_6E6F_0001
    private static let headerLength = 48

    private var file: NoteFile

    init(path: String) { file = NoteFile(path: path) }

    /// What was pending on each stream, or nothing.
    mutating func read(_ log: LogFile.Identity, size: Int64) -> [[UInt8]] {
        guard file.length() != nil else { return [] }
        let space = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.headerLength + 2 * LogWriter.maximumLine, alignment: 16)
        defer { space.deallocate() }
        let count = file.read(into: space)
        guard count >= Self.headerLength else { return [] }
        func word(_ index: Int) -> UInt64 { space.load(fromByteOffset: index * 8, as: UInt64.self) }
        let lengths = [Int(word(4) & 0xFFFF_FFFF), Int(word(4) >> 32)]
        let end = Self.headerLength + lengths[0] + lengths[1]
        guard word(0) == Self.magic, word(1) == log.device, word(2) == log.inode, word(3) == UInt64(size),
            end <= count, word(5) == NoteFile.checksum(UnsafeRawBufferPointer(rebasing: space[Self.headerLength..<end]))
        else { return [] }
        let middle = Self.headerLength + lengths[0]
        return [Array(space[Self.headerLength..<middle]), Array(space[middle..<end])]
    }

    /// Keeps what is pending. It is not made durable: it is for the death of the program, not of the machine.
    mutating func write(_ first: [UInt8], _ second: [UInt8], _ log: LogFile.Identity, size: Int64) {
        guard !first.isEmpty || !second.isEmpty else {
            file.clear()
            return
        }
        let lengths = UInt64(first.count) | UInt64(second.count) << 32
        withUnsafeTemporaryAllocation(
            byteCount: Self.headerLength + first.count + second.count, alignment: 8
        ) { space in
            space[Self.headerLength...].copyBytes(from: first)
            space[(Self.headerLength + first.count)...].copyBytes(from: second)
            let sum = NoteFile.checksum(UnsafeRawBufferPointer(rebasing: space[Self.headerLength...]))
            for (index, word) in [Self.magic, log.device, log.inode, UInt64(size), lengths, sum].enumerated() {
                space.storeBytes(of: word, toByteOffset: index * 8, as: UInt64.self)
            }
            file.write(UnsafeRawBufferPointer(space))
        }
    }
}
