import TestSupport
import Testing

@Suite struct DeclarationTests {
    /// Named by somebody outside of this tree: a protocol's requirement, a file format, a flag that is taken and not used.
    private static let namedElsewhere: Set<String> = [
        // NIOCore, the concurrency runtime, libFuzzer.
        "channelRead", "channelReadComplete", "channelInactive", "channelWritabilityChanged", "errorCaught",
        "handlerAdded", "handlerRemoved", "userInboundEventTriggered", "InboundIn", "InboundOut", "OutboundIn",
        "OutboundOut", "submit", "preconditionInEventLoop", "preconditionNotInEventLoop", "unownedExecutor",
        "fuzzOneInput",
        // The OCI image format and upstart's limits.
        "argsEscaped", "imageLayoutVersion", "schemaVersion", "addressSpace",
    ]

    /// Files that are compiled once more are read once.
    private static let again: Set<String> = ["RestartEmbedded", "KeeperProtocolEmbedded"]

    private static func files() throws -> [Tree.File] { try Tree.sources().filter { !again.contains($0.target) } }

    @Test func everythingDeclaredIsNamedSomewhereElse() throws {
        let sources = try Self.files()
        var count: [String: Int] = [:]
        for file in try sources + Tree.files(below: "Tests", endings: [".swift"]) {
            for line in file.code { for word in Word.split(line.text) { count[word.text, default: 0] += 1 } }
        }
        var declared: [String: [String]] = [:]
        for file in sources {
            for one in Declaration.all(in: file) { declared[one.name, default: []].append("\(file.path):\(one.line)") }
        }
        #expect(declared.count > 5000)
        for (name, places) in declared where count[name] == places.count && !Self.namedElsewhere.contains(name) {
            Issue.record("\(name) is named nowhere but where it is declared: \(places.sorted())")
        }
        for name in Self.namedElsewhere { #expect(declared[name] != nil, "\(name) is declared nowhere any more") }
    }

    /// Where two modules that are seen together have a type of one name, a reader cannot tell which is meant.
    @Test func noTwoModulesHaveATypeOfOneName() throws {
        let package = try PackageFile()
        var owners: [String: Set<String>] = [:]
        for file in try Self.files() {
            for one in Declaration.all(in: file) where one.isShared && Declaration.types.contains(one.keyword) {
                owners[one.name, default: []].insert(file.target)
            }
        }
        #expect(owners.count > 500)
        let below = Dictionary(
            uniqueKeysWithValues: package.targets.map { ($0.name, package.foundations(of: $0.name).union([$0.name])) })
        for (name, targets) in owners where targets.count > 1 {
            let together =
                below.values.contains { $0.isSuperset(of: targets) }
                || targets.contains { one in targets.contains { $0 != one && below[one]?.contains($0) == true } }
            #expect(!together, "\(name) is a type of \(targets.sorted())")
        }
    }

    @Test func noFunctionIsLong() throws {
        for file in try Self.files() {
            let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated() where Self.beginsFunction(line) {
                let indentation = line.prefix { $0 == " " }
                // Where its body begins; a requirement or a function of one line has none that counts.
                guard
                    let opened = lines[index...].prefix(12).firstIndex(where: { $0.hasSuffix("{") || $0.hasSuffix("}") }
                    ),
                    lines[opened].hasSuffix("{"),
                    let end = lines[opened...].dropFirst().firstIndex(where: { $0 == indentation + "}" })
                else { continue }
                #expect(end - index < Self.longest, "\(file.path):\(index + 1) has \(end - index + 1) lines")
            }
        }
    }

    /// Lines of a function, its head and its brace included.
    private static let longest = 70

    private static func beginsFunction(_ line: Substring) -> Bool {
        let words = Word.split(line).prefix { ![":", "("].contains($0.text) }.map(\.text)
        guard let at = words.firstIndex(where: { ["func", "init", "deinit", "subscript"].contains($0) }) else {
            return false
        }
        let modifiers: Set<String> = [
            "public", "package", "internal", "fileprivate", "private", "static", "final", "override", "mutating",
            "nonisolated", "nonsending", "consuming", "borrowing", "convenience", "required", "isolated",
            "discardableResult",
            "inlinable", "Sendable", "preconcurrency", "unsafe", "class",
        ]
        return words[..<at].allSatisfy(modifiers.contains)
    }

    @Test func theCheckKnowsAFunctionFromACall() {
        #expect(Self.beginsFunction("    public static func parse(_ text: String) {"))
        #expect(Self.beginsFunction("    init() {") && Self.beginsFunction("func x() throws {"))
        #expect(!Self.beginsFunction("        self.init(a) {") && !Self.beginsFunction("        let x = run { func"))
    }
}
