/// An error that says by itself what happened. Every error of this program is one, as whoever is told of an error shall not have to
/// read the name of a type.
public protocol ReadableError: Error, CustomStringConvertible {
    /// One sentence without a full stop: what was tried, on what, and why it failed. It has no name of a type and no bare number.
    var message: String { get }
}

extension ReadableError {
    /// The message.
    public var description: String { message }
}

extension Error {
    /// The sentence that a user is told: the message of an error of this program. What a library threw is called unexpected; it is for
    /// the log, by its own words.
    public var sentence: String { (self as? any ReadableError)?.message ?? "an unexpected failure" }

    /// The text for a log: the message, or all that a library's error says of itself.
    public var inFull: String { (self as? any ReadableError)?.message ?? String(describing: self) }
}

// The keeper is compiled from the files of these types too, and has no errors to read.
extension RestartPolicy.Invalid: ReadableError {}
extension StartFailure: ReadableError {}
