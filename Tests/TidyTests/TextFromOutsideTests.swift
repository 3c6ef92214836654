import TestSupport
import Testing

/// Text from outside is looked at as bytes, by what `String+Bytes.swift` has: to Swift's own functions "=" with an accent is no "=",
/// a carriage return with the newline after it is one character that is no newline, and two spellings of a letter are the same.
@Suite struct TextFromOutsideTests {
    /// Where what users, clients, images and the kernel write is taken apart.
    private static let parsers = [
        "Sources/words/Model/", "Sources/faces/DockerAPI/", "Sources/faces/Flags/", "Sources/faces/Verbs/Create/",
        "Sources/faces/Verbs/Copy/", "Sources/faces/Verbs/Formatting/FilterOption.swift",
        "Sources/faces/APIServer/QueryParameters.swift", "Sources/capabilities/Isolation/",
        "Sources/capabilities/Images/", "Sources/engine/ImageService/", "Sources/engine/Runs/LogAttributes.swift",
    ]

    /// Files whose text is no stranger's, with the reason.
    private static let allowed = [
        "GoFloat.swift": "a number's own text",
        "Signal.swift": "also of the keeper, which has no Unicode; a name that is not known is refused",
        "Nanoseconds+GoDuration.swift": "what is no digit, point or unit is refused",
        "Nanoseconds+GoText.swift": "a number's own text",
    ]

    private static let splits = #"\.split\(\s*separator: ""#
    private static let characters =
        #"\.(?:hasPrefix|hasSuffix)\((?!bytes:)|\.(?:first|last)Index\(of: "|\$0 [!=]= "\\?[^"]""#
        + #"|[\w)]\.contains\("\\?[^"]"\)|[\\?)0]\.(?:isWhitespace|isNewline)\b|\.components\(separatedBy"#

    private static func findings(_ pattern: String, in files: [Tree.File]) throws -> [String] {
        let expression = try Regex(pattern)
        return files.filter { allowed[$0.name] == nil }.flatMap { file in
            file.code.filter { $0.text.firstMatch(of: expression) != nil }.map {
                "\(file.path):\($0.number): \($0.text)"
            }
        }
    }

    @Test func nothingIsSplitByCharacters() throws {
        let files = try Tree.sources().filter { $0.path.hasPrefix("Sources/") }
        #expect(files.count > 400)
        #expect(try Self.findings(Self.splits, in: files) == [])
    }

    @Test func parsersLookAtBytes() throws {
        let files = try Tree.sources().filter { file in Self.parsers.contains { file.path.hasPrefix($0) } }
        #expect(files.count > 120)
        #expect(try Self.findings(Self.characters, in: files) == [])
    }

    @Test func theCheckKnowsCharacters() throws {
        let characters = try Regex(Self.characters)
        for line in [
            #"text.hasPrefix("A=")"#, #"entry.firstIndex(of: "=")"#, #"text.prefix { $0 != "=" }"#,
            #"text.contains("=")"#, #"rest.hasSuffix(name)"#, #"text.drop(while: \.isWhitespace)"#,
        ] { #expect(line.firstMatch(of: characters) != nil, "\(line)") }
        for line in [
            #"text.hasPrefix(bytes: "A=")"#, #"list.firstIndex(of: item)"#, #"text.contains(byte: "=")"#,
            #"scalars.drop(while: \.properties.isWhitespace)"#, #"["a"].contains(name)"#,
        ] { #expect(line.firstMatch(of: characters) == nil, "\(line)") }
    }
}
