/// Words and rests of lines.
extension SystemdEncoder {
    // MARK: Commands and environment

    func command(_ command: SystemdCommandLine, into line: inout [UInt8]) throws(UnitFileError) {
        guard let program = command.program.literal else {
            try specifierProgram(command, into: &line)
            return
        }
        try check(program: program)
        // Of argv[0] systemd expands `$`, of the path it does not: so a `$` in the path needs an argv[0] of its own.
        let zero = command.argumentZero ?? (program.bytes.contains(0x24) ? command.program : nil)
        line += quoted(marks(command, separate: zero != nil) + percentDoubled(program.bytes))
        try arguments(zero, command, into: &line)
    }

    private func specifierProgram(_ command: SystemdCommandLine, into line: inout [UInt8]) throws(UnitFileError) {
        for case .literal(let part) in command.program.pieces
        where part.bytes.contains(where: { $0.isControl || [0x22, 0x27, 0x5C, 0x24].contains($0) }) {
            throw failure(part, "systemd takes no such program", "use a path without quotes, backslashes and $")
        }
        line += quoted(marks(command, separate: command.argumentZero != nil) + (try expanded(command.program)))
        try arguments(command.argumentZero, command, into: &line)
    }

    private func arguments(
        _ zero: SystemdText?, _ command: SystemdCommandLine, into line: inout [UInt8]
    ) throws(UnitFileError) {
        let expands = !command.prefix.contains(.expandsNoVariables)
        for argument in (zero.map { [$0] } ?? []) + command.arguments {
            line.append(0x20)
            line += quoted(try expanded(argument, variables: expands ? .expanded : .literal))
        }
    }

    private func check(program: ByteString) throws(UnitFileError) {
        let bytes = program.bytes
        if bytes.contains(where: { $0.isControl || [0x22, 0x27, 0x5C].contains($0) }) {
            throw failure(
                program, "systemd starts no program whose path has quotes, backslashes or control characters",
                "install it under another name, or start it by /usr/bin/env")
        }
        let isPath = bytes.first == 0x2F && bytes.last != 0x2F
        let isName = bytes.first.map { ![0x2D, 0x40, 0x3A, 0x2B, 0x21, 0x7C].contains($0) } == true
        guard isPath || (isName && !bytes.contains(0x2F)) else {
            throw failure(program, "this is not the path of a program", "give an absolute path")
        }
    }

    private func marks(_ command: SystemdCommandLine, separate: Bool) -> [UInt8] {
        var marks: [UInt8] = []
        let prefix = command.prefix
        if prefix.contains(.throughShell) { marks.append(0x7C) }
        if prefix.contains(.ignoresFailure) { marks.append(0x2D) }
        if separate { marks.append(0x40) }
        if prefix.contains(.expandsNoVariables) { marks.append(0x3A) }
        if prefix.contains(.hasFullPrivileges) {
            marks.append(0x2B)
        } else if prefix.contains(.keepsCredentialsWithoutAmbient) {
            marks += [0x21, 0x21]
        } else if prefix.contains(.keepsCredentials) {
            marks.append(0x21)
        }
        return marks
    }

    func assignment(_ assignment: SystemdAssignment, into line: inout [UInt8]) throws(UnitFileError) {
        guard assignment.name.utf8.isVariableName else {
            throw failure(
                ByteString(assignment.name), "systemd sets no variable of this name",
                "set it in the container, or rename it: letters, digits and _, no digit first")
        }
        let value = try expanded(assignment.value)
        guard ByteString(value).isUTF8 else {
            throw failure(
                ByteString(value), "systemd sets variables to UTF-8 only", "set it in the container instead")
        }
        line += quoted(Array("\(assignment.name)=".utf8) + value)
    }

    // MARK: Lists

    func word(_ word: SystemdText, _ syntax: SystemdSyntax, into line: inout [UInt8]) throws(UnitFileError) {
        switch syntax {
        case .unitNames:
            for case .literal(let part) in word.pieces
            where !part.bytes.allSatisfy({ $0.isAlphanumeric || [0x3A, 0x5F, 0x2E, 0x5C, 0x40, 0x2D].contains($0) }) {
                throw failure(part, "this cannot be the name of a unit", "escape it as systemd-escape(1) does")
            }
            guard !word.isEmpty else { throw failure(nil, "a unit without a name", "name it") }
            line += try expanded(word)
        case .paths: try path(word, into: &line)
        case .bareWords:
            let bytes = try expanded(word)
            guard !bytes.isEmpty, bytes.allSatisfy({ $0.isAlphanumeric || [0x2B, 0x2D, 0x5F].contains($0) }) else {
                throw failure(ByteString(bytes), "this cannot stand in the list", "give numbers or names of signals")
            }
            line += bytes
        case .quotedWords:
            guard !word.isEmpty else { throw failure(nil, "an empty word in the list", "leave it out") }
            line += quoted(try expanded(word))
        case .commands, .environment, .text, .path, .plain, .condition:
            throw failure(nil, "the directive takes no list", "give a single value")
        }
    }

