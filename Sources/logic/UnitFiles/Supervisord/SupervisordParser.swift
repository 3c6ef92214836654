extension SupervisordConfig {
    /// Reads a configuration as supervisord does: Python's RawConfigParser for lines, then each key by its kind. What supervisord would
    /// refuse is kept as `refused`; throws where the file cannot be read at all.
    public init(parsing file: ByteString) throws(UnitFileError) {
        self.init()
        guard let text = file.text else {
            throw UnitFileError(.supervisord, reason: "the file is not UTF-8", remedy: "save it as UTF-8")
        }
        var key: (name: String, lines: [String])?
        var number = 0
        // Python makes a newline of every carriage return.
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        for raw in lines {
            number += 1
            let line = String(raw.unicodeScalars.prefix(Self.lengthWithoutComment(raw)).map(Character.init))
            let value = Self.trimmed(line)
            if value.isEmpty {
                // An empty line belongs to the value before it, and is dropped at its end.
                if raw.unicodeScalars.allSatisfy(SupervisordText.isSpace) {
                    key?.lines.append("")
                } else {
                    keepComment(raw, key == nil)
                }
                continue
            }
            if key != nil, line.unicodeScalars.first.map(SupervisordText.isSpace) == true {
                key?.lines.append(value)
                continue
            }
            finish(&key)
            try read(value, number: number, &key)
        }
        finish(&key)
    }

    private mutating func keepComment(_ raw: Substring, _ atLineStart: Bool) {
        let text = Self.trimmed(String(raw)).dropFirst()
        let bytes = ByteString(
            text.first == " " && text.dropFirst().first.map { $0 != " " } == true ? text.dropFirst() : text)
        if sections.isEmpty {
            preamble.append(bytes)
        } else if atLineStart {
            sections[sections.count - 1].entries.append(.comment(bytes))
        }
    }

    private mutating func read(
        _ line: String, number: Int, _ key: inout (name: String, lines: [String])?
    ) throws(UnitFileError) {
        if line.first == "[", let end = line.lastIndex(of: "]") {
            sections.append(Section(ByteString(line[line.index(after: line.startIndex)..<end])))
            return
        }
        guard !sections.isEmpty else {
            throw UnitFileError(
                .supervisord, line: number, value: ByteString(line), reason: "the line stands before every section",
                remedy: "put it below a [section]")
        }
        guard let sign = line.firstIndex(where: { $0 == "=" || $0 == ":" }), sign != line.startIndex else {
            throw UnitFileError(
                .supervisord, line: number, value: ByteString(line), reason: "this is neither a section nor key=value",
                remedy: "correct the line")
        }
        let name = Self.trimmed(String(line[..<sign])).lowercased()
        key = (name, [Self.trimmed(String(line[line.index(after: sign)...]))])
    }

    private mutating func finish(_ key: inout (name: String, lines: [String])?) {
        guard let (name, found) = key else { return }
        var lines = found
        key = nil
        while lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
        let value = SupervisordParser.value(lines.joined(separator: "\n"), of: name)
        let last = sections.count - 1
        // Of a key that is there twice the last counts, at the first one's place.
        for (index, entry) in sections[last].entries.enumerated() {
            if case .key(name, _) = entry {
                sections[last].entries[index] = .key(name, value)
                return
            }
        }
        sections[last].entries.append(.key(name, value))
    }

    /// Where `;` or `#` at the beginning or after a space begins a comment.
    private static func lengthWithoutComment(_ line: Substring) -> Int {
        var afterSpace = true
        for (index, scalar) in line.unicodeScalars.enumerated() {
            if afterSpace, scalar == ";" || scalar == "#" { return index }
            afterSpace = SupervisordText.isSpace(scalar)
        }
        return line.unicodeScalars.count
    }

    private static func trimmed(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)[...]
        while let first = scalars.first, SupervisordText.isSpace(first) { scalars.removeFirst() }
        while let last = scalars.last, SupervisordText.isSpace(last) { scalars.removeLast() }
        var answer = String.UnicodeScalarView()
        answer.append(contentsOf: scalars)
        return String(answer)
    }
}

/// Reads the value of one key.
enum SupervisordParser {
    private static let lists: Set<String> = ["programs", "exitcodes"]

