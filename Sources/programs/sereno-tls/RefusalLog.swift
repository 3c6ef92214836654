internal import Linux
internal import Model
internal import Synchronization

/// What is said of clients that were refused: some lines a minute, and how many more there were, so that strangers cannot fill
/// the log.
struct RefusalLog: ~Copyable, Sendable {
    private struct Minute {
        var began: MonotonicInstant?
        var count = 0
    }

    private let minute = Mutex(Minute())

    /// Lines a minute.
    static let lines = 10

    /// Takes a refusal; the lines that it is worth.
    func take(_ reason: String, at now: MonotonicInstant) -> [String] {
        minute.withLock { minute in
            var said: [String] = []
            if minute.began.map({ now.since($0) >= .seconds(60) }) ?? true {
                if minute.count > Self.lines { said.append("\(minute.count - Self.lines) more were refused") }
                minute = Minute(began: now)
            }
            minute.count += 1
            if minute.count <= Self.lines { said.append("a client was refused: \(reason)") }
            if minute.count == Self.lines + 1 { said.append("more clients are refused; they are counted for a minute") }
            return said
        }
    }
}
