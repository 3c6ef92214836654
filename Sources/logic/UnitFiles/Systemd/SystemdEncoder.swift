extension SystemdUnit {
    /// The file. Throws for what no unit file can say: which value, why, and what to do instead.
    public func encoded() throws(UnitFileError) -> ByteString {
        var lines: [UInt8] = []
        for comment in preamble { try SystemdEncoder.comment(comment, into: &lines) }
        for section in sections {
            if !lines.isEmpty { lines.append(0x0A) }
            guard !section.name.isEmpty, section.name.utf8.allSatisfy({ $0.isAlphanumeric || $0 == 0x2D }) else {
                throw UnitFileError(
                    .systemd, value: ByteString(section.name), reason: "this cannot be the name of a section",
                    remedy: "use letters, digits and -")
            }
            lines += Array("[\(section.name)]\n".utf8)
            for entry in section.entries {
                switch entry {
                case .comment(let text): try SystemdEncoder.comment(text, into: &lines)
                case .directive(let name, let value):
                    let encoder = SystemdEncoder(section: section.name, directive: name)
                    try encoder.line(value, into: &lines)
                }
            }
        }
        return ByteString(lines)
    }
}

/// Writes the value of one directive by its syntax class.
struct SystemdEncoder {
    let section: String
    let directive: String

    static func comment(_ text: ByteString, into lines: inout [UInt8]) throws(UnitFileError) {
        guard !text.bytes.contains(where: { $0 == 0x0A || $0 == 0 }) else {
            throw UnitFileError(
                .systemd, value: text, reason: "a comment is one line", remedy: "make it several comments")
        }
        lines.append(0x23)
        if let first = text.bytes.first, !first.isBlank { lines.append(0x20) }
        lines += text.bytes
        lines.append(0x0A)
    }

    func line(_ value: SystemdValue, into lines: inout [UInt8]) throws(UnitFileError) {
        guard !directive.isEmpty, directive.utf8.allSatisfy(\.isAlphanumeric) else {
            throw failure(ByteString(directive), "this cannot be the name of a directive", "use letters and digits")
        }
        let start = lines.count
        lines += Array("\(directive)=".utf8)
        let valueStart = lines.count
        try encode(value, into: &lines)
        guard lines.count - start <= SystemdSyntax.maximumLine else {
            throw failure(
                ByteString(lines[valueStart...]), "systemd reads no line longer than 1 MiB",
                "keep the long value in the container or in a file")
        }
        lines.append(0x0A)
    }

    private func encode(_ value: SystemdValue, into line: inout [UInt8]) throws(UnitFileError) {
        let syntax = SystemdSyntax.of(directive, in: section)
        switch (value, syntax) {
        case (.reset, _): return
        case (.commands(let commands), .commands):
            guard !commands.isEmpty else { throw failure(nil, "no command", "give one, or reset the directive") }
            for (index, command) in commands.enumerated() {
                if index > 0 { line += [0x20, 0x3B, 0x20] }
                try self.command(command, into: &line)
            }
        case (.environment(let assignments), .environment):
            for (index, assignment) in assignments.enumerated() {
                if index > 0 { line.append(0x20) }
                try self.assignment(assignment, into: &line)
            }
        case (.words(let words), .unitNames), (.words(let words), .paths), (.words(let words), .quotedWords),
            (.words(let words), .bareWords):
            guard !words.isEmpty else { throw failure(nil, "an empty list", "leave the directive out") }
            for (index, word) in words.enumerated() {
                if index > 0 { line.append(0x20) }
                try self.word(word, syntax, into: &line)
            }
        case (.text(let text), .text): try rest(expanded(text), into: &line)
        case (.path(let text), .path): try rest(expanded(text), into: &line)
        case (.plain(let bytes), .plain):
            try rest(bytes.bytes, into: &line)
        case (.condition(let condition), .condition):
            var text: [UInt8] = []
            if condition.isTriggering { text.append(0x7C) }
            if condition.isNegated { text.append(0x21) }
            guard !condition.operand.isEmpty else {
                throw failure(nil, "a condition on nothing", "leave the directive out, or reset it")
            }
            text += try expanded(condition.operand)
            try rest(text, into: &line)
        case (.refused(let bytes), _):
            throw failure(bytes, "systemd would not accept this", "correct it where it was read from")
        case (.commands, _), (.environment, _), (.words, _), (.text, _), (.path, _), (.plain, _), (.condition, _):
            throw failure(nil, "the value is not of the kind that the directive takes (\(syntax))", "make it one")
        }
    }

    func failure(_ value: ByteString?, _ reason: String, _ remedy: String) -> UnitFileError {
        UnitFileError(.systemd, directive: "\(section).\(directive)", value: value, reason: reason, remedy: remedy)
    }
}
