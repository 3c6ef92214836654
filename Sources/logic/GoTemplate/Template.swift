/// A parsed template of Go's text/template language, with docker's functions.
///
/// Sources: the documentation of Go's text/template, and docker/cli's `templates` package.
public struct Template: Sendable {
    /// What a missing key of a map does.
    public enum MissingKey: Sendable {
        /// It prints `<no value>`.
        case noValue
        /// It fails: `map has no entry for key "k"`.
        case error
    }

    /// The functions of a template beyond Go's own.
    public enum FunctionSet: Sendable {
        /// docker's: json, split, join, title, lower, upper, pad, truncate.
        case docker
        /// The same names, leaving a column's heading as it is.
        case headings
    }

    let name: String
    let text: String
    let root: [Node]
    let definitions: [String: [Node]]

    /// Parses a template.
    ///
    /// - Parameters:
    ///   - text: the template's source.
    ///   - name: what errors call it; docker leaves it empty.
    ///   - extraFunctions: names of functions that `render` is given.
    /// - Throws: `TemplateError` with Go's text, such as `template: :1: unclosed action`.
    public init(
        _ text: String, name: String = "", extraFunctions: Set<String> = []
    ) throws(TemplateError) {
        let functions = Functions.names.union(extraFunctions)
        (root, definitions) = try Parser.parse(name: name, text: text, functions: functions)
        self.name = name
        self.text = text
    }

    /// Runs the template.
    ///
    /// - Parameters:
    ///   - value: what `.` stands for.
    ///   - missingKey: what a missing key of a map does.
    ///   - functions: which of docker's functions apply.
    ///   - extra: functions of one argument, named in `extraFunctions`.
    ///   - bound: how much it may do, where its text is not the user's own: nodes, turns of loops, bytes written and bytes that
    ///     functions give back, together; `nil` is no bound.
    /// - Returns: the whole output.
    /// - Throws: `TemplateError` with Go's text.
    public func render(
        _ value: TemplateValue, missingKey: MissingKey = .noValue, functions: FunctionSet = .docker,
        extra: [String: @Sendable (TemplateValue) -> TemplateValue] = [:], bound: Int? = nil
    ) throws(TemplateError) -> String {
        let (output, error) = run(value, missingKey: missingKey, functions: functions, extra: extra, bound: bound)
        if let error { throw error }
        return output
    }

    /// Runs the template and keeps what it wrote before an error, as a stream would have shown it.
    public func run(
        _ value: TemplateValue, missingKey: MissingKey = .noValue, functions: FunctionSet = .docker,
        extra: [String: @Sendable (TemplateValue) -> TemplateValue] = [:], bound: Int? = nil
    ) -> (output: String, error: TemplateError?) {
        var evaluator = Evaluator(
            self, value, missingKey: missingKey, functions: functions, extra: extra, bound: bound)
        do {
            try evaluator.run()
            return (evaluator.output, nil)
        } catch {
            return (evaluator.output, error)
        }
    }
}
