import FoundationEssentials

extension SeccompProfile {
    /// Parses a profile in the JSON that Docker takes with `--security-opt seccomp=`.
    public init(parsing json: String) throws(IsolationError) {
        let document: Document
        do {
            document = try JSONDecoder().decode(Document.self, from: Data(json.utf8))
        } catch {
            throw .invalid("Decoding seccomp profile failed: \(error)")
        }
        defaultAction = try Self.action(document.defaultAction, document.defaultErrnoRet)
        rules = []
        for entry in document.syscalls ?? [] { rules.append(try Self.rule(entry)) }
    }

    private struct Document: Decodable {
        var defaultAction: String
        var defaultErrnoRet: UInt16?
        var syscalls: [Entry]?
    }

    private struct Entry: Decodable {
        var name: String?
        var names: [String]?
        var action: String
        var errnoRet: UInt16?
        var args: [ArgumentEntry]?
        var includes: ConditionEntry?
        var excludes: ConditionEntry?
    }

    private struct ArgumentEntry: Decodable {
        var index: UInt32
        var value: UInt64
        var valueTwo: UInt64?
        var op: String
    }

    private struct ConditionEntry: Decodable {
        var caps: [String]?
        var arches: [String]?
        var minKernel: String?

        var condition: Condition {
            Condition(capabilities: caps ?? [], architectures: arches ?? [], minimumKernel: minKernel ?? "")
        }
    }

    private static func rule(_ entry: Entry) throws(IsolationError) -> Rule {
        if entry.name != nil && entry.names?.isEmpty == false {
            throw .invalid("use either 'name' or 'names' in a seccomp profile's rule")
        }
        var arguments: [Argument] = []
        for argument in entry.args ?? [] {
            guard let comparison = Comparison(rawValue: argument.op) else {
                throw .invalid("invalid seccomp comparison: \(argument.op)")
            }
            arguments.append(
                Argument(
                    index: argument.index, value: argument.value, second: argument.valueTwo ?? 0,
                    comparison: comparison))
        }
        return Rule(
            names: entry.names ?? entry.name.map { [$0] } ?? [], action: try action(entry.action, entry.errnoRet),
            arguments: arguments, includes: entry.includes?.condition ?? Condition(),
            excludes: entry.excludes?.condition ?? Condition())
    }

    private static func action(_ name: String, _ code: UInt16?) throws(IsolationError) -> Action {
        switch name {
        case "SCMP_ACT_ALLOW": return .allow
        case "SCMP_ACT_ERRNO": return .error(code ?? 1)
        case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD": return .killThread
        case "SCMP_ACT_KILL_PROCESS": return .killProcess
        case "SCMP_ACT_TRAP": return .trap
        case "SCMP_ACT_LOG": return .log
        case "SCMP_ACT_TRACE": return .trace(code ?? 1)
        default: throw .invalid("invalid seccomp action: \(name)")
        }
    }
}
