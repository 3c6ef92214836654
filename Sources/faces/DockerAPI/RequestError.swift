public import JSONFormat
public import Model

/// The answer to a request that cannot be done: an HTTP status and a sentence.
public struct RequestError: ReadableError, Hashable, Sendable {
    /// The HTTP status code, 400 to 599.
    public let status: Int
    /// The sentence that the client shows.
    public let message: String

    /// An error with dockerd's status and sentence.
    public init(status: Int, message: String) {
        self.status = status
        self.message = message
    }

    /// Status 400: the request makes no sense.
    public static func invalid(_ message: String) -> RequestError { .init(status: 400, message: message) }

    /// Status 404: the object does not exist.
    public static func notFound(_ message: String) -> RequestError { .init(status: 404, message: message) }

    /// Status 409: the object's state forbids the request.
    public static func conflict(_ message: String) -> RequestError { .init(status: 409, message: message) }

    /// Status 501: Docker's API has the request, sereno does not serve it yet.
    public static func notBuilt(_ message: String) -> RequestError { .init(status: 501, message: message) }

    /// Status 500: the request was good, but the daemon failed.
    public static func failed(_ message: String) -> RequestError { .init(status: 500, message: message) }

    /// The JSON body of Docker's errors, `{"message": …}`.
    public var body: JSON { ["message": .string(message)] }
}
