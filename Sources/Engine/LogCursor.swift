internal import Logs
internal import Synchronization

/// A log reader that may be carried from one worker to another.
final class LogCursor: Sendable {
    private let reader: Mutex<LogReader>

    init(_ target: LogTarget, _ query: LogQuery, _ rendering: LogRendering) throws {
        reader = Mutex(
            try LogReader(target.configuration, path: target.path, query: query, rendering: rendering))
    }

    /// The next rendered bytes, about `limit` of them.
    func next(limit: Int) throws -> ([UInt8], LogProgress) {
        try reader.withLock { reader in
            var bytes: [UInt8] = []
            let progress = try reader.next(into: &bytes, limit: limit)
            return (bytes, progress)
        }
    }
}
