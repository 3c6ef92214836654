import APIClient
import Flags
import Generator
import Model
import Streaming
import UnitFiles

/// The result of `--from`: what sereno would write in place of a unit, job or program that runs a container by docker
/// or podman.
struct UnitImport {
    let path: String
    let verb: Generate
    let session: Session

    func perform() throws -> Int32 {
        let contents = ByteString(try LineFile.bytes(of: path))
        let unit = try read(contents)
        let identity = (try? EngineIdentity(session)) ?? EngineIdentity(kind: .sereno)
        var facts: ContainerFacts
        var known: [ContainerFacts] = []
        switch unit.action {
        case .start(let name): facts = ContainerFacts(id: "", name: name)
        case .run(let words): facts = try RunWords(words).facts
        }
        if let found = try? FactsReader(client: session.client).facts(for: [facts.name]),
            let present = found.first(where: { $0.name == facts.name || $0.id.hasPrefix(facts.name) })
        {
            known = found.filter { $0.id != present.id }
            facts = present
        } else {
            tellMissing(facts, unit)
        }
        if facts.policy == .no { facts.policy = unit.policy ?? .no }
        if facts.stopTimeout == nil { facts.stopTimeout = unit.stopTimeout }
        facts.removesItself = false
        let options = try GenerateSettings(verb: verb, session: session).options(unit.system, identity)
        let set = try verb.generate(known + [facts], [facts.name], options)
        let old = LocalPath.split(path).base
        let others = set.files.filter { $0.container != facts.name }
        for file in set.files.filter({ $0.container == facts.name }) + others {
            let mine = file.container == facts.name
            let difference = UnifiedDiff.between(
                mine ? contents : nil, file.contents, oldName: old, newName: file.name)
            Output.standard.write(difference.bytes)
        }
        return 0
    }

    private func read(_ contents: ByteString) throws(ExitFailure) -> ImportedUnit {
        do {
            return try ImportedUnit(name: LocalPath.split(path).base, contents: contents)
        } catch {
            throw ExitFailure("\(path): \(error.message)")
        }
    }

    private func tellMissing(_ facts: ContainerFacts, _ unit: ImportedUnit) {
        switch unit.action {
        case .start(let name):
            Output.error.line(
                "note: \(name): no such container at \(session.client.address.text), so this is made from the file alone"
            )
        case .run(let words):
            let create = (try? RunWords(words).create) ?? []
            Output.error.line(
                "note: \(facts.name): create it first: "
                    + String(decoding: ShellLine(["sereno", "create"] + create).bytes, as: UTF8.self))
        }
    }
}

extension EngineIdentity {
    /// An engine of a known kind at its usual address, without a query.
    init(kind: EngineKind) {
        self.kind = kind
        address = nil
    }
}

/// The words after `run`, read by the flags of Docker's client and the further ones of podman's generated units.
struct RunWords {
    private let reading: FlagGrammar.Reading

    private static let table = FlagTable(
        switches: "d/detach sig-proxy replace " + ContainerOptions.switches + " " + ResourceOptions.switches,
        values: "cgroups sdnotify conmon-pidfile pod pod-id-file secret tz " + ContainerOptions.values + " "
            + ResourceOptions.values,
        integers: ContainerOptions.integers + " " + ResourceOptions.integers,
        onByDefault: ["sig-proxy"], interspersed: false)

    /// Flags for a unit's own bookkeeping; a container that stays has no use for them.
    private static let dropped: Set<String> = [
        "detach", "no-sig-proxy", "rm", "replace", "cidfile", "cgroups", "sdnotify", "conmon-pidfile", "restart",
    ]

    init(_ words: [String]) throws(ExitFailure) {
        do {
            reading = try FlagGrammar.read(words, table: Self.table)
        } catch {
            throw ExitFailure("the unit's run command cannot be read: \(error.message)")
        }
        guard !reading.arguments.isEmpty else { throw ExitFailure("the unit's run command names no image") }
    }

    /// The flags by name and value; a value that is a separate word is empty.
    private var flags: [(name: String, value: String)] {
        var flags: [(String, String)] = []
        for word in reading.flags {
            guard word.hasPrefix("--") else { continue }
            let parts = word.dropFirst(2).split(byte: "=", maxSplits: 1, omittingEmptySubsequences: false)
            flags.append((String(parts[0]), parts.count == 2 ? String(parts[1]) : ""))
        }
        return flags
    }

    private func value(_ name: String) -> String? { flags.last { $0.name == name }?.value }

    /// The facts of the container that the words would create.
    var facts: ContainerFacts {
        get throws(ExitFailure) {
            guard let name = value("name") else {
                throw ExitFailure("the unit's run command gives the container no name; add --name, as a unit needs one")
            }
            var facts = ContainerFacts(id: "", name: name, image: reading.arguments[0])
            if let text = value("restart") {
                let option = try RestartOption(parsing: text)
                facts.policy = (try? RestartPolicy(name: option.name, maximumRetryCount: option.count)) ?? .no
            }
            facts.stopSignal = value("stop-signal").flatMap { Signal(parsing: $0) }
            facts.stopTimeout = value("stop-timeout").flatMap { Int($0) }
            facts.bindSources = flags.filter { $0.name == "volume" }
                .compactMap { $0.value.split(byte: ":").first.map(String.init) }.filter { $0.hasPrefix("/") }
            for mode in ["network", "net", "ipc", "pid"] {
                if let partner = value(mode).flatMap({ NetworkMode($0).partner }) {
                    facts.sharesNamespacesOf.append(partner)
                }
            }
            return facts
        }
    }

    /// The words after `create` that create the container.
    var create: [String] {
        flags.filter { !Self.dropped.contains($0.name) }.map {
            $0.value.isEmpty ? "--\($0.name)" : "--\($0.name)=\($0.value)"
        }
            + (value("restart").map { ["--restart=\($0)"] } ?? []) + reading.arguments
    }
}
