/// One word of a template.
struct Token: Equatable {
    enum Kind: Equatable {
        case text, leftDelimiter, rightDelimiter, space
        case assign, declare, comma, pipe, leftParenthesis, rightParenthesis
        case bool, character, string, rawString, number
        case dot, field, identifier, variable, keyword, nilWord
        case badCharacter, error, end
    }

    let kind: Kind
    /// Where it begins, in bytes from the start of the template.
    let position: Int
    /// Its line, from 1.
    let line: Int
    /// Its text, or the complaint of an error.
    let text: String
}

/// Cuts a template into words, as Go's text/template/parse does.
struct Lexer {
    private let input: [UInt8]
    private var position = 0
    private var line = 1
    private var parentheses = 0
    private var insideAction = false
    private var tokens: [Token] = []

    private static let leftDelimiter = Array("{{".utf8)
    private static let rightDelimiter = Array("}}".utf8)
    private static let leftComment = Array("/*".utf8)
    private static let rightComment = Array("*/".utf8)
    private static let keywords: Set<String> = [
        "block", "break", "continue", "define", "else", "end", "if", "range", "template", "with",
    ]

    /// All words of a template; the last is an end or an error.
    static func tokens(of template: String) -> [Token] {
        var lexer = Lexer(input: Array(template.utf8))
        while lexer.step() {}
        return lexer.tokens
    }

    private init(input: [UInt8]) { self.input = input }

    private mutating func step() -> Bool {
        insideAction ? lexAction() : lexText()
    }

    // MARK: Outside of actions

    private mutating func lexText() -> Bool {
        let start = position
        guard let found = find(Self.leftDelimiter, from: position) else {
            emitText(start, input.count)
            position = input.count
            emit(.end, at: position, "")
            return false
        }
        let trims = hasLeftTrim(found + 2)
        var end = found
        if trims {
            while end > start, isSpace(input[end - 1]) { end -= 1 }
        }
        emitText(start, end)
        line += newlines(end, found)
        position = found + 2
        let afterTrim = position + (trims ? 2 : 0)
        if starts(with: Self.leftComment, at: afterTrim) { return lexComment(afterTrim) }
        emit(.leftDelimiter, at: found, "{{")
        position = afterTrim
        line += newlines(found + 2, afterTrim)
        parentheses = 0
        insideAction = true
        return true
    }

    private mutating func lexComment(_ start: Int) -> Bool {
        guard let close = find(Self.rightComment, from: start) else { return fail("unclosed comment", at: start) }
        let end = close + 2
        let trims = hasRightTrim(end)
        let delimiter = end + (trims ? 2 : 0)
        guard starts(with: Self.rightDelimiter, at: delimiter) else {
            return fail("comment ends before closing delimiter", at: start)
        }
        line += newlines(position, delimiter)
        position = delimiter + 2
        if trims { skipSpace() }
        return true
    }

    private mutating func emitText(_ start: Int, _ end: Int) {
        guard end > start else { return }
        emit(.text, at: start, GoText.string(input[start..<end]))
        line += newlines(start, end)
    }

    // MARK: Inside of actions

    private mutating func lexAction() -> Bool {
        let start = position
        let trims = hasRightTrim(position)
        if trims || starts(with: Self.rightDelimiter, at: position) {
            guard parentheses == 0 else { return fail("unclosed left paren", at: start) }
            if trims { position += 2 }
            emit(.rightDelimiter, at: position, "}}")
            position += 2
            if trims { skipSpace() }
            insideAction = false
            return true
        }
        guard position < input.count else { return fail("unclosed action", at: start) }
        let byte = input[position]
        switch Character(Unicode.Scalar(byte)) {
        case " ", "\t", "\r", "\n": return lexSpace()
        case "=": return take(1, .assign)
        case ":":
            guard position + 1 < input.count, input[position + 1] == UInt8(ascii: "=") else {
                return fail("expected :=", at: start)
            }
            return take(2, .declare)
        case "|": return take(1, .pipe)
        case ",": return take(1, .comma)
        case "\"": return lexQuoted(UInt8(ascii: "\""), .string, "unterminated quoted string")
        case "'": return lexQuoted(byte, .character, "unterminated character constant")
        case "`": return lexRaw()
        case "$": return lexName(.variable)
        case ".": return lexDot()
        case "(":
            parentheses += 1
            return take(1, .leftParenthesis)
        case ")":
            parentheses -= 1
            guard parentheses >= 0 else { return fail("unexpected right paren", at: start) }
            return take(1, .rightParenthesis)
        case "+", "-", "0"..."9": return lexNumber()
        default: return isWord(position) ? lexIdentifier() : unrecognized(start)
        }
    }

    private mutating func unrecognized(_ start: Int) -> Bool {
        let scalar = self.scalar(at: start)
        if scalar.value > 0x20, scalar.value < 0x7F { return take(1, .badCharacter) }
        return fail("unrecognized character in action: \(Lexer.named(scalar))", at: start)
    }

    private mutating func lexSpace() -> Bool {
        let start = position
        while position < input.count, isSpace(input[position]) {
            // The minus that trims belongs to the delimiter and needs its space.
            if hasRightTrim(position) { break }
            position += 1
        }
        emit(.space, at: start, GoText.string(input[start..<position]))
        line += newlines(start, position)
        return true
    }

    private mutating func lexQuoted(_ quote: UInt8, _ kind: Token.Kind, _ complaint: String) -> Bool {
        let start = position
        var index = position + 1
        while index < input.count, input[index] != quote {
            if input[index] == UInt8(ascii: "\\") { index += 1 }
            if index >= input.count || input[index] == 10 { return fail(complaint, at: start) }
            index += 1
        }
        guard index < input.count else { return fail(complaint, at: start) }
        return take(index + 1 - start, kind)
    }

