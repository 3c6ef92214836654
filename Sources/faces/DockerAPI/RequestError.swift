public import JSONFormat

/// What Docker answers when a request cannot be done: an HTTP status and a sentence.
public struct RequestError: Error, Hashable, Sendable {
    /// The HTTP status code, 400 to 599.
    public let status: Int
    /// The sentence that the client shows.
    public let message: String

    /// An error with the status and the sentence of Docker's daemon.
    public init(status: Int, message: String) {
        self.status = status
        self.message = message
    }

    /// The request makes no sense (400).
    public static func invalid(_ message: String) -> RequestError { .init(status: 400, message: message) }

    /// There is no such object (404).
    public static func notFound(_ message: String) -> RequestError { .init(status: 404, message: message) }

    /// The object is in a state that forbids this (409).
    public static func conflict(_ message: String) -> RequestError { .init(status: 409, message: message) }

    /// Known to Docker's API but not built here (501).
    public static func notBuilt(_ message: String) -> RequestError { .init(status: 501, message: message) }

    /// The request was good, the daemon failed (500).
    public static func failed(_ message: String) -> RequestError { .init(status: 500, message: message) }

    /// Docker's error body, `{"message": …}`.
    public var body: JSON { ["message": .string(message)] }
}
