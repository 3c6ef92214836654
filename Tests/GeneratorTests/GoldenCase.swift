import Generator
import Model
import TestSupport
import UnitFiles

/// One folder below `Cases`: `input.txt` says which containers there are, for what they are generated, and in comments what has to come
/// of it; the other files are what comes of it.
struct GoldenCase: CustomStringConvertible {
    /// Something that has to hold.
    struct Assertion {
        var line: Int
        var kind: String
        var words: [String]
    }

    let name: String
    private(set) var containers: [ContainerFacts] = []
    private(set) var options = GeneratorOptions(.systemd, program: "/usr/bin/sereno")
    private(set) var policy: RestartPolicy?
    private(set) var names: [String]?
    private(set) var assertions: [Assertion] = []

    var description: String { name }

    static let folder = "Tests/GeneratorTests/Cases"

    /// Every case, ordered by name.
    static func all() throws -> [GoldenCase] {
        try TestFiles.list(GeneratedPage.root + "/" + folder).sorted().map { try GoldenCase($0) }
    }

    init(_ name: String) throws {
        self.name = name
        options.engineUnit = "sereno.socket"
        let text = try TestFiles.read("\(GeneratedPage.root)/\(Self.folder)/\(name)/input.txt")
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(separator: " ").map(String.init)
            guard let first = words.first else { continue }
            if first == "##", words.count > 1 {
                assertions.append(Assertion(line: index + 1, kind: words[1], words: Array(words.dropFirst(2))))
            } else if first == "container" {
                try add(container: Array(words.dropFirst()))
            } else if first.hasPrefix("#") {
                continue
            } else if line.hasPrefix("  ") {
                try change(first, String(line.drop { $0 == " " }.dropFirst(first.count).drop { $0 == " " }))
            } else {
                try set(first, words.dropFirst().joined(separator: " "))
            }
        }
    }

    /// What the generator makes of it.
    func generate(_ change: (inout GeneratorOptions) -> Void = { _ in }) throws(GeneratorError) -> GeneratedSet {
        var options = options
        change(&options)
        return try Generator.generate(containers, names: names, policy: policy, options: options)
    }

    private mutating func add(container words: [String]) throws {
        let name = try Self.unescape(words[0])
        let id = SHA256.hexadecimal(of: name.utf8)
        containers.append(
            ContainerFacts(
                id: id, name: name, image: words[1], policy: try Self.policy(words.count > 2 ? words[2] : "no")))
    }

    /// `a*200` is 200 times a.
    private static func unescape(_ text: String) throws -> String {
        let parts = text.split(separator: "*")
        guard parts.count == 2, let count = Int(parts[1]) else { return text }
        return String(repeating: String(parts[0]), count: count)
    }

    private static func policy(_ text: String) throws -> RestartPolicy {
        let parts = text.split(separator: ":")
        return try RestartPolicy(
            name: String(parts[0]), maximumRetryCount: parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    }

    private mutating func change(_ key: String, _ value: String) throws {
        let last = containers.count - 1
        let value = value.replacing("\\n", with: "\n")
        switch key {
        case "bind": containers[last].bindSources.append(value)
        case "label":
            let parts = value.split(separator: "=", maxSplits: 1)
            containers[last].labels[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
        case "compose":
            let parts = value.split(separator: " ", maxSplits: 1).map(String.init)
            containers[last].labels["com.docker.compose.project"] = parts[0]
            containers[last].labels["com.docker.compose.service"] = containers[last].name
            if parts.count > 1 { containers[last].labels["com.docker.compose.depends_on"] = parts[1] }
        case "stop-signal": containers[last].stopSignal = Signal(parsing: value)
        case "stop-timeout": containers[last].stopTimeout = Int(value)
        case "network-of": containers[last].sharesNamespacesOf.append(value)
        case "volumes-from": containers[last].takesVolumesFrom.append(value)
        case "binds-to-address": containers[last].bindsToAddress = true
        case "removes-itself": containers[last].removesItself = true
        case "health": containers[last].healthcheck = ContainerFacts.Healthcheck(interval: Int64(value) ?? 0)
        default: throw TestFailure("\(name): no such fact: \(key)")
        }
    }

    private mutating func set(_ key: String, _ value: String) throws {
        switch key {
        case "system":
            options.system = InitSystem(rawValue: value) ?? .systemd
            options.engineUnit = ["systemd": "sereno.socket", "upstart": "sereno"][value]
        case "style": options.style = UnitStyle(rawValue: value) ?? .attach
        case "version": options.systemdVersion = Int(value) ?? 0
        case "owner": options.owner = RestartOwner(rawValue: value) ?? .initSystem
        case "ready": options.readiness = Readiness(rawValue: value)
        case "watchdog": options.watchdog = WatchdogSubject(rawValue: value)
        case "scope": options.scope = UnitScope(rawValue: value) ?? .system
        case "boot": options.boot = BootStart(rawValue: value) ?? .policy
        case "slice": options.slice = value
        case "reload": options.reloadSignal = value
        case "prevent": options.preventRestartCodes = value.split(separator: " ").compactMap { UInt8($0) }
        case "journal": options.journal = value == "yes"
        case "address": options.address = value
        case "engine-unit": options.engineUnit = value.isEmpty ? nil : value
        case "engine":
            options.engine = EngineKind(rawValue: value) ?? .sereno
            options.client = options.engine
            options.program = "/usr/bin/" + value
            options.engineUnit = options.system == .systemd ? value + ".service" : value
            if options.engine != .sereno { options.style = .plain }
        case "policy": policy = try Self.policy(value)
        case "names": names = value.split(separator: " ").map(String.init)
        default: throw TestFailure("\(name): no such option: \(key)")
        }
    }
}
