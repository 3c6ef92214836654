/// A regular expression of the filters `name` and `id`. The grammar is that of Go's regexp without flags, Unicode
/// classes and captures, which no filter needs.
///
/// All states are followed at once, so that no pattern costs more than its length times the text's.
struct NamePattern {
    /// The most states to which repetitions like `{1000}` may unfold.
    static let stateBound = 4096
    /// The most bytes of a pattern.
    static let lengthBound = 4096

    private let states: [State]

    /// Parses a pattern; `nil` for text that is no pattern. dockerd lets such a filter match nothing.
    init?(_ text: String) {
        guard text.utf8.count <= Self.lengthBound, let node = PatternParser.parse(text) else { return nil }
        var program = Program()
        guard program.append(node) else { return nil }
        states = program.states + [.matched]
    }

    /// Whether a text is the value of a filter, or has a match of it as a pattern.
    static func isMatch(_ value: String, _ text: String) -> Bool {
        value == text || NamePattern(value)?.matches(text) ?? false
    }

    /// Whether the pattern matches somewhere in a text.
    func matches(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var present = Set<Int>()
        for position in 0...bytes.count {
            follow(0, at: position, in: bytes, into: &present)
            if present.contains(states.count - 1) { return true }
            guard position < bytes.count else { return false }
            var next = Set<Int>()
            for index in present {
                if case .byte(let wanted) = states[index], wanted.contains(bytes[position]) {
                    follow(index + 1, at: position + 1, in: bytes, into: &next)
                }
            }
            present = next
        }
        return false
    }

    /// Adds a state, and every state reached from it without a byte.
    private func follow(_ first: Int, at position: Int, in text: [UInt8], into present: inout Set<Int>) {
        var open = [first]
        while let index = open.popLast() {
            guard present.insert(index).inserted else { continue }
            switch states[index] {
            case .byte, .matched: break
            case .fork(let distance): open += [index + 1, index + distance]
            case .jump(let distance): open.append(index + distance)
            case .check(let place):
                if place.holds(at: position, in: text) { open.append(index + 1) }
            }
        }
    }

    /// One state. Distances are relative, so that a part can be copied.
    private enum State {
        case byte(ByteSet)
        /// Goes on with the next state and with the one at this distance.
        case fork(Int)
        case jump(Int)
        case check(PatternPlace)
        case matched
    }

    /// States under construction. Parts without states are counted too, as `((){1000}){1000}` also unfolds.
    private struct Program {
        private(set) var states: [State] = []
        private var work = 0

        mutating func append(_ node: PatternNode) -> Bool {
            work += 1
            guard states.count < stateBound, work < 4 * stateBound else { return false }
            switch node {
            case .byte(let set): states.append(.byte(set))
            case .place(let place): states.append(.check(place))
            case .sequence(let parts): for part in parts { guard append(part) else { return false } }
            case .alternatives(let first, let second):
                let fork = states.count
                states.append(.fork(0))
                guard append(first) else { return false }
                let jump = states.count
                states.append(.jump(0))
                guard append(second) else { return false }
                states[fork] = .fork(jump + 1 - fork)
                states[jump] = .jump(states.count - jump)
            case .repetition(let part, let least, let most):
                for _ in 0..<least { guard append(part) else { return false } }
                guard let most else { return appendLoop(part) }
                for _ in least..<most {
                    let fork = states.count
                    states.append(.fork(0))
                    guard append(part) else { return false }
                    states[fork] = .fork(states.count - fork)
                }
            }
            return true
        }

        private mutating func appendLoop(_ part: PatternNode) -> Bool {
            let fork = states.count
            states.append(.fork(0))
            guard append(part) else { return false }
            states.append(.jump(fork - states.count))
            states[fork] = .fork(states.count - fork)
            return true
        }
    }
}

/// An assertion about a place, which takes no byte.
enum PatternPlace: Hashable {
    case start
    case end
    case wordBoundary
    case noWordBoundary

    func holds(at position: Int, in text: [UInt8]) -> Bool {
        switch self {
        case .start: position == 0
        case .end: position == text.count
        case .wordBoundary: isBoundary(position, text)
        case .noWordBoundary: !isBoundary(position, text)
        }
    }

    private func isBoundary(_ position: Int, _ text: [UInt8]) -> Bool {
        let before = position > 0 && ByteSet.word.contains(text[position - 1])
        let after = position < text.count && ByteSet.word.contains(text[position])
        return before != after
    }
}

/// A part of a parsed pattern.
indirect enum PatternNode: Hashable {
    case byte(ByteSet)
    case place(PatternPlace)
    case sequence([PatternNode])
    case alternatives(PatternNode, PatternNode)
    case repetition(PatternNode, least: Int, most: Int?)
}

/// A set of bytes.
struct ByteSet: Hashable {
    private var low: (UInt64, UInt64) = (0, 0)
    private var high: (UInt64, UInt64) = (0, 0)

    static let any = ByteSet().inverted
    static let digits = ByteSet(0x30...0x39)
    static let blanks = ByteSet([0x09, 0x0A, 0x0C, 0x0D, 0x20])
    static let word = ByteSet(0x30...0x39).union(ByteSet(0x41...0x5A)).union(ByteSet(0x61...0x7A)).union(
        ByteSet([0x5F]))

    init(_ bytes: some Sequence<UInt8> = []) { for byte in bytes { insert(byte) } }

    func contains(_ byte: UInt8) -> Bool {
        let word = byte < 128 ? (byte < 64 ? low.0 : low.1) : (byte < 192 ? high.0 : high.1)
        return word & 1 << UInt64(byte & 63) != 0
    }

    mutating func insert(_ byte: UInt8) {
        let bit: UInt64 = 1 << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: low.0 |= bit
        case 1: low.1 |= bit
        case 2: high.0 |= bit
        default: high.1 |= bit
        }
    }

    func union(_ other: ByteSet) -> ByteSet {
        var all = self
        all.low = (low.0 | other.low.0, low.1 | other.low.1)
        all.high = (high.0 | other.high.0, high.1 | other.high.1)
        return all
    }

    func subtracting(_ other: ByteSet) -> ByteSet { inverted.union(other).inverted }

    var inverted: ByteSet {
        var other = self
        other.low = (~low.0, ~low.1)
        other.high = (~high.0, ~high.1)
        return other
    }

    static func == (a: ByteSet, b: ByteSet) -> Bool { a.low == b.low && a.high == b.high }

    func hash(into hasher: inout Hasher) {
        for word in [low.0, low.1, high.0, high.1] { hasher.combine(word) }
    }
}
