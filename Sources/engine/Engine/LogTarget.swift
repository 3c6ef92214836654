internal import Logs
internal import Model

/// Where a container's log is: what the pump needs to write it, and a reader to read it.
struct LogTarget: Sendable {
    var configuration: LogConfiguration
    var place: Place

    /// The two kinds of logs that can be read back.
    enum Place: Sendable {
        /// The current file.
        case files(path: String)
        /// The journal, and the small file in which a writer keeps what it holds.
        case journal(JournalFields, spool: String, JournalProgress)
    }

    /// Whether it is the journal.
    var isJournal: Bool { if case .journal = place { true } else { false } }

    /// The last entry that was sent to the journal; `nil` for files, and when nothing was.
    var sent: JournalProgress.Place? {
        switch place {
        case .files: nil
        case .journal(_, _, let progress): progress.sent
        }
    }

    /// Whether journald has yet to take what was sent to it.
    var isOnTheWay: Bool {
        switch place {
        case .files: false
        case .journal(_, _, let progress): progress.isOnTheWay
        }
    }

    /// Opens the writer; `nil` when the file cannot be opened, the container runs, and what it prints until that works is counted.
    func open(
        _ buffer: LogBuffer, _ journal: LogJournal?, _ socket: JournalSocket, now: WallTime
    ) -> (any LogSink)? {
        switch place {
        case .files(let path): try? LogWriter(configuration, path: path, buffer: buffer, journal: journal)
        case .journal(let fields, let spool, let progress):
            JournalWriter(fields, spool: spool, socket: socket, journal: journal, progress: progress, now: now)
        }
    }
}
