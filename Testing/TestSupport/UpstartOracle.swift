/// Reads a job file by init(5) alone: what upstart's encoder is held against. It shares no code with that encoder, and knows only what
/// the manual and libnih's tests say of words, quotes, scripts and events.
public struct UpstartOracle {
    /// A stanza: its words without their quotes.
    public struct Stanza: Hashable {
        /// `kill timeout 5` is three words.
        public let words: [[UInt8]]
    }

    /// What runs.
    public enum Process: Hashable {
        /// Split at blanks and executed.
        case direct([[UInt8]])
        /// Handed to `/bin/sh -e -c`.
        case shell([UInt8])
    }

    /// Every stanza but processes and events, in order.
    public private(set) var stanzas: [Stanza] = []
    /// By `main`, `pre-start`…
    public private(set) var processes: [String: Process] = [:]
    /// By `start` and `stop`: the expression with every operator in parentheses.
    public private(set) var events: [String: String] = [:]

    private let bytes: [UInt8]
    private var at = 0

    /// Reads a job; throws for what makes upstart refuse it.
    public init(_ file: [UInt8]) throws {
        bytes = file
        while at < bytes.count { try line() }
    }

    /// The stanzas that begin with these words, without them.
    public func values(_ name: String) -> [[String]] {
        let wanted = name.split(separator: " ").map { Array($0.utf8) }
        return stanzas.filter { $0.words.starts(with: wanted) }
            .map { $0.words.dropFirst(wanted.count).map { String(decoding: $0, as: UTF8.self) } }
    }

    private mutating func line() throws {
        let words = try self.words()
        guard let name = words.first.map({ String(decoding: $0.text, as: UTF8.self) }) else { return }
        let kinds = ["pre-start", "post-start", "pre-stop", "post-stop"]
        if name == "exec" || name == "script" {
            try process("main", words)
        } else if kinds.contains(name) {
            try process(name, Array(words.dropFirst()))
        } else if name == "start" || name == "stop" {
            guard words.count > 2, words[1].text == Array("on".utf8) else { throw TestFailure("upstart: " + "no on") }
            var rest = words.dropFirst(2)[...]
            events[name] = try Self.expression(&rest)
            guard rest.isEmpty else { throw TestFailure("upstart: " + "events go on") }
        } else {
            stanzas.append(Stanza(words: words.map(\.text)))
        }
    }

    private struct Word {
        var text: [UInt8] = []
        /// Where it begins.
        var start = 0
        var quoted = false
        var isParenthesis: Bool { !quoted && (text == [0x28] || text == [0x29]) }
    }

    /// The words to the end of the line, the newline taken. `exec` stops it after itself.
    private mutating func words() throws -> [Word] {
        var words: [Word] = []
        var word: Word?
        var events = false
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 0x5C {
                guard at + 1 < bytes.count else { throw TestFailure("upstart: " + "a backslash at the end") }
                if bytes[at + 1] == 0x0A {
                    at += 2
                    continue
                }
                word = word ?? Word(start: at)
                word?.text.append(bytes[at + 1])
                word?.quoted = true
                at += 2
            } else if byte == 0x22 || byte == 0x27 {
                word = word ?? Word(start: at)
                word?.quoted = true
                at += 1
                while at < bytes.count, bytes[at] != byte {
                    if bytes[at] == 0x5C { at += 1 }
                    guard at < bytes.count, bytes[at] != 0x0A else {
                        throw TestFailure("upstart: " + "a newline in quotes")
                    }
                    word?.text.append(bytes[at])
                    at += 1
                }
                guard at < bytes.count else { throw TestFailure("upstart: " + "open quotes") }
                at += 1
            } else if byte == 0x0A || byte == 0x23 || isBlank(byte) || (events && (byte == 0x28 || byte == 0x29)) {
                if let done = word {
                    words.append(done)
                    word = nil
                    let last = String(decoding: done.text, as: UTF8.self)
                    if words.count <= 2, last == "exec" { return words }
                    if words.count == 2, last == "on" { events = true }
                }
                if byte == 0x28 || byte == 0x29 { words.append(Word(text: [byte], start: at)) }
                if byte == 0x23 { while at < bytes.count, bytes[at] != 0x0A { at += 1 } }
                at += 1
                if at - 1 < bytes.count, bytes[at - 1] == 0x0A { return words }
            } else {
                word = word ?? Word(start: at)
                word?.text.append(byte)
                at += 1
            }
        }
        if let word { words.append(word) }
        return words
    }

    private mutating func process(_ name: String, _ words: [Word]) throws {
        guard let kind = words.first.map({ String(decoding: $0.text, as: UTF8.self) }) else {
            throw TestFailure("upstart: " + "no process")
        }
        if kind == "exec" {
            var text = rawLine()
            while let first = text.first, first == 0x20 || first == 0x09 { text.removeFirst() }
            while let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
            let special = Set("~`!$^&*()=|\\{}[];\"'<>?".utf8)
            processes[name] =
                text.contains(where: special.contains)
                ? .shell(Array("exec ".utf8) + text)
                : .direct(text.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 }).map(Array.init))
            return
        }
        guard kind == "script", words.count == 1 else { throw TestFailure("upstart: " + "neither exec nor script") }
        var lines: [[UInt8]] = []
        while true {
            guard at < bytes.count else { throw TestFailure("upstart: " + "a script without an end") }
            let line = rawLine()
            let parts = line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }).map {
                String(decoding: $0, as: UTF8.self)
            }
            if parts.count >= 2, parts[0] == "end", parts[1] == "script", parts.count == 2 || parts[2].hasPrefix("#") {
                break
            }
            lines.append(line)
        }
        var common = lines.first.map { Array($0.prefix { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) } ?? []
        for line in lines { while !line.starts(with: common) { common.removeLast() } }
        processes[name] = .shell(lines.flatMap { $0.dropFirst(common.count) + [0x0A] })
    }

    /// The bytes to the end of the line, the newline taken.
    private mutating func rawLine() -> [UInt8] {
        let end = bytes[at...].firstIndex(of: 0x0A) ?? bytes.count
        defer { at = min(end + 1, bytes.count) }
        return Array(bytes[at..<end])
    }

    /// Operators bind alike, the first first.
    private static func expression(_ words: inout ArraySlice<Word>) throws -> String {
        var left = try operand(&words)
        while let next = words.first, !next.isParenthesis {
            let name = String(decoding: next.text, as: UTF8.self)
            guard !next.quoted, name == "and" || name == "or" else { throw TestFailure("upstart: " + "no operator") }
            words.removeFirst()
            left = "(\(left) \(name) \(try operand(&words)))"
        }
        return left
    }

    private static func operand(_ words: inout ArraySlice<Word>) throws -> String {
        guard let first = words.popFirst() else { throw TestFailure("upstart: " + "an event is missing") }
        if first.isParenthesis {
            guard first.text == [0x28] else { throw TestFailure("upstart: " + "a parenthesis too much") }
            let inner = try expression(&words)
            guard let close = words.popFirst(), close.isParenthesis, close.text == [0x29] else {
                throw TestFailure("upstart: " + "a parenthesis is missing")
            }
            return inner
        }
        var text = String(decoding: first.text, as: UTF8.self)
        while let next = words.first, !next.isParenthesis {
            let match = String(decoding: next.text, as: UTF8.self)
            if !next.quoted, match == "and" || match == "or" { break }
            words.removeFirst()
            text += " " + match
        }
        return text
    }
}
