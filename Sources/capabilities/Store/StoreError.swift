public import Linux
public import Model

/// Why a change could not be made durable. After each of them the old content is still there.
public enum StoreError: ReadableError, Hashable, Sendable {
    /// A file operation failed: no room, read-only, a broken disk.
    case file(FileError)
    /// The value cannot be written as JSON.
    case notEncodable(path: String, reason: String)
    /// There is a container of this identity already.
    case alreadyExists(ContainerID)
    /// There is no container of this identity.
    case unknown(ContainerID)
}

extension StoreError {
    /// One line for people.
    public var message: String {
        switch self {
        case .file(let error): error.message
        case .notEncodable(let path, let reason): "encode \(path): \(reason)"
        case .alreadyExists(let id): "container \(id.short) is already stored"
        case .unknown(let id): "container \(id.short) is not stored"
        }
    }
}
