public import Model

/// What went wrong with a template, in Go's words.
public struct TemplateError: ReadableError, Equatable, Sendable {
    /// The whole text, beginning `template: `.
    public let message: String

    init(_ message: String) { self.message = message }
}
