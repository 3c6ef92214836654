/// A unit file of systemd as a tree: sections in order, and in each its comments and directives in order.
///
/// The syntax is that of systemd.syntax(7); what a value means to its directive is the business of `SystemdValue`.
public struct SystemdUnit: Hashable, Sendable {
    /// Comments before the first section, one a line, without the `#`.
    public var preamble: [ByteString]
    /// The sections in order. One name may come more than once.
    public var sections: [Section]

    /// Makes a unit.
    public init(preamble: [ByteString] = [], _ sections: [Section] = []) {
        self.preamble = preamble
        self.sections = sections
    }

    /// A `[Name]` and what stands below it.
    public struct Section: Hashable, Sendable {
        /// `Unit`, `Service`, `Socket`, `Install`…
        public var name: String
        /// Comments and directives in order.
        public var entries: [Entry]

        /// Makes a section.
        public init(_ name: String, _ entries: [Entry] = []) {
            self.name = name
            self.entries = entries
        }
    }

    /// One line of meaning in a section.
    public enum Entry: Hashable, Sendable {
        /// A comment without its `#`.
        case comment(ByteString)
        /// `Name=value`. The same name may come again: lists grow, other values are replaced.
        case directive(String, SystemdValue)
    }
}

extension SystemdUnit.Section {
    /// Adds `name=value` at the end.
    public mutating func add(_ name: String, _ value: SystemdValue) { entries.append(.directive(name, value)) }

    /// The values that a directive is given, in order.
    public func values(of name: String) -> [SystemdValue] {
        entries.compactMap { entry in
            if case .directive(name, let value) = entry { return value }
            return nil
        }
    }
}

extension SystemdUnit {
    /// The values that a directive is given in all sections of a name, in order, those before the last reset left out.
    public func values(of name: String, in section: String) -> [SystemdValue] {
        var answer: [SystemdValue] = []
        for part in sections where part.name == section {
            for value in part.values(of: name) {
                if value == .reset { answer = [] } else { answer.append(value) }
            }
        }
        return answer
    }
}
