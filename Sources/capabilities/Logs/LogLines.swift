internal import Linux

/// The whole lines of one log file from an offset on, in place in a buffer. What follows the last newline is not
/// shown; it is read again the next time, because a writer without room may take it back.
struct LogLines: ~Copyable {
    /// Longer lines are damage: the longest of ours, 16 KiB escaped, has 99 KiB.
    static let capacity = 256 << 10

    let base: UnsafeMutableRawPointer
    /// Where in the file the next line begins.
    private(set) var position: Int64 = 0
    private(set) var damagedLines: Int64 = 0
    private var start = 0
    private var end = 0
    private var isSkipping = false
    /// Whether the last read came to the end of the file.
    private var sawEnd = false

    init() { base = .allocate(byteCount: Self.capacity, alignment: 16) }

    deinit { base.deallocate() }

    mutating func seek(to offset: Int64) {
        position = offset
        start = 0
        end = 0
        sawEnd = false
        isSkipping = false
    }

    mutating func countDamage() { damagedLines += 1 }

    /// The next line without its newline, valid until the next call; `nil` when no whole line is left before
    /// `limit`, an offset in the file.
    mutating func next(_ file: borrowing LogFile, limit: Int64) -> UnsafeRawBufferPointer? {
        var searched = 0
        while true {
            let unseen = UnsafeRawBufferPointer(start: base + start + searched, count: end - start - searched)
            if let found = unseen.offset(of: 0x0A) {
                let line = UnsafeRawBufferPointer(start: base + start, count: searched + found)
                start += line.count + 1
                position += Int64(line.count + 1)
                if isSkipping {
                    isSkipping = false
                    searched = 0
                    continue
                }
                return line
            }
            searched = end - start
            if sawEnd {
                end = start
                sawEnd = false
                return nil
            }
            if searched == Self.capacity {
                if !isSkipping { damagedLines += 1 }
                isSkipping = true
                position += Int64(searched)
                start = 0
                end = 0
                searched = 0
            }
            fill(file, limit: limit)
        }
    }

    private mutating func fill(_ file: borrowing LogFile, limit: Int64) {
        if start > 0 {
            base.copyMemory(from: base + start, byteCount: end - start)
            end -= start
            start = 0
        }
        let offset = position + Int64(end)
        let wanted = min(Self.capacity - end, Int(clamping: max(0, limit - offset)))
        let count = file.read(at: offset, into: UnsafeMutableRawBufferPointer(start: base + end, count: wanted))
        end += count
        sawEnd = count < wanted || wanted == 0 || offset + Int64(count) >= limit
    }
}
