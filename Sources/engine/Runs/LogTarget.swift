internal import Logs
package import Model
package import Supervision

/// Place of a container's log: whatever the pump needs to write it, and a reader to read it.
package struct LogTarget: Sendable {
    var configuration: LogConfiguration
    var place: Place

    /// The kinds of logs.
    enum Place: Sendable {
        /// The current file.
        case files(path: String)
        /// The journal, and the small file in which a writer keeps what it holds.
        case journal(JournalFields, spool: String, JournalProgress)
    }

    /// The log of a container, whose files lie in `directory`; `nil` when it has none. Throws for options that do not parse.
    package init?(
        of container: LoggedContainer, in directory: String, _ output: ContainerOutput
    ) throws(EngineError) {
        do throws(LogOptionError) {
            configuration = try LogConfiguration(container.spec.logging)
            switch configuration.driver.medium {
            case .nothing: return nil
            case .files:
                place = .files(path: directory + "/" + configuration.driver.fileName(for: container.id))
            case .journal:
                let fields = try JournalFields(container)
                place = .journal(fields, spool: directory + "/journal.held", output.journalProgress)
            }
        } catch {
            throw EngineError(.badRequest, "failed to initialize logging driver: \(error.message)")
        }
    }

    /// Name of a container's current log file; `nil` without one.
    package static func fileName(_ logging: LogSpec, for id: ContainerID) -> String? {
        guard let configuration = try? LogConfiguration(logging), configuration.driver.medium == .files else {
            return nil
        }
        return configuration.driver.fileName(for: id)
    }

    /// Throws the first error in the log options of a future container.
    package static func validate(_ logging: LogSpec) throws(EngineError) {
        do throws(LogOptionError) {
            _ = try LogConfiguration(logging)
        } catch {
            throw EngineError(.badRequest, error.message)
        }
    }

    /// Whether the log can be read back.
    package var isReadable: Bool { configuration.driver.isReadable }

    /// Whether the log is the journal.
    package var isJournal: Bool { if case .journal = place { true } else { false } }

    /// The last entry that was sent to the journal; `nil` for files, and when nothing was.
    var sent: JournalProgress.Place? {
        switch place {
        case .files: nil
        case .journal(_, _, let progress): progress.sent
        }
    }

    /// Whether journald has yet to take the entries sent to it.
    var isOnTheWay: Bool {
        switch place {
        case .files: false
        case .journal(_, _, let progress): progress.isOnTheWay
        }
    }

    /// Opens the writer. `nil` when the file cannot be opened: the container runs on, and its output is counted until opening
    /// works.
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
