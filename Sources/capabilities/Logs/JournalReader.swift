internal import CSystemd
public import Model

/// Reads a container's entries back from the journal, a piece at a time, with sd-journal(3).
///
/// An object of it may be used and let go of by one thread only, as libsystemd demands. It blocks on the disk. An entry that
/// was written twice over the death of a writer is shown once.
public final class JournalReader {
    private let query: LogQuery
    private let journal: OpaquePointer
    private let output = LogOutput()
    private var clock = LogTime()
    private var isPlaced = false
    /// Whether the journal stands on an entry that was not shown yet.
    private var isOnEntry = false
    private var hasEnded = false
    /// The newest entry when reading began.
    private var newest: JournalProgress.Place?
    /// The last entry passed.
    private var seen: JournalProgress.Place?
    /// The time of the entry that is being shown.
    private var stamp: [UInt8] = []

    /// Opens the journal for a container. Throws `LogError.journal` with an errno.
    public init(_ id: ContainerID, query: LogQuery) throws(LogError) {
        self.query = query
        var opened: OpaquePointer?
        let result = sd_journal_open(&opened, Int32(SD_JOURNAL_LOCAL_ONLY))
        guard result >= 0, let opened else { throw .journal(code: -result) }
        journal = opened
        // Long lines come whole.
        sd_journal_set_data_threshold(opened, 0)
        let match = Array("CONTAINER_ID_FULL=\(id.text)".utf8)
        let added = match.withUnsafeBytes { sd_journal_add_match(opened, $0.baseAddress, $0.count) }
        guard added >= 0 else {
            sd_journal_close(opened)
            throw .journal(code: -added)
        }
    }

    deinit { sd_journal_close(journal) }

    /// Appends rendered entries to `bytes` until about `limit` bytes have been added or there are no more. `target` is the last
    /// entry that the container's writer has sent: while journald has not written it the answer is `lagging`, and one asks again
    /// soon; `nil` waits for nothing.
    public func next(
        into bytes: inout [UInt8], limit: Int, as rendering: LogRendering, awaiting target: JournalProgress.Place?
    ) throws(LogError) -> LogProgress {
        if !isPlaced {
            newest = standOnNewest()
            // The tail can be counted only when all is there.
            if query.tail != nil, Self.isLagging(newest, behind: target) { return .lagging }
            try place()
            isPlaced = true
        }
        let first = bytes.count
        while bytes.count - first + output.used < limit, !hasEnded {
            if !isOnEntry {
                let moved = sd_journal_next(journal)
                guard moved >= 0 else { throw .journal(code: -moved) }
                guard moved > 0 else {
                    output.flush(into: &bytes)
                    // Files that have come since are looked at from now on.
                    _ = sd_journal_wait(journal, 0)
                    if Self.isLagging(seen ?? newest, behind: target) { return .lagging }
                    return query.follow ? .caughtUp : .ended
                }
            }
            isOnEntry = false
            show(rendering, &bytes)
        }
        output.flush(into: &bytes)
        return hasEnded ? .ended : .more
    }

    private static func isLagging(
        _ newest: JournalProgress.Place?, behind target: JournalProgress.Place?
    ) -> Bool {
        guard let target else { return false }
        return newest.map { $0.epoch != target.epoch || $0.ordinal < target.ordinal } ?? true
    }

    /// The newest entry there is; the journal stands on it then.
    private func standOnNewest() -> JournalProgress.Place? {
        _ = sd_journal_wait(journal, 0)
        guard sd_journal_seek_tail(journal) >= 0, sd_journal_previous(journal) > 0 else { return nil }
        return present()
    }

    private func place() throws(LogError) {
        var result: Int32
        if let tail = query.tail {
            result = sd_journal_seek_tail(journal)
            // The last one is passed to stand behind it.
            if result >= 0 { result = sd_journal_previous_skip(journal, UInt64(clamping: max(1, tail))) }
            if result == 0 { result = sd_journal_seek_head(journal) } else if result > 0 { isOnEntry = tail > 0 }
            if result >= 0, tail == 0, !isOnEntry { seen = present() }
        } else if let since = query.since {
            // journald's own time is never before ours.
            result = sd_journal_seek_realtime_usec(journal, UInt64(clamping: since.nanoseconds / 1000))
        } else {
            result = sd_journal_seek_head(journal)
        }
        guard result >= 0 else { throw .journal(code: -result) }
    }

    /// Renders the entry that the journal stands on, if it fulfils all conditions.
    private func show(_ rendering: LogRendering, _ bytes: inout [UInt8]) {
        if let place = present() {
            if let seen, seen.epoch == place.epoch, place.ordinal <= seen.ordinal { return }
            seen = place
        }
        let stream: OutputStream = field("PRIORITY") { $0.elementsEqual([0x33]) } ?? false ? .stderr : .stdout
        if !takeStamp() { return }
        let time = stamp.withUnsafeBytes { clock.nanoseconds($0) }
        if let since = query.since, let time, time < since.nanoseconds { return }
        if let until = query.until, let time, time > until.nanoseconds {
            hasEnded = true
            return
        }
        guard query.streams.contains(stream) else { return }
        let isPartial = field("CONTAINER_PARTIAL_MESSAGE") { $0.elementsEqual("true".utf8) } ?? false
        _ = field("MESSAGE") { message in
            stamp.withUnsafeBytes { stamp in
                output.add(
                    LogRecord(stamp: stamp, stream: stream, content: message, endsLine: !isPartial), rendering, &bytes)
            }
        }
    }

    private func present() -> JournalProgress.Place? {
        let epoch = field("CONTAINER_LOG_EPOCH") { UInt64(String(decoding: $0, as: UTF8.self), radix: 16) } ?? nil
        let ordinal = field("CONTAINER_LOG_ORDINAL") { UInt64(String(decoding: $0, as: UTF8.self)) } ?? nil
        guard let epoch, let ordinal else { return nil }
        return .init(epoch: epoch, ordinal: ordinal)
    }

    /// When the line was read; where another program wrote the entry, when journald heard of it.
    private func takeStamp() -> Bool {
        if let written = field("SYSLOG_TIMESTAMP", { Array($0) }) {
            stamp = written
            return true
        }
        var microseconds: UInt64 = 0
        guard sd_journal_get_realtime_usec(journal, &microseconds) >= 0 else { return false }
        stamp = Array(WallTime(nanoseconds: Int64(clamping: microseconds) * 1000).rfc3339Fixed.utf8)
        return true
    }

    /// The value of a field of the entry, valid during `body`; `nil` when it has none.
    private func field<Value>(_ name: StaticString, _ body: (UnsafeRawBufferPointer) -> Value) -> Value? {
        var data: UnsafeRawPointer?
        var count = 0
        let skipped = name.utf8CodeUnitCount + 1
        // A static string ends with a zero.
        let result = UnsafeRawPointer(name.utf8Start).withMemoryRebound(to: CChar.self, capacity: skipped) {
            sd_journal_get_data(journal, $0, &data, &count)
        }
        guard result >= 0, let data, count >= skipped else { return nil }
        return body(UnsafeRawBufferPointer(start: data + skipped, count: count - skipped))
    }
}
