/// A parser of regular expressions; see ``NamePattern``.
struct PatternParser {
    /// The largest count in a repetition; it is Go's bound.
    static let repetitionBound = 1000
    /// The deepest nesting of groups.
    static let depthBound = 100

    private var rest: ArraySlice<UInt8>
    private var depth = 0

    /// The parsed pattern of a whole text; `nil` when the text is no pattern.
    static func parse(_ text: String) -> PatternNode? {
        var parser = PatternParser(rest: Array(text.utf8)[...])
        guard let node = parser.alternatives(), parser.rest.isEmpty else { return nil }
        return node
    }

    private init(rest: ArraySlice<UInt8>) { self.rest = rest }

    private mutating func take(_ letter: Character) -> Bool {
        guard let wanted = letter.asciiValue, rest.first == wanted else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func alternatives() -> PatternNode? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthBound, var node = sequence() else { return nil }
        while take("|") {
            guard let next = sequence() else { return nil }
            node = .alternatives(node, next)
        }
        return node
    }

    private mutating func sequence() -> PatternNode? {
        var parts: [PatternNode] = []
        while let byte = rest.first, byte != 0x7C, byte != 0x29 {
            guard let part = repeated() else { return nil }
            parts.append(part)
        }
        return .sequence(parts)
    }

    private mutating func repeated() -> PatternNode? {
        guard let part = one() else { return nil }
        let node: PatternNode
        if take("*") {
            node = .repetition(part, least: 0, most: nil)
        } else if take("+") {
            node = .repetition(part, least: 1, most: nil)
        } else if take("?") {
            node = .repetition(part, least: 0, most: 1)
        } else if let (least, most) = counts() {
            let bound = Self.repetitionBound
            guard least <= bound, most ?? 0 <= bound, most.map({ least <= $0 }) ?? true else { return nil }
            node = .repetition(part, least: least, most: most)
        } else {
            return part
        }
        // A lazy repetition matches in the same texts. A second repetition is an error.
        _ = take("?")
        let next = rest.first
        return next == 0x2A || next == 0x2B || next == 0x3F ? nil : node
    }

    /// The counts of `{2}`, `{2,}` or `{2,5}`; other braces are text, as in Go.
    private mutating func counts() -> (Int, Int?)? {
        guard rest.first == 0x7B, let end = rest.firstIndex(of: 0x7D) else { return nil }
        let words = rest[(rest.startIndex + 1)..<end].split(separator: 0x2C, omittingEmptySubsequences: false)
        let numbers = words.map { Int(String(decoding: $0, as: UTF8.self)) }
        guard (1...2).contains(words.count), let least = numbers[0], least >= 0 else { return nil }
        if words.count == 2, !words[1].isEmpty, numbers[1] == nil { return nil }
        rest = rest[(end + 1)...]
        return (least, words.count == 1 ? least : numbers[1])
    }

    private mutating func one() -> PatternNode? {
        guard let byte = rest.popFirst() else { return nil }
        switch Character(Unicode.Scalar(byte)) {
        case "(": return group()
        case "[": return bracket().map { .byte($0) }
        case ".": return .byte(ByteSet([0x0A]).inverted)
        case "^": return .place(.start)
        case "$": return .place(.end)
        case "*", "+", "?": return nil
        case "\\": return escaped()
        case _: return .byte(ByteSet([byte]))
        }
    }

    private mutating func group() -> PatternNode? {
        if take("?") {
            let isNamed = take("P") && take("<")
            if isNamed {
                guard let end = rest.firstIndex(of: 0x3E) else { return nil }
                rest = rest[(end + 1)...]
            } else if !take(":") {
                return nil
            }
        }
        guard let inner = alternatives(), take(")") else { return nil }
        return inner
    }

    private mutating func escaped() -> PatternNode? {
        guard let byte = rest.popFirst() else { return nil }
        switch Character(Unicode.Scalar(byte)) {
        case "A": return .place(.start)
        case "z": return .place(.end)
        case "b": return .place(.wordBoundary)
        case "B": return .place(.noWordBoundary)
        case _: return Self.escape(byte).map { .byte($0) }
        }
    }

    /// The bytes that an escaped byte matches; `nil` for letters and digits without a meaning, which are an error.
    private static func escape(_ byte: UInt8) -> ByteSet? {
        switch Character(Unicode.Scalar(byte)) {
        case "d": .digits
        case "D": ByteSet.digits.inverted
        case "s": .blanks
        case "S": ByteSet.blanks.inverted
        case "w": .word
        case "W": ByteSet.word.inverted
        case "n": ByteSet([0x0A])
        case "t": ByteSet([0x09])
        case "r": ByteSet([0x0D])
        case _: ByteSet.word.contains(byte) && byte != 0x5F ? nil : ByteSet([byte])
        }
    }

    private mutating func bracket() -> ByteSet? {
        let isInverted = take("^")
        var set = ByteSet()
        var isFirst = true
        while isFirst || rest.first != 0x5D {
            isFirst = false
            guard let low = bracketMember() else { return nil }
            guard rest.count >= 2, rest.first == 0x2D, rest[rest.startIndex + 1] != 0x5D else {
                set = set.union(low.set)
                continue
            }
            rest.removeFirst()
            guard let high = bracketMember(), let first = low.byte, let last = high.byte, first <= last else {
                return nil
            }
            set = set.union(ByteSet(first...last))
        }
        guard take("]") else { return nil }
        return isInverted ? set.inverted : set
    }

    /// A member of a bracket: one byte, a class like `\d`, or a named class like `[:alpha:]`.
    private mutating func bracketMember() -> (set: ByteSet, byte: UInt8?)? {
        guard let byte = rest.popFirst() else { return nil }
        if byte == 0x5B, rest.first == 0x3A {
            guard let end = rest.firstIndex(of: 0x5D), end - rest.startIndex >= 2, rest[end - 1] == 0x3A else {
                return nil
            }
            let name = String(decoding: rest[(rest.startIndex + 1)..<(end - 1)], as: UTF8.self)
            rest = rest[(end + 1)...]
            return Self.named(name).map { ($0, nil) }
        }
        guard byte == 0x5C else { return (ByteSet([byte]), byte) }
        guard let letter = rest.popFirst(), let set = Self.escape(letter) else { return nil }
        return (set, set == ByteSet([letter]) ? letter : nil)
    }

    private static func named(_ name: String) -> ByteSet? {
        let lower = ByteSet(0x61...0x7A)
        let upper = ByteSet(0x41...0x5A)
        return switch name {
        case "alpha": lower.union(upper)
        case "lower": lower
        case "upper": upper
        case "digit": .digits
        case "alnum": lower.union(upper).union(.digits)
        case "word": .word
        case "xdigit": ByteSet.digits.union(ByteSet(0x61...0x66)).union(ByteSet(0x41...0x46))
        case "space": ByteSet.blanks.union(ByteSet([0x0B]))
        case "punct": ByteSet(0x21...0x7E).subtracting(lower.union(upper).union(.digits))
        case _: nil
        }
    }
}
