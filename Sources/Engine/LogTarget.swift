internal import Logs
internal import Model

/// Where a container's log is: what the pump needs to open it.
struct LogTarget: Sendable {
    var configuration: LogConfiguration
    var path: String

    /// Opens the writer; `nil` when the file cannot be opened, so that the container runs without a log.
    func open(_ buffer: LogBuffer, _ journal: LogJournal?) -> LogWriter? {
        try? LogWriter(configuration, path: path, buffer: buffer, journal: journal)
    }
}
