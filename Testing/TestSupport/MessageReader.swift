internal import Linux

/// Reads a message as a user would who knows containers and nothing of how this program is made.
public struct MessageReader {
    private let patterns: [(what: String, pattern: Regex<AnyRegexOutput>)]

    /// A reader; it may be used for many messages.
    public init() throws {
        // By default a dot between letters is no end of a word.
        patterns = try Self.patterns.map { ($0, try Regex($1).wordBoundaryKind(.simple)) }
    }

    /// What such a user would not understand, or would miss, in the text of an error; `places` are the program's own directories.
    public func faults(in text: String, hiding places: [String] = []) -> [String] {
        var faults: [String] = []
        if text.isEmpty { faults.append("it says nothing") }
        if text.contains("\n") { faults.append("it is more than one line") }
        if text.hasSuffix(".") || text.hasSuffix(" ") || text.hasPrefix(" ") {
            faults.append("it is no clean sentence")
        }
        for place in places where text.contains(place + "/") || text.hasSuffix(place) {
            faults.append("it names the program's own place \(place)")
        }
        for (what, pattern) in patterns {
            if let found = text.firstMatch(of: pattern) { faults.append("it has \(what): \(text[found.range])") }
        }
        if let reason = Self.reasons.first(where: { text == $0 || text.hasSuffix(": " + $0) }),
            !text.dropLast(reason.count + 2).contains(" ")
        {
            faults.append("it gives the reason \"\(reason)\" without an operation and an object")
        }
        return faults
    }

    private static let patterns = [
        (
            "a value of Swift's",
            #"\b[A-Za-z_]\w*\.[a-z]\w*\(|\bOptional\(|\b[A-Z]\w+\(\w+: |\bnil\b|\b[A-Z]\w*Error\b(?!:)|\bSwift\b"#
        ),
        ("a name in the program", #"\b[a-z]{3,}[A-Z][a-z]{2,}\w*\b"#),
        ("a step of the program's own", #"\b(make|open) (target|source|root)\b|\battach: |\bnetns\b|launch plan"#),
        (
            "a call of the kernel's",
            #"\b(setns|clone3|openat2|open_tree|move_mount|memfd_create|recvmsg|sendmsg|F_DUPFD)\b"#
        ),
        ("a descriptor", #"\bdescriptor \d"#),
        ("a bare number", #"(?i)\berrno\b|\berror:? -?\d+\b|\bcode: -?\d"#),
        ("a number that means no limit", #"18446744073709551615|9223372036854775807"#),
        (
            "a reason that is not in lower case",
            #": (No such (file|process|dev)|Not a|Permission|Operation not|Invalid arg|Is a dir|File exists|Read-only)"#
        ),
    ]

    /// The kernel's reasons.
    private static let reasons: [String] = (1...133).map { LinuxError.text($0) }
}
