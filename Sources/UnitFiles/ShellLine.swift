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
