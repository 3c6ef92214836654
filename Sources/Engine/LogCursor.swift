internal import Logs
internal import Synchronization

/// A log reader that may be carried from one worker to another.
final class LogCursor: Sendable {
    private let reader: Mutex<LogReader>
    private let rendering: LogRendering

    init(_ target: LogTarget, _ query: LogQuery, _ rendering: LogRendering) throws {
        reader = Mutex(
            try LogReader(driver: target.configuration.driver, path: target.path, query: query))
        self.rendering = rendering
    }

    /// The next rendered bytes, about `limit` of them.
    func next(limit: Int) -> ([UInt8], LogProgress) {
        reader.withLock { reader in
            var bytes: [UInt8] = []
            let progress = reader.next(into: &bytes, limit: limit, as: rendering)
            return (bytes, progress)
        }
    }
}
