public import Linux
public import Model

/// Why a log cannot be opened.
public enum LogError: ReadableError, Hashable, Sendable {
    /// A file operation failed.
    case file(FileError)
    /// The driver keeps nothing that could be read: Docker's `configured logging driver does not support reading`.
    case notReadable(LogDriver)
    /// The journal cannot be read; an errno.
    case journal(code: Int32)

    /// What cannot be read, and why.
    public var message: String {
        switch self {
        case .file(let error): error.message
        case .notReadable(let driver):
            "configured logging driver does not support reading: \(driver.rawValue) keeps nothing that could be read"
        case .journal(let code): "read the journal: \(LinuxError.text(code))"
        }
    }
}
