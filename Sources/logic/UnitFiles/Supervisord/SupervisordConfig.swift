/// A configuration file of supervisord as a tree: sections in order, and in each its comments and keys in order.
public struct SupervisordConfig: Hashable, Sendable {
    /// Comments before the first section, one a line, without the `;`.
    public var preamble: [ByteString]
    /// The sections in order. supervisord accepts each name once.
    public var sections: [Section]

    /// Makes a configuration.
    public init(preamble: [ByteString] = [], _ sections: [Section] = []) {
        self.preamble = preamble
        self.sections = sections
    }

    /// A `[name]` and what stands below it.
    public struct Section: Hashable, Sendable {
        /// `program:web`, `group:all`, `supervisord`…
        public var name: ByteString
        /// Comments and keys in order.
        public var entries: [Entry]

        /// Makes a section.
        public init(_ name: ByteString, _ entries: [Entry] = []) {
            self.name = name
            self.entries = entries
        }

        /// Adds `name=value` at the end.
        public mutating func add(_ name: String, _ value: SupervisordValue) { entries.append(.key(name, value)) }

        /// The value of a key; supervisord accepts each name once.
        public func value(of name: String) -> SupervisordValue? {
            for case .key(name, let value) in entries { return value }
            return nil
        }
    }

    /// One line of meaning in a section.
    public enum Entry: Hashable, Sendable {
        /// A comment without its `;`.
        case comment(ByteString)
        /// `name=value`
        case key(String, SupervisordValue)
    }
}

/// The value of a key, by the way supervisord reads it.
public enum SupervisordValue: Hashable, Sendable {
    /// `command=`: a program and its arguments, each arriving byte for byte.
    case command([SupervisordText])
    /// `environment=`: names and values, each arriving byte for byte.
    case environment([SupervisordAssignment])
    /// A list with commas: `programs=`, `exitcodes=`…
    case list([SupervisordText])
    /// The rest of the line: a name, a number, a path.
    case text(SupervisordText)
    /// What stands in a file that was read and supervisord would refuse. It cannot be written.
    case refused(ByteString)
}

/// One `NAME="value"` of `environment=`.
public struct SupervisordAssignment: Hashable, Sendable {
    /// The name.
    public var name: ByteString
    /// The value.
    public var value: SupervisordText

    /// Makes an assignment.
    public init(_ name: ByteString, _ value: SupervisordText) {
        self.name = name
        self.value = value
    }
}

/// A text in which `%(name)s` is replaced by supervisord: by `ENV_X`, `program_name`, `process_num`, `here`…
public typealias SupervisordText = PiecedText<SupervisordPiece>

/// A part of a text in a configuration of supervisord.
public enum SupervisordPiece: TextPiece {
    /// Bytes that arrive as they are.
    case literal(ByteString)
    /// What stands between `%(` and the letter after the `)`, with that letter and what is before it: `program_name`, `s`.
    case expansion(ByteString, format: ByteString)

    /// The bytes of a literal piece.
    public var literal: ByteString? { if case .literal(let bytes) = self { bytes } else { nil } }
}