    static func value(_ text: String, of key: String) -> SupervisordValue {
        let bytes = Array(text.utf8)
        switch key {
        case "command":
            guard let words = words(bytes), !words.isEmpty else { return .refused(ByteString(text)) }
            let texts = words.compactMap { self.text($0) }
            return texts.count == words.count ? .command(texts) : .refused(ByteString(text))
        case "environment": return environment(bytes).map { .environment($0) } ?? .refused(ByteString(text))
        case let key where lists.contains(key):
            let items = bytes.isEmpty ? [] : bytes.split(separator: 0x2C, omittingEmptySubsequences: false)
            let texts = items.compactMap { self.text(ByteString($0).trimmed(\.isBlank).bytes) }
            return texts.count == items.count ? .list(texts) : .refused(ByteString(text))
        default: return self.text(bytes).map { .text($0) } ?? .refused(ByteString(text))
        }
    }

    /// The words as Python's `shlex.split` cuts them; nil when quotes stay open or a backslash comes last.
    private static func words(_ bytes: [UInt8]) -> [[UInt8]]? {
        var words: [[UInt8]] = []
        var word: [UInt8]?
        var quote: UInt8?
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if let open = quote {
                if byte == open {
                    quote = nil
                } else if byte == 0x5C, open == 0x22 {
                    guard index < bytes.count else { return nil }
                    let next = bytes[index]
                    index += 1
                    word = (word ?? []) + (next == open || next == 0x5C ? [next] : [byte, next])
                } else {
                    word = (word ?? []) + [byte]
                }
            } else if byte == 0x22 || byte == 0x27 {
                quote = byte
                word = word ?? []
            } else if byte == 0x5C {
                guard index < bytes.count else { return nil }
                word = (word ?? []) + [bytes[index]]
                index += 1
            } else if byte.isSystemdSpace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? []) + [byte]
            }
        }
        guard quote == nil else { return nil }
        if let word { words.append(word) }
        return words
    }

    /// `KEY="value",…` as supervisord cuts it, with a value in quotes or of ordinary characters.
    private static func environment(_ bytes: [UInt8]) -> [SupervisordAssignment]? {
        var assignments: [SupervisordAssignment] = []
        var rest = bytes[...].drop(while: \.isSystemdSpace)
        while !rest.isEmpty {
            let name = rest.prefix { $0.isAlphanumeric || $0 == 0x5F }
            rest = rest.dropFirst(name.count).drop(while: \.isSystemdSpace)
            guard name.isVariableName, rest.popFirst() == 0x3D else { return nil }
            rest = rest.drop(while: \.isSystemdSpace)
            let value: ArraySlice<UInt8>
            if let quote = rest.first, quote == 0x22 || quote == 0x27 {
                rest = rest.dropFirst()
                guard let end = rest.firstIndex(of: quote) else { return nil }
                value = rest[..<end]
                rest = rest[(end + 1)...]
            } else {
                value = rest.prefix {
                    $0.isAlphanumeric || [0x5F, 0x2F, 0x2E, 0x2B, 0x2D, 0x28, 0x29, 0x3A].contains($0)
                }
                guard !value.isEmpty else { return nil }
                rest = rest.dropFirst(value.count)
            }
            guard let text = text(Array(value)) else { return nil }
            assignments.append(SupervisordAssignment(ByteString(name), text))
            rest = rest.drop(while: \.isSystemdSpace)
            guard rest.isEmpty || rest.popFirst() == 0x2C else { return nil }
            rest = rest.drop(while: \.isSystemdSpace)
        }
        return assignments.isEmpty ? nil : assignments
    }

    /// A text with Python's `%(name)s` in it; nil for what `%` cannot format.
    private static func text(_ bytes: [UInt8]) -> SupervisordText? {
        var pieces: [SupervisordPiece] = []
        var literal: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == 0x25 else {
                literal.append(bytes[index])
                index += 1
                continue
            }
            guard index + 1 < bytes.count else { return nil }
            if bytes[index + 1] == 0x25 {
                literal.append(0x25)
                index += 2
                continue
            }
            guard bytes[index + 1] == 0x28, let end = bytes[index...].firstIndex(of: 0x29) else { return nil }
            let format = bytes[(end + 1)...].prefix { (0x30...0x39).contains($0) }
            let letterAt = end + 1 + format.count
            guard letterAt < bytes.count, bytes[letterAt].isAlphanumeric else { return nil }
            if !literal.isEmpty { pieces.append(.literal(ByteString(literal))) }
            literal = []
            pieces.append(
                .expansion(ByteString(bytes[(index + 2)..<end]), format: ByteString(bytes[(end + 1)...letterAt])))
            index = letterAt + 1
        }
        if !literal.isEmpty { pieces.append(.literal(ByteString(literal))) }
        return SupervisordText(pieces)
    }
}
