internal import Linux
internal import Logging
internal import Model

/// Writes the supervisor's own messages to standard error, one line each, with the priority prefix of sd-daemon(3) when
/// standard error is the journal.
struct StandardErrorLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info
    /// Whether the journal reads along and adds the time itself.
    var isJournal = false

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = isJournal ? "<\(Self.priority(event.level))>" : "\(WallTime.now.rfc3339Fixed) \(event.level) "
        line += "\(event.message)"
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { line += " \(key)=\(value)" }
        // Names and errors hold what others chose: a line stays one line, and no terminal is told what to do.
        StandardError.write(line.withControlsShown + "\n")
    }

    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
