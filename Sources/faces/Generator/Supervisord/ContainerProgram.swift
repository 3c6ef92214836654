internal import Model
internal import UnitFiles

/// The supervisord program that supervises one container.
struct ContainerProgram {
    let context: MemberContext

    /// The exit code of a command that found the user's stop in force.
    static let refusal = 120
    /// Seconds of an endless wait, 68 years, and the number of endless retries: supervisord has no infinity.
    static let forever = 2_147_483_647
    /// The priority of a program without dependencies; dependent ones count up from it.
    static let firstPriority = 900

    private var options: GeneratorOptions { context.options }
    private var facts: ContainerFacts { context.facts }

    init(_ context: MemberContext) throws(GeneratorError) {
        self.context = context
        try context.refuseUncatchableSignal()
        // Python's signal module has names for these only, and for the two ends of the real-time range.
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
        // The command passes the signal on; the container is not in its process group.
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
            // Otherwise an end in the first seconds would be a failed start, and tried again.
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

    /// Retries without end; each end in the first second makes the next wait a second longer.
    private func unbounded(_ section: inout SupervisordConfig.Section) {
        section.add("startsecs", text("1"))
        section.add("startretries", text("\(Self.forever)"))
    }

    private var command: [ByteString] {
        var words = [options.client == .sereno ? "--attach" : "-a"]
        if options.owner == .sereno, facts.policy != .no { words.append("--until-final") }
        let start = context.client(["start"] + words + [facts.name])
        guard let condition = context.startCondition else { return start.map { ByteString($0) } }
        // A refusal must outlive the first second; otherwise it is taken for a failed start.
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
