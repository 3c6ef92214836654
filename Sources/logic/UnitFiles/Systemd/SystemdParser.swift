extension SystemdUnit {
    /// Reads a unit file as systemd does: continued lines joined, values by the syntax class of their directive. What systemd would
    /// ignore or refuse is kept as `refused`; throws only where the file is none: a line without a section, a header without its end.
    public init(parsing file: ByteString) throws(UnitFileError) {
        self.init()
        var number = 0
        var pending: [UInt8]?
        var pendingNumber = 0
        for raw in file.bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            let stripped = raw.drop(while: \.isSystemdSpace)
            // A comment inside a continued line is left out, and the line goes on.
            if let first = stripped.first, first == 0x23 || first == 0x3B {
                if pending == nil { comment(stripped.dropFirst()) }
                continue
            }
            var line = (pending ?? []) + raw
            if pending == nil { pendingNumber = number }
            pending = nil
            if Self.continues(line) {
                line[line.count - 1] = 0x20
                pending = line
                continue
            }
            try read(ByteString(line), number: pendingNumber)
        }
        if let pending { try read(ByteString(pending), number: pendingNumber) }
    }

    private static func continues(_ line: [UInt8]) -> Bool { line.reversed().prefix { $0 == 0x5C }.count % 2 == 1 }

    private mutating func comment(_ text: ArraySlice<UInt8>) {
        // The encoder puts one blank before the text.
        let text = ByteString(text.first == 0x20 && text.dropFirst().first?.isBlank == false ? text.dropFirst() : text)
        if sections.isEmpty {
            preamble.append(text)
        } else {
            sections[sections.count - 1].entries.append(.comment(text))
        }
    }

    private mutating func read(_ line: ByteString, number: Int) throws(UnitFileError) {
        let text = line.trimmed(\.isSystemdSpace)
        guard let first = text.bytes.first else { return }
        if first == 0x5B {
            guard text.bytes.last == 0x5D, let name = ByteString(text.bytes.dropFirst().dropLast()).text else {
                throw UnitFileError(
                    .systemd, line: number, value: text, reason: "the header of a section has no ]", remedy: "close it")
            }
            sections.append(Section(name))
            return
        }
        guard let equals = text.bytes.firstIndex(of: 0x3D),
            let name = ByteString(text.bytes[..<equals]).trimmed(\.isSystemdSpace).text, !name.isEmpty
        else {
            throw UnitFileError(
                .systemd, line: number, value: text, reason: "this is neither a section nor NAME=VALUE",
                remedy: "correct the line")
        }
        guard !sections.isEmpty else {
            throw UnitFileError(
                .systemd, line: number, directive: name, reason: "the directive stands before every section",
                remedy: "put it below a [Section]")
        }
        let value = ByteString(text.bytes[(equals + 1)...]).trimmed(\.isSystemdSpace)
        let parser = SystemdParser(SystemdSyntax.of(name, in: sections[sections.count - 1].name))
        sections[sections.count - 1].entries.append(.directive(name, parser.value(value)))
    }
}

/// Reads the value of one directive by its syntax class.
struct SystemdParser {
    let syntax: SystemdSyntax

    init(_ syntax: SystemdSyntax) { self.syntax = syntax }

    /// The value; `refused` for what systemd would not take.
    func value(_ bytes: ByteString) -> SystemdValue {
        guard !bytes.isEmpty else { return .reset }
        guard bytes.isUTF8 else { return .refused(bytes) }
        switch syntax {
        case .commands: return commands(bytes.bytes).map { .commands($0) } ?? .refused(bytes)
        case .environment: return environment(bytes.bytes).map { .environment($0) } ?? .refused(bytes)
        case .unitNames:
            return words(bytes.bytes, escapes: .none).map { .words($0.map { Self.text($0) }) } ?? .refused(bytes)
        case .paths:
            return words(bytes.bytes, escapes: .literal).map { .words($0.map { Self.text($0) }) } ?? .refused(bytes)
        case .quotedWords:
            return words(bytes.bytes, escapes: .c).map { .words($0.map { Self.text($0) }) } ?? .refused(bytes)
        case .bareWords:
            let words = bytes.bytes.split(whereSeparator: \.isSystemdSpace)
            return .words(words.map { Self.text(Array($0)) })
        case .text: return .text(Self.text(bytes.bytes))
        case .path: return .path(Self.text(bytes.bytes))
        case .plain: return .plain(bytes)
        case .condition: return condition(bytes)
        }
    }

    private func condition(_ bytes: ByteString) -> SystemdValue {
        var rest = bytes.bytes[...]
        let triggering = rest.first == 0x7C
        if triggering { rest = rest.dropFirst() }
        let negated = rest.first == 0x21
        if negated { rest = rest.dropFirst() }
        let operand = Self.text(Array(rest))
        guard !operand.isEmpty else { return .refused(bytes) }
        return .condition(SystemdCondition(operand, negated: negated, triggering: triggering))
    }

    // MARK: Commands

