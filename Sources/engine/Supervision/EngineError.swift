public import Model

/// A refusal or failure of the engine, in the terms of the Engine API.
public struct EngineError: ReadableError, Sendable, Hashable {
    /// Kinds of error; the raw value is the HTTP status of each.
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

    /// Kind of error.
    public let kind: Kind
    /// Message, in Docker's text where Docker has one.
    public let message: String

    /// An error from its kind and message.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
