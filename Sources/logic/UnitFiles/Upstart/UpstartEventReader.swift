/// Puts the words of `start on` and `stop on` together: `and` and `or` bind alike and to the left, parentheses first.
struct UpstartEventReader {
    private enum Operator {
        case and, or
    }

    private struct Level {
        var left: UpstartEvents?
        var pending: Operator?
        var event: (name: ByteString, matches: [UpstartMatch])?
    }

    private var levels = [Level()]

    /// How many parentheses are open.
    var depth: Int { levels.count - 1 }

    /// The whole; nil while it is not complete.
    var result: UpstartEvents? {
        guard depth == 0 else { return nil }
        var level = levels[0]
        guard Self.settle(&level), level.pending == nil else { return nil }
        return level.left
    }

    /// An event, an operator or a match; false where it cannot stand.
    mutating func take(_ word: ByteString, isQuoted: Bool) -> Bool {
        let last = levels.count - 1
        if !isQuoted, word == "and" || word == "or" {
            guard Self.settle(&levels[last]), levels[last].left != nil, levels[last].pending == nil else {
                return false
            }
            levels[last].pending = word == "and" ? .and : .or
            return true
        }
        guard let event = levels[last].event else {
            guard levels[last].left == nil || levels[last].pending != nil else { return false }
            levels[last].event = (word, [])
            return true
        }
        let byName = event.matches.contains { match in
            switch match {
            case .positional: false
            case .equal, .notEqual: true
            }
        }
        guard let equals = word.bytes.firstIndex(of: 0x3D) else {
            guard !byName else { return false }
            levels[last].event?.matches.append(.positional(word))
            return true
        }
        let value = ByteString(word.bytes[(equals + 1)...])
        let key = word.bytes[..<equals]
        if key.last == 0x21 {
            levels[last].event?.matches.append(.notEqual(ByteString(key.dropLast()), value))
        } else {
            levels[last].event?.matches.append(.equal(ByteString(key), value))
        }
        return true
    }

    /// A parenthesis opens; false where it cannot.
    mutating func open() -> Bool {
        let level = levels[levels.count - 1]
        guard level.event == nil, level.left == nil || level.pending != nil else { return false }
        levels.append(Level())
        return true
    }

    /// A parenthesis closes; false where it cannot.
    mutating func close() -> Bool {
        guard depth > 0, var level = levels.popLast(), Self.settle(&level), level.pending == nil, let inner = level.left
        else { return false }
        Self.join(inner, to: &levels[levels.count - 1])
        return true
    }

    /// Ends the event that is being read.
    private static func settle(_ level: inout Level) -> Bool {
        guard let event = level.event else { return level.left != nil }
        level.event = nil
        join(.event(event.name, event.matches), to: &level)
        return true
    }

    private static func join(_ right: UpstartEvents, to level: inout Level) {
        guard let left = level.left, let pending = level.pending else {
            level.left = right
            return
        }
        switch pending {
        case .and: level.left = .and(left, right)
        case .or: level.left = .or(left, right)
        }
        level.pending = nil
    }
}