    /// A path in a list, where quotes count and a backslash makes the next byte an ordinary one: there is no word for a newline.
    private func path(_ word: SystemdText, into line: inout [UInt8]) throws(UnitFileError) {
        let bytes = try expanded(word)
        guard bytes.first == 0x2F || bytes.first == 0x25 else {
            throw failure(ByteString(bytes), "this is not an absolute path", "give one that starts with /")
        }
        guard !bytes.contains(where: { $0 == 0x0A || $0 == 0 }), ByteString(bytes).isUTF8 else {
            throw failure(
                ByteString(bytes), "a path with a newline or with bytes that are not UTF-8 cannot be written here",
                "name the directory above it, or rename it")
        }
        if bytes.allSatisfy({ Self.isBare($0) || $0 >= 0x80 }) {
            line += bytes
        } else {
            line += [0x22] + bytes.flatMap { $0 == 0x22 || $0 == 0x5C ? [0x5C, $0] : [$0] } + [0x22]
        }
    }

    // MARK: Rests of lines

    func rest(_ bytes: [UInt8], into line: inout [UInt8]) throws(UnitFileError) {
        let value = ByteString(bytes)
        guard !bytes.isEmpty else { throw failure(nil, "an empty value", "leave the directive out, or reset it") }
        guard !bytes.contains(where: { $0 == 0x0A || $0 == 0 }), value.isUTF8 else {
            throw failure(value, "only one line of UTF-8 can be written here", "leave out what is neither")
        }
        guard value == value.trimmed(\.isSystemdSpace) else {
            throw failure(value, "systemd drops blanks at both ends of this", "leave them out")
        }
        line += bytes
        // A lone backslash at the end would join the next line; a blank after it is dropped again.
        let slashes = bytes.reversed().prefix { $0 == 0x5C }.count
        if slashes % 2 == 1 { line.append(0x20) }
    }

    // MARK: Texts

    enum Variables {
        /// `$` is special and `$$` stands for one.
        case expanded
        /// `$` is a byte like others.
        case literal
    }

    /// The bytes that systemd expands to the text again.
    func expanded(_ text: SystemdText, variables: Variables? = nil) throws(UnitFileError) -> [UInt8] {
        var bytes: [UInt8] = []
        for piece in text.pieces {
            switch piece {
            case .literal(let part):
                guard !part.bytes.contains(0) else {
                    throw failure(part, "a NUL byte ends every text", "leave it out")
                }
                for byte in part.bytes {
                    bytes.append(byte)
                    if byte == 0x25 || (byte == 0x24 && variables == .expanded) { bytes.append(byte) }
                }
            case .specifier(let letter):
                guard letter.isAlphanumeric else {
                    throw failure(
                        ByteString([0x25, letter]), "no specifier is called so", "use one of systemd.unit(5)")
                }
                bytes += [0x25, letter]
            case .variable(let name):
                guard variables == .expanded, name.bytes.isVariableName else {
                    throw failure(name, "no variable is expanded here", "give its value")
                }
                bytes += [0x24, 0x7B] + name.bytes + [0x7D]
            case .splitVariable(let name):
                guard variables == .expanded, text.pieces.count == 1, name.bytes.isVariableName else {
                    throw failure(name, "no variable is split into words here", "let it be a word of its own")
                }
                bytes += [0x24] + name.bytes
            }
        }
        return bytes
    }

    private func percentDoubled(_ bytes: [UInt8]) -> [UInt8] { bytes.flatMap { $0 == 0x25 ? [$0, $0] : [$0] } }

    /// A word for where quotes and C escapes count.
    func quoted(_ bytes: [UInt8]) -> [UInt8] {
        if !bytes.isEmpty, bytes.allSatisfy(Self.isBare) { return bytes }
        var answer: [UInt8] = [0x22]
        let keepsHigh = ByteString(bytes).isUTF8
        for byte in bytes {
            switch byte {
            case 0x22, 0x5C: answer += [0x5C, byte]
            case 0x0A: answer += [0x5C, 0x6E]
            case 0x09: answer += [0x5C, 0x74]
            case 0x0D: answer += [0x5C, 0x72]
            case let byte where byte.isControl || (byte >= 0x80 && !keepsHigh):
                let digits = Array("0123456789abcdef".utf8)
                answer += [0x5C, 0x78, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: answer.append(byte)
            }
        }
        answer.append(0x22)
        return answer
    }

    /// Bytes that need no quotes in any word.
    static func isBare(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric
            || [0x24, 0x25, 0x2B, 0x2C, 0x2D, 0x2E, 0x2F, 0x3A, 0x3D, 0x40, 0x5F, 0x7B, 0x7D].contains(byte)
    }
}
