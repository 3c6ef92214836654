internal import Linux
public import Model

/// Reads a log back, the rotated files included, a piece at a time; it never holds more than about 1 MB.
///
/// It may read while a writer writes and rotates, in this process or in another. A following reader is asked again
/// whenever there may be more; it misses and doubles nothing as long as it is asked before the file it reads has
/// been removed by rotation, which it holds open. Damaged lines are left out and counted. It blocks on the disk.
public final class LogReader {
    /// Lines that could not be understood.
    public var damagedLines: Int64 { lines.damagedLines }

    private let format: any LogFormat.Type
    private let path: String
    private let query: LogQuery
    private var file: LogFile?
    private var lines = LogLines()
    private let space: UnsafeMutableRawPointer
    private var clock = LogTime()
    /// The last file and its length when a reader that does not follow was opened.
    private var last: (identity: LogFile.Identity, length: Int64)?
    private var hasEnded = false
    /// Whether the file has been read to its end once more since it was found to be rotated.
    private var isDrained = false
    private lazy var output = LogOutput()

    /// Opens the log whose current file is at `path`, which need not exist yet. Throws
    /// `LogError.notReadable` for a driver whose log cannot be read from files.
    public init(driver: LogDriver, path: String, query: LogQuery) throws(LogError) {
        guard driver.isReadable, let format = driver.format else { throw .notReadable(driver) }
        self.format = format
        self.path = path
        self.query = query
        space = .allocate(byteCount: LogLines.capacity, alignment: 16)
        open()
    }

    deinit { space.deallocate() }

    /// Appends rendered entries to `bytes` until about `limit` bytes have been added or there are no more; a single
    /// entry may exceed the limit.
    public func next(into bytes: inout [UInt8], limit: Int, as rendering: LogRendering) -> LogProgress {
        let first = bytes.count
        while bytes.count - first + output.used < limit {
            switch nextRecord() {
            case .record(let record, _): output.add(record, rendering, &bytes)
            case .caughtUp:
                output.flush(into: &bytes)
                return .caughtUp
            case .ended:
                output.flush(into: &bytes)
                return .ended
            }
        }
        output.flush(into: &bytes)
        return .more
    }

    /// The next entries, at most `limit`.
    public func nextEntries(limit: Int) -> (entries: [LogEntry], progress: LogProgress) {
        var entries: [LogEntry] = []
        while entries.count < limit {
            switch nextRecord() {
            case .record(let record, let known):
                guard let time = known ?? clock.nanoseconds(record.stamp) else {
                    lines.countDamage()
                    continue
                }
                let bytes = Array(record.content) + (record.endsLine ? [0x0A] : [])
                entries.append(
                    LogEntry(time: WallTime(nanoseconds: time), stream: record.stream, bytes: bytes))
            case .caughtUp: return (entries, .caughtUp)
            case .ended: return (entries, .ended)
            }
        }
        return (entries, .more)
    }

    private enum Step {
        /// With its time where a condition asked for it.
        case record(LogRecord, time: Int64?)
        case caughtUp
        case ended
    }

    /// The next entry that fulfils all conditions.
    private func nextRecord() -> Step {
        while !hasEnded {
            guard let line = nextLine() else {
                if advance() { continue }
                if query.follow, !hasEnded { return .caughtUp }
                hasEnded = true
                return .ended
            }
            isDrained = false
            guard let record = format.decode(line, into: space) else {
                if !line.isEmpty { lines.countDamage() }
                continue
            }
            guard query.since != nil || query.until != nil else {
                if query.streams.contains(record.stream) { return .record(record, time: nil) }
                continue
            }
            guard let time = clock.nanoseconds(record.stamp) else {
                lines.countDamage()
                continue
            }
            if let since = query.since, time < since.nanoseconds { continue }
            if let until = query.until, time > until.nanoseconds {
                hasEnded = true
                return .ended
            }
            if query.streams.contains(record.stream) { return .record(record, time: time) }
        }
        return .ended
    }

    private func nextLine() -> UnsafeRawBufferPointer? {
        guard let open = file.take() else { return nil }
        let limit = last.map { $0.identity == open.identity ? $0.length : Int64.max } ?? Int64.max
        var line = lines.next(open, limit: limit)
        // A file that somebody emptied is read from its beginning.
        if line == nil, open.length < lines.position {
            lines.seek(to: 0)
            line = lines.next(open, limit: limit)
        }
        file = consume open
        return line
    }
}

extension LogReader {
    /// Moves on to the next file. Returns whether it is worth reading again.
    private func advance() -> Bool {
        guard let identity = file?.identity else {
            if query.follow { open() }
            return file != nil
        }
        if let last, last.identity == identity { return false }
        if LogFile.Identity(path: path) == identity { return false }
        // It has been rotated; what was written before that is read first.
        guard isDrained else {
            isDrained = true
            return true
        }
        for _ in 0..<100 {
            let members = LogFileSet(path: path).members
            guard let oldest = members.last else { return false }
            if let last, !members.contains(where: { $0.identity == last.identity }) { return false }
            let place = members.firstIndex { $0.identity == identity }
            if place == 0 { return false }
            if let opened = LogFileSet.open(place.map { members[$0 - 1] } ?? oldest) {
                file = consume opened
                lines.seek(to: 0)
                isDrained = false
                return true
            }
        }
        return false
    }

    /// Finds the file and the place to begin at.
    private func open() {
        for _ in 0..<100 {
            let members = LogFileSet(path: path).members
            guard let newest = members.first else { return }
            guard let current = LogFileSet.open(newest) else { continue }
            let length = current.length
            guard place(members) else { continue }
            if !query.follow { last = (newest.identity, length) }
            return
        }
    }

    /// Returns whether all files were still what they were.
    private func place(_ members: [LogFileSet.Member]) -> Bool {
        var wanted = query.tail
        for (number, member) in members.enumerated() {
            guard let candidate = LogFileSet.open(member) else { return false }
            let isOldest = number == members.count - 1
            var offset: Int64 = 0
            var begins = isOldest
            if let lines = wanted {
                let found = LogSearch.tail(candidate, wanted: lines)
                offset = found.offset
                wanted = lines - found.lines
                begins = isOldest || wanted == 0
            } else if let since = query.since {
                let search = LogSearch(format: format)
                begins = isOldest || search.time(candidate, at: 0).map { $0.time < since.nanoseconds } ?? false
                if begins { offset = search.start(candidate, since: since.nanoseconds) }
            }
            if begins {
                file = consume candidate
                lines.seek(to: offset)
                return true
            }
        }
        return false
    }
}
