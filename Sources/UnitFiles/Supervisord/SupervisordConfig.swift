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
public struct SupervisordText: Hashable, Sendable, ExpressibleByStringLiteral {
    /// A part of a text.
    public enum Piece: Hashable, Sendable {
        /// Bytes that arrive as they are.
        case literal(ByteString)
        /// What stands between `%(` and the letter after the `)`, with that letter and what is before it: `program_name`, `s`.
        case expansion(ByteString, format: ByteString)
    }

    /// The pieces; literal neighbours are one piece, and none is empty.
    public let pieces: [Piece]

    /// Joins pieces.
    public init(_ pieces: [Piece]) {
        var joined: [Piece] = []
        for piece in pieces {
            if case .literal(let more) = piece {
                if more.isEmpty { continue }
                if case .literal(let before)? = joined.last {
                    joined[joined.count - 1] = .literal(ByteString(before.bytes + more.bytes))
                    continue
                }
            }
            joined.append(piece)
        }
        self.pieces = joined
    }

    /// A literal text: nothing in it is special.
    public init(_ bytes: ByteString) { self.init([.literal(bytes)]) }

    /// A literal text: nothing in it is special.
    public init(_ text: some StringProtocol) { self.init(ByteString(text)) }

    /// A literal text: nothing in it is special.
    public init(stringLiteral text: String) { self.init(text) }

    /// The bytes, when there is nothing but literal bytes.
    public var literal: ByteString? {
        if pieces.isEmpty { return ByteString([]) }
        if pieces.count == 1, case .literal(let bytes) = pieces[0] { return bytes }
        return nil
    }
}
