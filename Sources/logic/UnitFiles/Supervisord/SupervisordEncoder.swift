extension SupervisordConfig {
    /// The file. Throws for what supervisord cannot be told: which value, why, and what to do instead.
    public func encoded() throws(UnitFileError) -> ByteString {
        var lines: [UInt8] = []
        for comment in preamble { try SupervisordEncoder.comment(comment, into: &lines) }
        var seen: Set<ByteString> = []
        for section in sections {
            if !lines.isEmpty { lines.append(0x0A) }
            guard seen.insert(section.name).inserted else {
                throw UnitFileError(
                    .supervisord, value: section.name, reason: "two sections have this name", remedy: "join them")
            }
            guard !section.name.isEmpty, section.name == section.name.trimmed({ $0 <= 0x20 }),
                section.name.bytes.allSatisfy({
                    $0 >= 0x20 && $0 < 0x7F && $0 != 0x5D && $0 != 0x5B && $0 != 0x23 && $0 != 0x3B
                })
            else {
                throw UnitFileError(
                    .supervisord, value: section.name, reason: "this cannot be the name of a section",
                    remedy: "use letters, digits, '.', '_' and '-'")
            }
            lines += [0x5B] + section.name.bytes + [0x5D, 0x0A]
            var keys: Set<String> = []
            for entry in section.entries {
                switch entry {
                case .comment(let text): try SupervisordEncoder.comment(text, into: &lines)
                case .key(let name, let value):
                    let encoder = SupervisordEncoder(section: section.name, key: name)
                    guard keys.insert(name).inserted else {
                        throw encoder.failure(nil, "the key is there twice", "give it once")
                    }
                    try encoder.line(value, into: &lines)
                }
            }
        }
        return ByteString(lines)
    }
}

/// Writes the value of one key as Python's RawConfigParser, supervisord's expansion and its shlex read it.
struct SupervisordEncoder {
    let section: ByteString
    let key: String

