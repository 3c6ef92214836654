internal import Glibc
internal import Linux

/// Where the unfinished lines of a log outlive their writer: one small file beside the log, rewritten in one
/// write(2) whenever a call leaves such a line. It belongs to the log only as long as the log is the same file with
/// the same length, so that nothing is written twice.
struct LogPendingFile: ~Copyable {
    private static let magic: UInt64 = 0x7365_7265_6E6F_0001
    private static let headerLength = 48

    private let path: String
    private var file: LogFile?
    private var isEmpty = true

    init(path: String) { self.path = path }

    /// What was pending on each stream, or nothing.
    mutating func read(_ log: LogFile.Identity, size: Int64) -> [[UInt8]] {
        guard LogFile.Identity(path: path) != nil, openFile() else { return [] }
        isEmpty = false
        let space = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.headerLength + 2 * LogWriter.maximumLine, alignment: 16)
        defer { space.deallocate() }
        guard let count = file?.read(at: 0, into: space), count >= Self.headerLength else { return [] }
        func word(_ index: Int) -> UInt64 { space.load(fromByteOffset: index * 8, as: UInt64.self) }
        let lengths = [Int(word(4) & 0xFFFF_FFFF), Int(word(4) >> 32)]
        let end = Self.headerLength + lengths[0] + lengths[1]
        guard word(0) == Self.magic, word(1) == log.device, word(2) == log.inode, word(3) == UInt64(size),
            end <= count, word(5) == Self.checksum(space[Self.headerLength..<end])
        else { return [] }
        let middle = Self.headerLength + lengths[0]
        return [Array(space[Self.headerLength..<middle]), Array(space[middle..<end])]
    }

    /// Keeps what is pending. It is not made durable: it is for the death of the program, not of the machine.
    mutating func write(_ first: [UInt8], _ second: [UInt8], _ log: LogFile.Identity, size: Int64) {
        guard !first.isEmpty || !second.isEmpty else {
            if !isEmpty { isEmpty = file?.truncate(to: 0) ?? false }
            return
        }
        guard openFile() else { return }
        isEmpty = false
        let lengths = UInt64(first.count) | UInt64(second.count) << 32
        withUnsafeTemporaryAllocation(
            byteCount: Self.headerLength + first.count + second.count, alignment: 8
        ) { space in
            space[Self.headerLength...].copyBytes(from: first)
            space[(Self.headerLength + first.count)...].copyBytes(from: second)
            let sum = Self.checksum(space[Self.headerLength...])
            for (index, word) in [Self.magic, log.device, log.inode, UInt64(size), lengths, sum].enumerated() {
                space.storeBytes(of: word, toByteOffset: index * 8, as: UInt64.self)
            }
            _ = file?.overwrite(UnsafeRawBufferPointer(space))
        }
    }

    private mutating func openFile() -> Bool {
        if file != nil { return true }
        do throws(FileError) {
            let opened = try LogFile(path, .overwrite)
            file = consume opened
            return true
        } catch {
            return false
        }
    }

    /// FNV-1a with 64 bits.
    private static func checksum(_ bytes: Slice<UnsafeMutableRawBufferPointer>) -> UInt64 {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in UnsafeRawBufferPointer(rebasing: bytes) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return value
    }
}