    private mutating func lexRaw() -> Bool {
        let start = position
        guard let end = find([UInt8(ascii: "`")], from: position + 1) else {
            return fail("unterminated raw quoted string", at: start)
        }
        return take(end + 1 - start, .rawString)
    }

    private mutating func lexDot() -> Bool {
        if position + 1 < input.count {
            let next = input[position + 1]
            if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) { return lexNumber() }
            if isWord(position + 1) { return lexName(.field) }
        }
        guard atTerminator(position + 1) else { return badCharacter(position + 1) }
        return take(1, .dot)
    }

    private mutating func lexName(_ kind: Token.Kind) -> Bool {
        var end = position + 1
        while isWord(end) { end += scalarWidth(end) }
        guard atTerminator(end) else { return badCharacter(end) }
        return take(end - position, kind)
    }

    private mutating func lexIdentifier() -> Bool {
        var end = position
        while isWord(end) { end += scalarWidth(end) }
        guard atTerminator(end) else { return badCharacter(end) }
        let word = GoText.string(input[position..<end])
        if Self.keywords.contains(word) { return take(end - position, .keyword) }
        switch word {
        case "true", "false": return take(end - position, .bool)
        case "nil": return take(end - position, .nilWord)
        default: return take(end - position, .identifier)
        }
    }

    private mutating func lexNumber() -> Bool {
        let end = numberEnd()
        guard !isWord(end) else {
            let text = GoText.string(input[position..<end + scalarWidth(end)])
            return fail("bad number syntax: \(GoQuote.quote(text))", at: position)
        }
        return take(end - position, .number)
    }

    /// Where the digits, point and exponent of a number end.
    private func numberEnd() -> Int {
        var end = position
        func skip(_ accepted: String) {
            while end < input.count, accepted.utf8.contains(input[end]) { end += 1 }
        }
        func accept(_ accepted: String) -> Bool {
            guard end < input.count, accepted.utf8.contains(input[end]) else { return false }
            end += 1
            return true
        }
        _ = accept("+-")
        var digits = "0123456789_"
        if accept("0") {
            if accept("xX") {
                digits = "0123456789abcdefABCDEF_"
            } else if accept("oO") {
                digits = "01234567_"
            } else if accept("bB") {
                digits = "01_"
            }
        }
        skip(digits)
        if accept(".") { skip(digits) }
        if accept(digits.utf8.count == 11 ? "eE" : digits.utf8.count == 23 ? "pP" : "") {
            _ = accept("+-")
            skip("0123456789_")
        }
        return end
    }

    // MARK: Words and bytes

    private mutating func take(_ count: Int, _ kind: Token.Kind) -> Bool {
        emit(kind, at: position, GoText.string(input[position..<position + count]))
        line += newlines(position, position + count)
        position += count
        return true
    }

    private mutating func emit(_ kind: Token.Kind, at position: Int, _ text: String) {
        tokens.append(Token(kind: kind, position: position, line: line, text: text))
    }

    private mutating func fail(_ complaint: String, at position: Int) -> Bool {
        emit(.error, at: position, complaint)
        return false
    }

    private mutating func badCharacter(_ index: Int) -> Bool {
        fail("bad character \(Lexer.named(scalar(at: index)))", at: position)
    }

    /// Go's `%#U`: the number of a code point and, when it prints, the character.
    static func named(_ scalar: Unicode.Scalar) -> String {
        let number = "U+" + GoText.hex(scalar.value, width: 4, uppercase: true)
        return scalar.value < 0x20 || scalar.value == 0x7F ? number : "\(number) '\(scalar)'"
    }

    private func find(_ needle: [UInt8], from start: Int) -> Int? {
        guard start <= input.count - needle.count else { return nil }
        return (start...input.count - needle.count).first { starts(with: needle, at: $0) }
    }

    private func starts(with needle: [UInt8], at index: Int) -> Bool {
        guard index + needle.count <= input.count else { return false }
        for offset in needle.indices where input[index + offset] != needle[offset] { return false }
        return true
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }

    private func hasLeftTrim(_ index: Int) -> Bool {
        index + 1 < input.count && input[index] == UInt8(ascii: "-") && isSpace(input[index + 1])
    }

    private func hasRightTrim(_ index: Int) -> Bool {
        index + 1 < input.count && isSpace(input[index]) && input[index + 1] == UInt8(ascii: "-")
            && starts(with: Self.rightDelimiter, at: index + 2)
    }

    private mutating func skipSpace() {
        let start = position
        while position < input.count, isSpace(input[position]) { position += 1 }
        line += newlines(start, position)
    }

    private func newlines(_ start: Int, _ end: Int) -> Int {
        input[start..<end].reduce(0) { $0 + ($1 == 10 ? 1 : 0) }
    }

    private func scalarWidth(_ index: Int) -> Int {
        switch input[index] {
        case 0..<0x80: 1
        case 0xC0..<0xE0: 2
        case 0xE0..<0xF0: 3
        default: 4
        }
    }

    private func scalar(at index: Int) -> Unicode.Scalar {
        guard index < input.count else { return "\u{FFFD}" }
        let bytes = input[index..<min(input.count, index + scalarWidth(index))]
        return GoText.string(bytes).unicodeScalars.first ?? "\u{FFFD}"
    }

    private func isWord(_ index: Int) -> Bool {
        guard index < input.count else { return false }
        let scalar = self.scalar(at: index)
        return scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
    }

    private func atTerminator(_ index: Int) -> Bool {
        guard index < input.count else { return true }
        if isSpace(input[index]) { return true }
        if [".", ",", "|", ":", ")", "("].contains(Character(Unicode.Scalar(input[index]))) { return true }
        return starts(with: Self.rightDelimiter, at: index)
    }
}
