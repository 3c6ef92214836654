/// What went wrong with a template, in Go's words.
public struct TemplateError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The whole text, beginning `template: `.
    public let description: String

    init(_ description: String) { self.description = description }
}
