import Foundation
import TestSupport

/// The project's own files, as the tidy tests read them.
enum Tree {
    struct File {
        /// Below the root: `Sources/logic/Restart/Decide.swift`.
        let path: String
        let text: String

        /// The target it belongs to: in Sources a floor's folder stands before it.
        var target: String {
            let parts = path.split(separator: "/")
            return parts.dropFirst(parts.first == "Sources" ? 2 : 1).first.map(String.init) ?? ""
        }

        var name: String { path.split(separator: "/").last.map(String.init) ?? "" }

        /// The lines without comments: what is left is what the compiler sees, string literals included.
        var code: [(number: Int, text: Substring)] {
            var open = false
            return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
                var rest = line[...]
                if open {
                    guard let end = rest.range(of: "*/") else { return (index + 1, "") }
                    rest = rest[end.upperBound...]
                    open = false
                }
                if let start = rest.range(of: "/*") {
                    open = !rest[start.upperBound...].contains("*/")
                    rest = rest[..<start.lowerBound]
                }
                if let slashes = rest.range(of: "//"), !rest[..<slashes.lowerBound].hasSuffix(":") {
                    rest = rest[..<slashes.lowerBound]
                }
                return (index + 1, rest)
            }
        }

        /// The modules it imports.
        var imports: [String] {
            code.compactMap { line in
                let words = line.text.split(whereSeparator: { $0 == " " || $0 == "\t" })
                guard let at = words.firstIndex(of: "import"), at + 1 < words.count,
                    words[..<at].allSatisfy({ Self.modifiers.contains(String($0)) || $0.hasPrefix("@") })
                else { return nil }
                let kinds: Set<Substring> = ["struct", "class", "enum", "func", "protocol", "typealias", "var", "let"]
                let module = kinds.contains(words[at + 1]) && at + 2 < words.count ? words[at + 2] : words[at + 1]
                return module.split(separator: ".").first.map(String.init)
            }
        }

        private static let modifiers: Set<String> = ["public", "internal", "package", "fileprivate", "private"]
    }

    /// The folder of a target that is no test: `Sources/logic/Restart`.
    static func folder(of target: String) throws -> String {
        for floor in try TestFiles.list(GeneratedPage.root + "/Sources").map({ "Sources/" + $0 }) + ["Testing"]
        where TestFiles.exists("\(GeneratedPage.root)/\(floor)/\(target)") {
            return "\(floor)/\(target)"
        }
        throw TestFailure("no folder has the target \(target)")
    }

    /// Every file of a target that is no test.
    static func sources(endings: [String] = [".swift"]) throws -> [File] {
        try files(below: "Sources", endings: endings) + files(below: "Testing", endings: endings)
    }

    /// Every file below a directory whose name ends like this.
    static func files(below directory: String, endings: [String]) throws -> [File] {
        let root = GeneratedPage.root
        guard let paths = FileManager.default.enumerator(atPath: root + "/" + directory) else { return [] }
        return try paths.compactMap { $0 as? String }.sorted()
            .filter { path in
                var isDirectory: ObjCBool = false
                return FileManager.default.fileExists(
                    atPath: root + "/" + directory + "/" + path, isDirectory: &isDirectory)
                    && !isDirectory.boolValue && endings.contains { path.hasSuffix($0) }
            }
            .map { File(path: directory + "/" + $0, text: try TestFiles.read(root + "/" + directory + "/" + $0)) }
    }
}
