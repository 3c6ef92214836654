internal import Glibc
internal import Model

/// An extended regular expression of POSIX (regex(7)), found anywhere in a text.
public final class RegularExpression {
    private var compiled = regex_t()

    /// Largest length of a pattern in bytes, and its largest unfolding. Repetitions with a count, `{n}`, unfold in memory, each
    /// by its count. Back references (`\\1`) are refused, as they make matching exponential.
    private static let (lengthBound, unfoldingBound) = (1_024, 4_096)

    /// `nil` for what is none, and for one that could take long or much memory.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.lengthBound, Self.unfolding(of: text) <= Self.unfoldingBound,
            !Self.refersBack(text)
        else { return nil }
        guard regcomp(&compiled, text, REG_EXTENDED | REG_NOSUB) == 0 else { return nil }
    }

    /// The product of all counts of a pattern, as if each were nested in the next.
    private static func unfolding(of text: String) -> Int {
        var total = 1
        for part in text.split(byte: "{").dropFirst() {
            let numbers = part.prefix { $0 != "}" }.split(byte: ",").map { Int($0) ?? 0 }
            total = min(total, unfoldingBound) * max(1, min(numbers.max() ?? 0, unfoldingBound))
        }
        return total
    }

    private static func refersBack(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return zip(bytes, bytes.dropFirst()).contains { $0 == 0x5C && (0x31...0x39).contains($1) }
    }

    deinit { regfree(&compiled) }

    /// Whether it is found in a text (regexec(3)).
    public func matches(_ text: String) -> Bool { regexec(&compiled, text, 0, nil, 0) == 0 }
}