    static func comment(_ text: ByteString, into lines: inout [UInt8]) throws(UnitFileError) {
        guard !text.bytes.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }), text.isUTF8 else {
            throw UnitFileError(
                .supervisord, value: text, reason: "a comment is one line of UTF-8", remedy: "make it several comments")
        }
        lines.append(0x3B)
        if let first = text.bytes.first, !first.isBlank { lines.append(0x20) }
        lines += text.bytes + [0x0A]
    }

    func line(_ value: SupervisordValue, into lines: inout [UInt8]) throws(UnitFileError) {
        let known = key.utf8.first.map { ($0 | 0x20) >= 0x61 } ?? false
        guard known, key.utf8.allSatisfy({ $0.isAlphanumeric || $0 == 0x5F }), key == key.lowercased() else {
            throw failure(ByteString(key), "this cannot be a key", "use small letters, digits and _")
        }
        lines += Array("\(key)=".utf8)
        switch value {
        case .command(let words):
            guard !words.isEmpty, words.first?.literal?.isEmpty != true else {
                throw failure(nil, "no program", "name one")
            }
            for (index, word) in words.enumerated() {
                if index > 0 { lines.append(0x20) }
                lines += shellWord(try expanded(word))
            }
        case .environment(let assignments):
            guard !assignments.isEmpty else { throw failure(nil, "no variable", "leave the key out") }
            for (index, assignment) in assignments.enumerated() {
                if index > 0 { lines.append(0x2C) }
                guard assignment.name.bytes.isVariableName else {
                    throw failure(
                        assignment.name, "supervisord sets no variable of this name",
                        "use letters, digits and _, no digit first")
                }
                lines += assignment.name.bytes + [0x3D]
                lines += try quotedValue(try expanded(assignment.value))
            }
        case .list(let items):
            for (index, item) in items.enumerated() {
                if index > 0 { lines.append(0x2C) }
                let bytes = try expanded(item)
                guard !bytes.isEmpty, !bytes.contains(0x2C) else {
                    throw failure(ByteString(bytes), "an item is not empty and has no comma", "leave it out")
                }
                try bare(bytes, into: &lines)
            }
        case .text(let text): try bare(try expanded(text), into: &lines)
        case .refused(let bytes):
            throw failure(bytes, "supervisord would not accept this", "correct it where it was read from")
        }
        lines.append(0x0A)
    }

    // MARK: Texts

    /// The bytes that supervisord expands to the text again: `%` doubled.
    private func expanded(_ text: SupervisordText) throws(UnitFileError) -> [UInt8] {
        var bytes: [UInt8] = []
        for piece in text.pieces {
            switch piece {
            case .literal(let part):
                guard part.isUTF8, !part.bytes.contains(0), !part.bytes.contains(0x0D) else {
                    throw failure(
                        part, "supervisord reads UTF-8, no NUL byte, and takes a carriage return for a newline",
                        "keep it in the container or in a file")
                }
                bytes += part.bytes.flatMap { $0 == 0x25 ? [$0, $0] : [$0] }
            case .expansion(let name, let format):
                guard !name.isEmpty, name.bytes.allSatisfy({ $0.isAlphanumeric || $0 == 0x5F }),
                    !format.isEmpty, format.bytes.allSatisfy({ $0.isAlphanumeric })
                else {
                    throw failure(name, "no expansion is called so", "use one of supervisord's configuration manual")
                }
                bytes += [0x25, 0x28] + name.bytes + [0x29] + format.bytes
            }
        }
        return bytes
    }

    /// A value without quotes: one line that neither begins nor ends with a blank, and has no comment in it.
    private func bare(_ bytes: [UInt8], into lines: inout [UInt8]) throws(UnitFileError) {
        let value = ByteString(bytes)
        guard let text = value.text, !text.contains("\n") else {
            throw failure(value, "only one line can be written here", "leave the newline out")
        }
        let spaces = SupervisordText.isSpace
        guard text.unicodeScalars.first.map({ !spaces($0) }) ?? false,
            text.unicodeScalars.last.map({ !spaces($0) }) ?? false
        else { throw failure(value, "blanks at both ends are dropped, and nothing is no value", "leave them out") }
        guard !Self.hasComment(text) else {
            throw failure(value, "a ; or # after a blank begins a comment", "leave the blank out")
        }
        lines += bytes
    }

    static func hasComment(_ text: String) -> Bool {
        var afterSpace = true
        for scalar in text.unicodeScalars {
            if afterSpace, scalar == ";" || scalar == "#" { return true }
            afterSpace = SupervisordText.isSpace(scalar)
        }
        return false
    }

    /// A word for shlex. Quotes are closed and opened again wherever a newline, or a comment's mark after a space, would be seen by the
    /// reader of the file, which knows nothing of quotes.
    private func shellWord(_ bytes: [UInt8]) -> [UInt8] {
        if ShellLine.isPlain(bytes.filter { $0 != 0x25 && $0 != 0x28 && $0 != 0x29 }), !bytes.contains(0x28) {
            return bytes
        }
        var answer: [UInt8] = [0x22]
        var afterSpace = false
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\n": answer += [0x22, 0x22, 0x0A, 0x20, 0x22, 0x22]
            case "\"", "\\": answer += [0x5C, UInt8(ascii: scalar)]
            case ";", "#":
                if afterSpace { answer += [0x22, 0x22] }
                answer.append(UInt8(ascii: scalar))
            default: answer += Array(String(scalar).utf8)
            }
            afterSpace = SupervisordText.isSpace(scalar)
        }
        return answer + [0x22]
    }

    /// A value of `environment=`, whose reader has quotes of both kinds and no escapes, and takes all quotes off both ends.
    private func quotedValue(_ bytes: [UInt8]) throws(UnitFileError) -> [UInt8] {
        let value = ByteString(bytes)
        let quotes: [UInt8] = [0x22, 0x27]
        let ends = [bytes.first, bytes.last].contains { $0.map(quotes.contains) ?? false }
        let both = quotes.allSatisfy { bytes.contains($0) }
        guard !ends, !both, let text = value.text, !text.contains("\n"), !Self.hasComment("x" + text) else {
            throw failure(
                value,
                "supervisord's environment has no words for a value with both kinds of quotes, with one at an end, "
                    + "with a newline, or with ; or # after a blank",
                "set it in the container, or start the program by a script")
        }
        let quote: UInt8 = bytes.contains(0x22) ? 0x27 : 0x22
        return [quote] + bytes + [quote]
    }

    func failure(_ value: ByteString?, _ reason: String, _ remedy: String) -> UnitFileError {
        UnitFileError(
            .supervisord, directive: (section.text.map { $0 + "." } ?? "") + key, value: value, reason: reason,
            remedy: remedy)
    }
}

extension SupervisordText {
    /// What Python's `str.isspace` says of a character.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }
}
