/// Why the engine refused or failed, with what the Engine API needs to say so.
public struct EngineError: Error, Sendable, Hashable {
    /// What kind of answer it is; the API maps each to one HTTP status.
    public enum Kind: Int, Sendable, Hashable {
        case notModified = 304
        case badRequest = 400
        case forbidden = 403
        case notFound = 404
        case conflict = 409
        case failed = 500
        case notBuilt = 501
        case unavailable = 503
    }

    /// What kind of answer it is.
    public let kind: Kind
    /// Docker's text where Docker has one.
    public let message: String

    /// An error of a kind with its text.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

/// An error of a lower floor as one line.
package func describe(_ error: any Error) -> String {
    if let error = error as? EngineError { return error.message }
    return "\(error)"
}