    private func commands(_ bytes: [UInt8]) -> [SystemdCommandLine]? {
        var commands: [SystemdCommandLine] = []
        var reader = SystemdWordReader(bytes, escapes: .c)
        while !reader.isAtEnd {
            guard let command = command(&reader) else { return nil }
            commands.append(command)
        }
        return commands.isEmpty ? nil : commands
    }

    private func command(_ reader: inout SystemdWordReader) -> SystemdCommandLine? {
        guard let first = reader.next() else { return nil }
        var prefix: SystemdCommandLine.Prefix = []
        var separate = false
        var rest = first[...]
        while let mark = rest.first, Self.take(mark, &prefix, &separate) { rest = rest.dropFirst() }
        let program = Self.text(Array(rest))
        guard !program.isEmpty else { return nil }
        let expands = !prefix.contains(.expandsNoVariables)
        var arguments: [SystemdText] = []
        while !reader.isAtEnd {
            if reader.takeSeparator() { break }
            guard let word = reader.next() else { return nil }
            arguments.append(expands ? Self.argument(word) : Self.text(word))
        }
        guard !separate || !arguments.isEmpty else { return nil }
        let zero = separate ? arguments.removeFirst() : nil
        return SystemdCommandLine(program, arguments, prefix: prefix, argumentZero: zero)
    }

    /// Notes a mark; false where the program begins.
    private static func take(_ mark: UInt8, _ prefix: inout SystemdCommandLine.Prefix, _ separate: inout Bool) -> Bool {
        let privileges: SystemdCommandLine.Prefix = [
            .hasFullPrivileges, .keepsCredentials, .keepsCredentialsWithoutAmbient,
        ]
        switch mark {
        case 0x2D where !prefix.contains(.ignoresFailure): prefix.insert(.ignoresFailure)
        case 0x40 where !separate: separate = true
        case 0x3A where !prefix.contains(.expandsNoVariables): prefix.insert(.expandsNoVariables)
        case 0x2B where prefix.isDisjoint(with: privileges): prefix.insert(.hasFullPrivileges)
        case 0x21 where prefix.isDisjoint(with: privileges): prefix.insert(.keepsCredentials)
        case 0x21 where prefix.contains(.keepsCredentials):
            prefix.remove(.keepsCredentials)
            prefix.insert(.keepsCredentialsWithoutAmbient)
        case 0x7C where !prefix.contains(.throughShell): prefix.insert(.throughShell)
        default: return false
        }
        return true
    }

    private func environment(_ bytes: [UInt8]) -> [SystemdAssignment]? {
        guard let words = words(bytes, escapes: .c), !words.isEmpty else { return nil }
        var assignments: [SystemdAssignment] = []
        for word in words {
            guard let equals = word.firstIndex(of: 0x3D), word[..<equals].isVariableName else { return nil }
            let value = Array(word[(equals + 1)...])
            guard ByteString(value).isUTF8 else { return nil }
            let name = String(decoding: word[..<equals], as: UTF8.self)
            assignments.append(SystemdAssignment(name, Self.text(value)))
        }
        return assignments
    }

    private func words(_ bytes: [UInt8], escapes: SystemdWordReader.Escapes) -> [[UInt8]]? {
        var reader = SystemdWordReader(bytes, escapes: escapes)
        var words: [[UInt8]] = []
        while !reader.isAtEnd {
            guard let word = reader.next() else { return nil }
            words.append(word)
        }
        return words
    }

    // MARK: Texts

    /// A text with `%` in it.
    static func text(_ bytes: [UInt8]) -> SystemdText { text(bytes, variables: false) }

    /// A word of a command, with `%` and `$` in it.
    private static func argument(_ word: [UInt8]) -> SystemdText {
        // `$NAME` alone in its word is split, which is seen before `%` is expanded only when there is none in it.
        if word.first == 0x24, word.dropFirst().isVariableName {
            return SystemdText([.splitVariable(ByteString(word.dropFirst()))])
        }
        return text(word, variables: true)
    }

    private static func text(_ bytes: [UInt8], variables: Bool) -> SystemdText {
        var pieces: [SystemdPiece] = []
        var literal: [UInt8] = []
        func flush() {
            if !literal.isEmpty { pieces.append(.literal(ByteString(literal))) }
            literal = []
        }
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            if byte == 0x25, next == 0x25 {
                literal.append(byte)
                index += 2
            } else if byte == 0x25, next.isAlphanumeric {
                flush()
                pieces.append(.specifier(next))
                index += 2
            } else if variables, byte == 0x24, next == 0x24 {
                literal.append(byte)
                index += 2
            } else if variables, byte == 0x24, next == 0x7B,
                let end = bytes[index...].firstIndex(of: 0x7D), bytes[(index + 2)..<end].isVariableName
            {
                flush()
                pieces.append(.variable(ByteString(bytes[(index + 2)..<end])))
                index = end + 1
            } else {
                literal.append(byte)
                index += 1
            }
        }
        flush()
        return SystemdText(pieces)
    }
}
