/// A command as a POSIX shell reads it: every word arrives byte for byte.
public struct ShellLine: Hashable, Sendable {
    /// The words.
    public var words: [ByteString]

    /// A command of words.
    public init(_ words: [ByteString]) { self.words = words }

    /// A command of words.
    public init(_ words: [String]) { self.words = words.map { ByteString($0) } }

    /// The line.
    public var bytes: [UInt8] { Array(words.map { Self.quoted($0.bytes) }.joined(separator: [0x20])) }

    /// A word for a shell: as it is where nothing in it is special, else in single quotes.
    public static func quoted(_ bytes: [UInt8]) -> [UInt8] {
        if isPlain(bytes) { return bytes }
        var answer: [UInt8] = [0x27]
        for byte in bytes {
            if byte == 0x27 {
                // The quote ends, a quote in the other quotes, and the quote goes on.
                answer += [0x27, 0x22, 0x27, 0x22, 0x27]
            } else {
                answer.append(byte)
            }
        }
        answer.append(0x27)
        return answer
    }

    /// Whether nothing in a word is special, to a shell and to the formats around it.
    static func isPlain(_ bytes: [UInt8]) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy {
                $0.isAlphanumeric || [0x2B, 0x2C, 0x2D, 0x2E, 0x2F, 0x3A, 0x40, 0x5F, 0x3D].contains($0)
            }
            && (bytes.first.map { $0 != 0x2D || bytes.count > 1 } ?? false)
    }
}

extension ShellLine {
    /// The words of a line that a shell would only take the quotes off; nil for one in which it would do more: expand, pipe, redirect.
    public init?(parsing line: ByteString) {
        words = []
        var word: [UInt8]?
        var rest = line.bytes[...]
        let special = Set("$`;&|<>()*?[]{}~#!\n".utf8)
        while let byte = rest.popFirst() {
            switch byte {
            case 0x20, 0x09:
                if let done = word { words.append(ByteString(done)) }
                word = nil
            case 0x27:
                guard let end = rest.firstIndex(of: 0x27) else { return nil }
                word = (word ?? []) + rest[..<end]
                rest = rest[(end + 1)...]
            case 0x22:
                word = word ?? []
                guard let inner = Self.doubleQuoted(&rest) else { return nil }
                word = (word ?? []) + inner
            case 0x5C:
                guard let next = rest.popFirst(), next != 0x0A else { return nil }
                word = (word ?? []) + [next]
            case let byte where special.contains(byte): return nil
            default: word = (word ?? []) + [byte]
            }
        }
        if let word { words.append(ByteString(word)) }
    }

    private static func doubleQuoted(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case 0x22: return text
            case 0x24, 0x60: return nil
            case 0x5C:
                guard let next = rest.popFirst() else { return nil }
                text += [0x22, 0x24, 0x5C, 0x60].contains(next) ? [next] : [byte, next]
            default: text.append(byte)
            }
        }
        return nil
    }
}
