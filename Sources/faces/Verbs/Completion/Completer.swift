import APIClient
import ArgumentParser
import Flags
import Generator
import Linux
import Listings
import Model
import Streaming

/// The candidates for the word being typed. Pure except for names, which come from an engine.
struct Completer {
    /// The subject that a verb's argument names.
    enum Subject: Hashable {
        case containers(states: Set<String>?)
        case images
        case networks
        case volumes
        /// One of these words.
        case words([String])
        case nothing
    }

    /// Returns the live names of a subject.
    let names: (Subject) -> [String]

    /// The candidates for the last of the words, which may be empty. The words before it are complete.
    func candidates(_ words: [String]) -> [String] {
        guard let partial = words.last else { return [] }
        let before = Array(words.dropLast())
        guard let (_, rest) = try? GlobalOptions.split(before) else { return [] }
        if rest.isEmpty {
            if let flag = before.last, Completer.takesValue(flag, GlobalOptions.table) { return [] }
            return fitting(partial, partial.hasPrefix("-") ? flags(GlobalOptions.table) : verbs(Sereno.verbs))
        }
        guard let found = Dispatch.find(rest) else { return [] }
        let subcommands = found.type.configuration.subcommands
        let verb = found.type as? any Verb.Type
        if !subcommands.isEmpty, found.rest.isEmpty, verb == nil || !partial.hasPrefix("-") {
            return fitting(partial, verbs(subcommands))
        }
        guard let type = verb else { return [] }
        return fitting(partial, inVerb(type, path: found.path, before: found.rest, partial))
    }

    private func inVerb(_ type: any Verb.Type, path: [String], before: [String], _ partial: String) -> [String] {
        let table = type.flags
        if let flag = before.last, Completer.takesValue(flag, table) { return values(of: flag, table) }
        let reading = try? FlagGrammar.read(before, table: table)
        let given = reading?.arguments.count ?? 0
        if partial.hasPrefix("-"), table.interspersed || given == 0 { return flags(table) }
        return names(Completer.subject(of: path, argument: given))
    }

    /// The subject of a verb's argument at an index; the verb may be one of a group.
    static func subject(of path: [String], argument: Int) -> Subject {
        let verb = path.last ?? ""
        switch path.count > 1 ? path[0] : "" {
        case "image" where ["inspect", "rm"].contains(verb): return .images
        case "network":
            if verb == "connect" || verb == "disconnect", argument == 1 { return .containers(states: nil) }
            return verb == "create" ? .nothing : .networks
        case "volume": return verb == "create" ? .nothing : .volumes
        case "context": return .words([ContextRow.name])
        default: return subject(of: verb, argument: argument)
        }
    }

    private static func subject(of verb: String, argument: Int) -> Subject {
        switch verb {
        case "start": .containers(states: ["created", "exited", "dead"])
        case "stop", "kill", "pause", "top", "stats": .containers(states: ["running", "restarting", "paused"])
        case "attach", "exec": argument == 0 ? .containers(states: ["running"]) : .nothing
        case "unpause": .containers(states: ["paused"])
        case "rm", "restart", "wait", "update", "inspect": .containers(states: nil)
        case "logs", "port", "diff", "export", "rename": argument == 0 ? .containers(states: nil) : .nothing
        case "run", "create": argument == 0 ? .images : .nothing
        case "rmi", "save": .images
        case "generate":
            argument == 0 ? .words(InitSystem.allCases.map(\.rawValue)) : .containers(states: nil)
        case "tag", "history": argument == 0 ? .images : .nothing
        default: .nothing
        }
    }

    private static func takesValue(_ word: String, _ table: FlagTable) -> Bool {
        if word.hasPrefix("--") {
            guard !word.contains(byte: "="), let flag = table.flag(long: String(word.dropFirst(2))) else {
                return false
            }
            return !flag.isSwitch
        }
        guard word.hasPrefix("-"), let last = word.last, let flag = table.flag(short: last) else { return false }
        return !flag.isSwitch && word.dropFirst().dropLast().allSatisfy { table.flag(short: $0)?.isSwitch == true }
    }

    private func values(of word: String, _ table: FlagTable) -> [String] {
        let flag =
            word.hasPrefix("--")
            ? table.flag(long: String(word.dropFirst(2))) : word.last.flatMap { table.flag(short: $0) }
        switch flag?.long {
        case "restart": return ["no", "on-failure", "on-failure:", "always", "unless-stopped"]
        case "signal", "stop-signal": return (1...31).compactMap { Signal(number: $0)?.name }
        case "network", "net": return ["none", "host"]
        case "log-driver": return LogDriver.names
        case "pull": return ["always", "missing", "never"]
        case "style": return UnitStyle.allCases.map(\.rawValue)
        case "owner": return RestartOwner.allCases.map(\.rawValue)
        case "ready": return Readiness.allCases.map(\.rawValue)
        case "watchdog": return WatchdogSubject.allCases.map(\.rawValue)
        case "boot": return BootStart.allCases.map(\.rawValue)
        case "volumes-from": return names(.containers(states: nil))
        default: return []
        }
    }

    private func verbs(_ types: [any ParsableCommand.Type]) -> [String] {
        types.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
    }

    private func flags(_ table: FlagTable) -> [String] { table.flags.map { "--\($0.long)" } + ["--help"] }

    private func fitting(_ partial: String, _ candidates: [String]) -> [String] {
        candidates.filter { $0.hasPrefix(partial) }.sorted()
    }
}

extension Completer {
    /// A completer with an engine's names; an engine that does not answer has none.
    static func live(_ session: Session) -> Completer {
        Completer { subject in
            switch subject {
            case .nothing: return []
            case .words(let words): return words
            case .images:
                let list = try? session.client.json(Request(.get, "/images/json"))
                return (list?.elements ?? []).flatMap { image in
                    (image["RepoTags"]?.elements ?? []).compactMap(\.string).filter { $0 != "<none>:<none>" }
                        .flatMap { $0.hasSuffix(":latest") ? [$0, String($0.dropLast(7))] : [$0] }
                }
            case .networks:
                let list = try? session.client.json(Request(.get, "/networks"))
                return (list?.elements ?? []).compactMap { $0["Name"]?.string }
            case .volumes:
                let list = try? session.client.json(Request(.get, "/volumes"))
                return (list?["Volumes"]?.elements ?? []).compactMap { $0["Name"]?.string }
            case .containers(let states):
                let list = try? session.client.json(Request(.get, "/containers/json", query: [("all", "1")]))
                return (list?.elements ?? []).filter { container in
                    states.map { $0.contains(container["State"]?.string ?? "") } ?? true
                }.compactMap { $0["Names"]?.elements.first?.string.map { String($0.drop { $0 == "/" }) } }
            }
        }
    }

    /// The hidden verb that the shells' scripts call: one candidate per line.
    static func answer(_ words: [String], options: GlobalOptions) -> Int32 {
        let typed = (try? GlobalOptions.split(Array(words.dropLast())).options) ?? options
        guard let session = try? Session(options: typed, environment: ProcessVariables.all) else { return 1 }
        for candidate in live(session).candidates(words) { Output.standard.line(candidate) }
        return 0
    }
}
