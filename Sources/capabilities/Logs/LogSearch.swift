/// Finds where in a log to begin, without reading it whole.
struct LogSearch {
    let format: any LogFormat.Type
    private static let block = 64 << 10

    /// The beginning of the last `wanted` whole lines of a file, and how many lines there are from it on.
    static func tail(_ file: borrowing LogFile, wanted: Int) -> (offset: Int64, lines: Int) {
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: block, alignment: 16)
        defer { space.deallocate() }
        var position = file.length
        var newlines = 0
        while position > 0 {
            let count = Int(min(Int64(block), position))
            position -= Int64(count)
            let got = file.read(at: position, into: UnsafeMutableRawBufferPointer(rebasing: space[..<count]))
            var index = got
            while index > 0 {
                index -= 1
                guard space[index] == 0x0A else { continue }
                newlines += 1
                if newlines > wanted { return (position + Int64(index) + 1, wanted) }
            }
        }
        return (0, newlines)
    }

    /// The time of the first line that can be understood at or after `offset`, and where that line begins. Unless
    /// `offset` is 0, the line it falls into is passed over.
    func time(_ file: borrowing LogFile, at offset: Int64) -> (time: Int64, start: Int64)? {
        var lines = LogLines()
        let limit = file.length
        lines.seek(to: max(0, offset - 1))
        if offset > 0, lines.next(file, limit: limit) == nil { return nil }
        var clock = LogTime()
        while true {
            let start = lines.position
            guard let line = lines.next(file, limit: limit) else { return nil }
            if let time = time(of: line, &clock) { return (time, start) }
        }
    }

    private func time(of line: UnsafeRawBufferPointer, _ clock: inout LogTime) -> Int64? {
        let space = UnsafeMutableRawPointer.allocate(byteCount: line.count + 1, alignment: 16)
        defer { space.deallocate() }
        return format.decode(line, into: space).flatMap { clock.nanoseconds($0.stamp) }
    }

    /// The beginning of a line such that no line before it is at or after `since`, in a file whose lines are in the
    /// order of their times; at most a block before the first line that is wanted.
    func start(_ file: borrowing LogFile, since: Int64) -> Int64 {
        var low: Int64 = 0
        var high = file.length
        while high - low > Int64(Self.block) {
            let middle = low + (high - low) / 2
            guard let (time, start) = time(file, at: middle), start < high else {
                high = middle
                continue
            }
            if time < since {
                low = start
            } else {
                high = middle
            }
        }
        return low
    }
}
