internal import Model
internal import UnitFiles

/// The program of supervisord that supervises one container.
struct ContainerProgram {
    let context: MemberContext

    /// The exit code by which the command says that the user's stop holds.
    static let refusal = 120
    /// supervisord has no infinity; this is 68 years.
    static let forever = 2_147_483_647
    /// What a program counts from that needs no other.
    static let firstPriority = 900

    private var options: GeneratorOptions { context.options }
    private var facts: ContainerFacts { context.facts }

    init(_ context: MemberContext) throws(GeneratorError) {
        self.context = context
        try context.refuseUncatchableSignal()
        // Python's signal module names these only, besides the two ends of the real-time range.
        let signal = facts.endSignal
        guard signal.number < 32 || signal.number == 34 || signal.number == 64 else {
            throw .signal(container: facts.name, signal: signal.description, .supervisord)
        }
    }

    func config(header: [ByteString]) -> SupervisordConfig {
        var section = SupervisordConfig.Section(ByteString("program:" + context.jobName))
        section.add("command", .command(command.map { SupervisordText($0) }))
        section.add("priority", text("\(Self.firstPriority + context.relations.depth(of: context.index))"))
        section.add("autostart", text(context.startsAtBoot ? "true" : "false"))
        restarts(&section)
        section.add("stopsignal", text(facts.endSignal.name))
        section.add("stopwaitsecs", text("\(context.secondsToStop ?? Self.forever)"))
        // The command hands the signal on; the container is in no process group of it.
        section.add("stopasgroup", text("false"))
        section.add("killasgroup", text("false"))
        if !options.journal {
            section.add("stdout_logfile", text("NONE"))
            section.add("stderr_logfile", text("NONE"))
        }
        return SupervisordConfig(preamble: header, [section])
    }

    private func text(_ text: String) -> SupervisordValue { .text(SupervisordText(text)) }

    private func restarts(_ section: inout SupervisordConfig.Section) {
        guard context.initRestarts else {
            section.add("autorestart", text("false"))
            // An end in the first seconds would be a failed start otherwise, and tried again.
            section.add("startsecs", text("0"))
            return
        }
        switch facts.policy {
        case .no: return
        case .onFailure:
            section.add("autorestart", text("unexpected"))
            section.add("exitcodes", codes([0]))
            section.add("startsecs", text("0"))
        case .always, .unlessStopped:
            if context.startCondition == nil, options.preventRestartCodes.isEmpty {
                section.add("autorestart", text("true"))
            } else {
                section.add("autorestart", text("unexpected"))
                section.add("exitcodes", codes(context.startCondition == nil ? [] : [Self.refusal]))
            }
            unbounded(&section)
        }
    }

    private func codes(_ codes: [Int]) -> SupervisordValue {
        let all = Set(codes + options.preventRestartCodes.map { Int($0) }).sorted()
        return .list(all.map { SupervisordText("\($0)") })
    }

    /// Each end in the first second makes it wait a second longer, and it never gives up.
    private func unbounded(_ section: inout SupervisordConfig.Section) {
        section.add("startsecs", text("1"))
        section.add("startretries", text("\(Self.forever)"))
    }

    private var command: [ByteString] {
        var words = [options.client == .sereno ? "--attach" : "-a"]
        if options.owner == .sereno, facts.policy != .no { words.append("--until-final") }
        let start = context.client(["start"] + words + [facts.name])
        guard let condition = context.startCondition else { return start.map { ByteString($0) } }
        // A refusal has to outlive the first second, or it is taken for a failed start.
        let refused: String
        switch facts.policy {
        case .always, .unlessStopped: refused = context.initRestarts ? "{ sleep 2; exit \(Self.refusal); }" : "exit 0"
        case .no, .onFailure: refused = "exit 0"
        }
        let line =
            ShellLine(condition).bytes + Array(" || \(refused); exec ".utf8) + ShellLine(start).bytes
        return ["/bin/sh", "-c", ByteString(line)]
    }
}
