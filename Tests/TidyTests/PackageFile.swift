import Foundation
import TestSupport

/// What Package.swift declares, read as text.
struct PackageFile {
    struct Target {
        let name: String
        /// Modules that it may import: targets of the package and products of others.
        var dependencies: Set<String>
        var isExecutable: Bool

        /// What an import calls it.
        var module: String { name.replacingOccurrences(of: "-", with: "_") }
    }

    /// The targets of each floor's folder, lowest first.
    private(set) var folders: [(path: String, targets: [String])] = []
    private(set) var targets: [Target] = []
    /// Products of other packages, by the module's name.
    private(set) var products: Set<String> = []

    init() throws {
        let text = try TestFiles.read(GeneratedPage.root + "/Package.swift")
            .split(whereSeparator: \.isNewline).filter { !$0.drop(while: { $0 == " " }).hasPrefix("//") }
            .joined(separator: " ")
        var constants: [String: String] = [:]
        for match in text.matches(of: #/let (\w+): Target\.Dependency = \.product\(name: "(\w+)"/#) {
            constants[String(match.1)] = String(match.2)
        }
        products = Set(constants.values)
        for match in text.matches(of: #/"(Sources\/[a-z]+|Testing)": \[([^\]]*)\]/#) {
            folders.append((String(match.1), match.2.matches(of: #/"([A-Za-z-]+)"/#).map { String($0.1) }))
        }
        let declaration =
            #/(floor\(|tests\(|\.(?:executableTarget|target|systemLibrary)\(\s*name:)\s*"([A-Za-z-]+)"(?:,\s*(?:dependencies:\s*)?\[([^\]]*)\])?/#
        for match in text.matches(of: declaration) {
            let words = (match.3 ?? "").split(separator: ",").map { $0.filter { !$0.isWhitespace } }.filter {
                !$0.isEmpty
            }
            let modules = words.map { $0.hasPrefix("\"") ? String($0.dropFirst().dropLast()) : constants[$0] ?? $0 }
            targets.append(
                Target(
                    name: String(match.2), dependencies: Set(modules),
                    isExecutable: match.1.hasPrefix(".executableTarget")))
        }
    }

    subscript(name: String) -> Target? { targets.first { $0.name == name } }

    /// What a target stands on, itself not counted.
    func foundations(of name: String) -> Set<String> {
        var found: Set<String> = []
        var pending = self[name].map { Array($0.dependencies) } ?? []
        while let next = pending.popLast() {
            if found.insert(next).inserted { pending += self[next].map { Array($0.dependencies) } ?? [] }
        }
        return found
    }
}
