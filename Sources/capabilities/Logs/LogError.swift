public import Linux
public import Model

/// Why a log cannot be opened.
public enum LogError: Error, Hashable, Sendable {
    /// A file operation failed.
    case file(FileError)
    /// The driver keeps nothing that could be read: Docker's `configured logging driver does not support reading`.
    case notReadable(LogDriver)
    /// The journal cannot be read; an errno.
    case journal(code: Int32)
}
