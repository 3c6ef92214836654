public import Model

/// Why a value could not be written to, or read from, a file of an init system.
public struct UnitFileError: ReadableError, Hashable, Sendable {
    /// The formats.
    public enum Format: String, Hashable, Sendable {
        case systemd
        case upstart
        case supervisord
    }

    /// The format that refuses.
    public var format: Format
    /// The line of the text that was read, from 1; nil when a tree was being written.
    public var line: Int?
    /// The directive, stanza or key, with its section when that helps; nil for the file as a whole.
    public var directive: String?
    /// The value, when one is to blame.
    public var value: ByteString?
    /// What is wrong with it.
    public var reason: String
    /// What to do instead.
    public var remedy: String

    /// Describes a refusal.
    public init(
        _ format: Format, line: Int? = nil, directive: String? = nil, value: ByteString? = nil, reason: String,
        remedy: String
    ) {
        self.format = format
        self.line = line
        self.directive = directive
        self.value = value
        self.reason = reason
        self.remedy = remedy
    }

    /// One line: what happened, to what, and what to do.
    public var message: String {
        var answer = format.rawValue
        if let line { answer += " line \(line)" }
        if let directive { answer += ", \(directive)" }
        answer += ": " + reason
        if let value { answer += ": \"\(value)\"" }
        return answer + "; " + remedy
    }
}
