import TestSupport
import Testing

/// Whoever is told of an error reads a sentence, whatever type it has. A type without a message of its own would show as
/// `Module.Type.case(…)`.
@Suite struct ErrorMessageTests {
    /// A type of an error as the sources declare it.
    private struct ErrorType {
        let name: String
        let place: String
        /// Whether it has a message by the protocol, or a text of its own where that cannot be known.
        let isReadable: Bool
        /// Whether its text is made where it is thrown, or stands in the declaration.
        let carriesText: Bool
        let cases: [String]
    }

    /// Types whose text a test of the program reads, as nothing else can be built with them.
    private static let readElsewhere = [
        "TLSFront.Refused": "TLSTests", "TLSFront.Failed": "TLSTests", "DaemonOptions.Invalid": "ToldFailureTests",
        // Messages depend on the plan: read operation by operation.
        "LaunchProblem": "MessageTests",
    ]

    @Test func everyErrorHasAMessageOfItsOwn() throws {
        let found = try Self.types()
        #expect(found.count > 40)
        for type in found {
            #expect(type.isReadable, "\(type.place): \(type.name) is no ReadableError, so it would show by its name")
        }
    }

    @Test func everyErrorIsRead() throws {
        let samples = try TestFiles.read(GeneratedPage.root + "/Tests/MessageTests/ErrorSamples.swift")
        for type in try Self.types() where !type.carriesText && Self.readElsewhere[type.name] == nil {
            #expect(samples.contains(type.name), "\(type.place): ErrorSamples has no \(type.name)")
            for name in type.cases {
                let isThere = samples.firstMatch(of: try Regex("\\b\(type.name)\\.\(name)\\b")) != nil
                #expect(isThere, "\(type.place): ErrorSamples has no \(type.name).\(name)")
            }
        }
        let names = Set(try Self.types().map(\.name))
        for name in Self.readElsewhere.keys { #expect(names.contains(name), "no longer there: \(name)") }
    }

    @Test func noErrorIsWrittenIntoATextByItself() throws {
        let pattern = #/\\\((error|failure|problem)\)|(describing|reflecting): *(error|failure|problem)\b/#
        for file in try Tree.sources() where file.path.hasPrefix("Sources/") {
            for line in file.code where line.text.firstMatch(of: pattern) != nil {
                Issue.record("\(file.path):\(line.number): use its message, or the sentence or inFull of any error")
            }
        }
    }

    private static func types() throws -> [ErrorType] {
        let files = try Tree.sources().filter { $0.path.hasPrefix("Sources/") && !$0.path.contains("Embedded/") }
        let readable = Set(
            files.flatMap { file in
                file.code.compactMap { $0.text.firstMatch(of: #/^extension ([\w.]+): .*ReadableError\b/#)?.1 }
            }.map(String.init))
        return try files.flatMap { try types(in: $0, readable) }
    }

    private static func types(in file: Tree.File, _ readable: Set<String>) throws -> [ErrorType] {
        let code = file.code
        let declaration = #/^( *)(?:[a-z]+ )*(enum|struct|class|actor) (\w+)[^{]*:[^{]*\b(Error|ReadableError)\b/#
        return code.indices.compactMap { index -> ErrorType? in
            guard let match = code[index].text.firstMatch(of: declaration) else { return nil }
            let (indent, kind) = (match.1.count, match.4)
            let outer = code[..<index].last { line in
                line.text.prefix { $0 == " " }.count < indent
                    && line.text.firstMatch(of: #/\b(?:enum|struct|class|actor|extension) (\w+)/#) != nil
            }?.text.firstMatch(of: #/\b(?:enum|struct|class|actor|extension) (\w+)/#)?.1
            let name = (indent > 0 ? outer.map { $0 + "." } ?? "" : "") + match.3
            let isOneLine = code[index].text.hasSuffix("}")
            let body =
                isOneLine
                ? code[index...index]
                : code[(index + 1)...].prefix { $0.text != String(repeating: " ", count: indent) + "}" }
            let text = body.map { String($0.text) }.joined(separator: "\n")
            return ErrorType(
                name: String(name), place: "\(file.path):\(code[index].number)",
                isReadable: kind == "ReadableError" || readable.contains(String(name))
                    // Words know nothing, so theirs have the text alone.
                    || file.path.hasPrefix("Sources/words/") && text.contains("let message: String"),
                carriesText: text.firstMatch(of: #/\b(let|var) message: String( \{ "[^"\\]*" \})?(\n| \}|$)/#) != nil,
                cases: match.2 == "enum" ? cases(body, indent + 4) : [])
        }
    }

    private static func cases(_ body: ArraySlice<(number: Int, text: Substring)>, _ indent: Int) -> [String] {
        body.filter { $0.text.hasPrefix(String(repeating: " ", count: indent) + "case ") }.flatMap { line in
            line.text.dropFirst(indent + 5).replacing(#/\([^)]*\)/#, with: "").split(separator: ",").compactMap {
                $0.firstMatch(of: #/\w+/#).map { String($0.0) }
            }
        }
    }
}
