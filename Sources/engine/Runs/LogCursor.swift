internal import Logs
internal import Synchronization

/// A log reader that may move from one worker to another.
final class LogCursor: Sendable {
    private enum Reader {
        case files(LogReader)
        case journal(JournalReader)
    }

    private let reader: Mutex<Reader>
    private let rendering: LogRendering

    init(_ target: LogTarget, _ query: LogQuery, _ rendering: LogRendering) throws {
        switch target.place {
        case .files(let path):
            reader = Mutex(
                .files(try LogReader(driver: target.configuration.driver, path: path, query: query)))
        case .journal(let fields, _, _):
            reader = Mutex(.journal(try JournalReader(fields.id, query: query)))
        }
        self.rendering = rendering
    }

    /// The next rendered bytes, about `limit` of them. A reader of the journal reports `lagging` while the entry at `sent` is
    /// missing.
    func next(limit: Int, sent: JournalProgress.Place?) throws -> ([UInt8], LogProgress) {
        try reader.withLock { reader in
            var bytes: [UInt8] = []
            switch reader {
            case .files(let files):
                let progress = files.next(into: &bytes, limit: limit, as: rendering)
                return (bytes, progress)
            case .journal(let journal):
                let progress = try journal.next(into: &bytes, limit: limit, as: rendering, awaiting: sent)
                return (bytes, progress)
            }
        }
    }
}
