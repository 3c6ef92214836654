import JSONFormat
import Model

extension SeccompProfile {
    /// The most bytes of a profile's text. Docker's own has about 20,000.
    public static let textBound = 1 << 20
    /// The most calls that the rules of a profile name, all rules together; Docker's own names 450.
    public static let nameBound = 4_096
    /// The most comparisons of arguments that a profile makes, each counted for each call that its rule names, and four times when it
    /// asks for more than equality: libseccomp's work grows with their square or worse, and so many take it about four seconds.
    public static let comparisonBound = 2_048
    /// The most architectures of a profile.
    static let architectureBound = 32

    /// Parses a profile in the JSON that Docker takes with `--security-opt seccomp=`; `nil` for one that says nothing, with which
    /// Docker filters nothing.
    ///
    /// - Throws: `invalid` with the words of Docker or runc for what is no profile, and for what is beyond the bounds.
    public static func parse(_ text: String) throws(IsolationError) -> SeccompProfile? {
        guard text.utf8.count <= textBound else {
            throw .invalid("the seccomp profile has \(text.utf8.count) bytes, and \(textBound) are taken")
        }
        let document: JSON
        do throws(JSONSyntaxError) {
            document = try JSON(parsing: text)
        } catch {
            throw .invalid(
                "Decoding seccomp profile failed: \(error.message == "EOF" ? "unexpected end of JSON input" : error.message)"
            )
        }
        let fields = try SeccompFields(document)
        if try fields.text("defaultAction").isEmpty, try fields.list("syscalls").isEmpty { return nil }
        return try SeccompProfile(fields)
    }

    private init(_ fields: SeccompFields) throws(IsolationError) {
        defaultAction = try Self.action(fields.text("defaultAction"), fields.code("defaultErrnoRet"))
        if defaultAction == .notify { throw .invalid("SCMP_ACT_NOTIFY cannot be used as default action") }
        architectures = try Self.architectures(fields)
        flags = try fields.optionalTexts("flags")
        listenerPath = try fields.text("listenerPath")
        listenerMetadata = try fields.text("listenerMetadata")
        rules = []
        var (names, comparisons) = (0, 0)
        for entry in try fields.list("syscalls") {
            let rule = try Self.rule(SeccompFields(entry))
            names += rule.names.count
            comparisons += rule.names.count * rule.arguments.reduce(0) { $0 + $1.comparison.cost }
            guard names <= Self.nameBound else {
                throw .invalid("the seccomp profile names more than \(Self.nameBound) system calls")
            }
            guard comparisons <= Self.comparisonBound else {
                throw .invalid("the seccomp profile compares more than \(Self.comparisonBound) arguments")
            }
            rules.append(rule)
        }
    }

    /// Those of `architectures`, or what `archMap` says of our own.
    private static func architectures(_ fields: SeccompFields) throws(IsolationError) -> [String] {
        let listed = try fields.optionalTexts("architectures") ?? []
        let mapped = try fields.list("archMap")
        guard listed.isEmpty || mapped.isEmpty else {
            throw .invalid(
                "both 'architectures' and 'archMap' are specified in the seccomp profile, use either 'architectures' or "
                    + "'archMap'")
        }
        var names = listed
        for entry in mapped {
            let fields = try SeccompFields(entry)
            let name = try fields.text("architecture")
            guard name == SeccompArchitecture.nativeName else { continue }
            names = [name] + (try fields.optionalTexts("subArchitectures") ?? [])
            break
        }
        guard names.count <= architectureBound else {
            throw .invalid("the seccomp profile has more than \(architectureBound) architectures")
        }
        for name in names where !SeccompArchitecture.known.contains(name) {
            throw .invalid("string \(name) is not a valid arch for seccomp")
        }
        return names
    }

    private static func rule(_ fields: SeccompFields) throws(IsolationError) -> Rule {
        let name = try fields.text("name")
        var names = try fields.optionalTexts("names") ?? []
        if !name.isEmpty {
            guard names.isEmpty else {
                throw .invalid(
                    "both 'name' and 'names' are specified in the seccomp profile, use either 'name' or 'names'")
            }
            names = [name]
        }
        guard !names.contains("") else { throw .invalid("empty string is not a valid syscall") }
        let action = try action(fields.text("action"), fields.code("errnoRet"))
        guard action != .notify || !names.contains("write") else {
            throw .invalid("SCMP_ACT_NOTIFY cannot be used for the write syscall")
        }
        var arguments: [Argument] = []
        for entry in try fields.list("args") { arguments.append(try argument(SeccompFields(entry))) }
        return Rule(
            names: names, action: action, arguments: arguments, includes: try condition(fields.object("includes")),
            excludes: try condition(fields.object("excludes")))
    }

    private static func argument(_ fields: SeccompFields) throws(IsolationError) -> Argument {
        let op = try fields.text("op")
        guard let comparison = Comparison(rawValue: op) else {
            throw .invalid("string \(op) is not a valid operator for seccomp")
        }
        let index = try fields.number("index") ?? 0
        guard index < 6 else {
            throw .invalid("a seccomp rule compares argument \(index): a system call has 6, counted from 0")
        }
        return Argument(
            index: UInt32(index), value: try fields.number("value") ?? 0, second: try fields.number("valueTwo") ?? 0,
            comparison: comparison)
    }

    private static func condition(_ fields: SeccompFields?) throws(IsolationError) -> Condition {
        guard let fields else { return Condition() }
        let kernel = try fields.text("minKernel")
        if !kernel.isEmpty {
            let parts = kernel.split(byte: ".", omittingEmptySubsequences: false).map { UInt8($0) }
            guard parts.count == 2, let major = parts[0], let minor = parts[1], (major, minor) != (0, 0) else {
                throw .invalid(
                    "Decoding seccomp profile failed: invalid kernel version: \"\(kernel)\", expected \"<kernel>.<major>\""
                )
            }
        }
        return Condition(
            capabilities: try fields.optionalTexts("caps") ?? [],
            architectures: try fields.optionalTexts("arches") ?? [],
            minimumKernel: kernel)
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
        case "SCMP_ACT_NOTIFY": return .notify
        case _: throw .invalid("string \(name) is not a valid action for seccomp")
        }
    }
}
