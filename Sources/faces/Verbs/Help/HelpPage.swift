import APIClient
import ArgumentParser
import Flags
import JSONFormat

/// The page that `--help` prints, in the layout of Docker's client.
struct HelpPage {
    /// Number of the terminal's columns; 80 without a terminal.
    var width = 80

    /// The page of a verb.
    func verb(_ type: any Verb.Type, name: String, usage: String) -> String {
        var parts = ["Usage:  \(usage)", type.configuration.abstract]
        let aliases = HelpPage.names(of: type)
        if aliases.count > 1 { parts.append("Aliases:\n  " + aliases.joined(separator: ", ")) }
        let flags = HelpPage.flags(of: type)
        let below = type.configuration.subcommands
        if !below.isEmpty { parts.append("Commands:\n" + HelpPage.list(below)) }
        if !flags.isEmpty { parts.append("Options:\n" + trimmed(FlagUsages(flags: flags, width: width).text)) }
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// The page of a group such as `container`.
    func group(_ type: any ParsableCommand.Type, name: String) -> String {
        """
        Usage:  \(name) COMMAND

        \(type.configuration.abstract)

        Commands:
        \(HelpPage.list(type.configuration.subcommands))

        Run '\(name) COMMAND --help' for more information on a command.

        """
    }

    /// The page of the whole command.
    var root: String {
        let verbs = Sereno.verbs.filter { $0.configuration.shouldDisplay }
        let groups = verbs.filter(HelpPage.isGroup)
        let common = HelpPage.common.compactMap { name in verbs.first { $0._commandName == name } }
        let other = verbs.filter { !HelpPage.isGroup($0) && !HelpPage.common.contains($0._commandName) }
        let options = FlagUsages(flags: GlobalOptions.usages, width: width).text
        return """
            Usage:  sereno [OPTIONS] COMMAND

            \(Sereno.configuration.abstract)

            Common Commands:
            \(HelpPage.list(common, sorted: false))

            Management Commands:
            \(HelpPage.list(groups))

            Commands:
            \(HelpPage.list(other))

            Global Options:
            \(trimmed(options))

            Run 'sereno COMMAND --help' for more information on a command.

            """
    }

    /// Whether a type is a group. A verb with further words, such as `daemon reload`, is none.
    private static func isGroup(_ type: any ParsableCommand.Type) -> Bool {
        !type.configuration.subcommands.isEmpty && !(type is any Verb.Type)
    }

    private static let common = ["run", "exec", "ps", "logs", "why", "images", "daemon", "version", "info"]

    private static func list(_ types: [any ParsableCommand.Type], sorted: Bool = true) -> String {
        let ordered = sorted ? types.sorted { $0._commandName < $1._commandName } : types
        let longest = types.map { $0._commandName.count }.max() ?? 0
        return ordered.map { type in
            let name = type._commandName
            return "  " + name + String(repeating: " ", count: max(11, longest) + 1 - name.count)
                + type.configuration.abstract
        }.joined(separator: "\n")
    }

    /// All full names of a verb, those of a group first.
    private static func names(of type: any Verb.Type) -> [String] {
        var names: [String] = []
        func collect(_ types: [any ParsableCommand.Type], _ path: String) {
            for candidate in types where ObjectIdentifier(candidate) == ObjectIdentifier(type) {
                names += ([candidate._commandName] + candidate.configuration.aliases).map { "\(path) \($0)" }
            }
        }
        for group in Sereno.verbs where isGroup(group) {
            collect(group.configuration.subcommands, "sereno \(group._commandName)")
        }
        collect(Sereno.verbs, "sereno")
        return names
    }

    /// The visible flags of a verb. Their words come from the argument parser, their kinds from the verb's own table.
    static func flags(of type: any Verb.Type) -> [FlagUsage] {
        guard let dump = try? JSON(parsing: type._dumpHelp()) else { return [] }
        return (dump["command"]?["arguments"]?.elements ?? []).compactMap { argument in
            guard argument["kind"]?.string != "positional", argument["shouldDisplay"]?.bool != false else { return nil }
            let names = argument["names"]?.elements.filter { $0["kind"]?.string == "long" } ?? []
            let long = names.compactMap { $0["name"]?.string }.first { type.flags.flag(long: $0) != nil }
            guard let long, let flag = type.flags.flag(long: long) else { return nil }
            var text = argument["abstract"]?.string ?? ""
            if text.hasSuffix(".") { text.removeLast() }
            if type.flags.onByDefault.contains(long) { text += " (default true)" }
            let value = flag.kind.typeName(isRepeating: argument["isRepeating"]?.bool ?? false)
            return FlagUsage(short: flag.short, long: long, value: value, text: text)
        }
    }

    private func trimmed(_ text: String) -> String { text.hasSuffix("\n") ? String(text.dropLast()) : text }
}

extension FlagValue {
    /// The word of Docker's client for a value of this kind.
    func typeName(isRepeating: Bool) -> String {
        switch self {
        case .text: isRepeating ? "list" : "string"
        case .bool: ""
        case .integer: "int"
        case .unsigned(let bits): "uint\(bits)"
        case .bytes: "bytes"
        case .decimal: "decimal"
        case .duration: "duration"
        case .environment, .label, .stream, .host: "list"
        case .ulimit: "ulimit"
        case .sysctl: "map"
        case .mount: "mount"
        case .filter: "filter"
        }
    }
}
