internal import Model
internal import UnitFiles

/// The upstart job that supervises one container.
struct ContainerJob {
    let context: MemberContext

    /// Seconds between restarts; upstart itself has no delay.
    static let delay = 2
    /// Seconds of an endless time, 68 years: upstart has no infinity.
    static let forever = 2_147_483_647

    private var options: GeneratorOptions { context.options }
    private var facts: ContainerFacts { context.facts }

    init(_ context: MemberContext) throws(GeneratorError) {
        self.context = context
        try context.refuseUncatchableSignal()
    }

    func job(header: [ByteString]) -> UpstartJob {
        var job = UpstartJob(header.map { .comment($0) })
        job.stanzas.append(.description(ByteString("container \(facts.name)")))
        job.stanzas += events + restarts
        if context.awaitsReadiness { job.stanzas.append(.expect(.stop)) }
        if facts.endSignal != .terminate { job.stanzas.append(.killSignal(Self.name(facts.endSignal))) }
        job.stanzas.append(.killTimeout(context.secondsToStop ?? Self.forever))
        if let signal = options.reloadSignal { job.stanzas.append(.reloadSignal(ByteString(signal))) }
        job.stanzas.append(.console(options.journal ? .log : .none))
        job.stanzas += processes
        return job
    }

    /// The signal in upstart's form: libnih knows the names of the classic signals, others go by number.
    private static func name(_ signal: Signal) -> ByteString {
        ByteString(signal.number < 32 ? signal.name : String(signal.number))
    }

    // MARK: Events

    private var events: [UpstartStanza] {
        let stop = UpstartStanza.stopOn(Self.any(stopEvents))
        guard context.startsAtBoot else { return [.manual, stop] }
        return [.startOn(Self.all(startEvents)), stop]
    }

    private static func job(_ event: ByteString, _ name: String) -> UpstartEvents {
        .event(event, [.equal("JOB", ByteString(name))])
    }

    private var startEvents: [UpstartEvents] {
        var events: [UpstartEvents]
        if let group = context.group {
            events = [Self.job("starting", options.prefix + group)]
        } else {
            events = Self.bootEvents(options)
        }
        for dependency in context.relations.dependencies(of: context.index) {
            let name = options.prefix + context.catalogue.containers[dependency.index].name
            let isOneShot =
                context.relations.oneShots.contains(dependency.index) && dependency.condition == .completed
            // A task is done when it has stopped without failing.
            events.append(
                isOneShot
                    ? .event("stopped", [.equal("JOB", ByteString(name)), .equal("RESULT", "ok")])
                    : Self.job("started", name))
        }
        return events
    }

    private var stopEvents: [UpstartEvents] {
        var events: [UpstartEvents]
        if let group = context.group {
            events = [Self.job("stopping", options.prefix + group)]
        } else {
            events = Self.shutdownEvents(options)
        }
        for dependency in context.relations.dependencies(of: context.index)
        where dependency.condition == .namespaces || dependency.restarts {
            events.append(Self.job("stopping", options.prefix + context.catalogue.containers[dependency.index].name))
        }
        return events
    }

    /// The events of a boot: the machine has its disks, and the engine is up.
    static func bootEvents(_ options: GeneratorOptions) -> [UpstartEvents] {
        [.event("filesystem")] + (options.engineUnit.map { [job("started", $0)] } ?? [])
    }

    /// The events of a shutdown: the machine goes down, or the engine is stopped.
    static func shutdownEvents(_ options: GeneratorOptions) -> [UpstartEvents] {
        [.event("runlevel", [.positional("[!2345]")])] + (options.engineUnit.map { [job("stopping", $0)] } ?? [])
    }

    /// All of these events together; `filesystem` when the list is empty.
    static func all(_ events: [UpstartEvents]) -> UpstartEvents {
        events.dropFirst().reduce(events.first ?? .event("filesystem")) { .and($0, $1) }
    }

    /// Any of these events; `runlevel` when the list is empty.
    static func any(_ events: [UpstartEvents]) -> UpstartEvents {
        events.dropFirst().reduce(events.first ?? .event("runlevel")) { .or($0, $1) }
    }

    // MARK: Restarts

    private var restarts: [UpstartStanza] {
        guard !context.isOneShot else { return [.task] }
        guard context.initRestarts else { return [] }
        switch facts.policy {
        case .no: return []
        case .always, .unlessStopped: return [.respawn, .respawnLimit(.unlimited)]
        case .onFailure(let count):
            // The window never ends, so the limit is a budget since the job was started.
            let limit = count.map { UpstartRespawnLimit.atMost($0, seconds: Self.forever) } ?? .unlimited
            return [.respawn, .respawnLimit(limit), .normalExit(["0"] + prevented)]
        }
    }

    private var prevented: [ByteString] {
        Set(options.preventRestartCodes).subtracting([0]).sorted().map { ByteString("\($0)") }
    }

    // MARK: Processes

    private var processes: [UpstartStanza] {
        var stanzas: [UpstartStanza] = []
        if let condition = context.startCondition {
            let line = ShellLine(condition).bytes + Array(" || { stop; exit 0; }\n".utf8)
            stanzas.append(.process(.preStart, .script(ByteString(line))))
        }
        var words = ["start", "--attach"]
        if options.client != .sereno { words = ["start", "-a"] }
        if options.owner == .sereno, facts.policy != .no { words.append("--until-final") }
        if context.awaitsReadiness { words.append("--stop-when=\(context.readiness.rawValue)") }
        let start = context.client(words + [facts.name])
        stanzas.append(.process(.main, .arguments(start.map { ByteString($0) })))
        if options.client == .docker {
            // Docker's client exits at TERM while the container is still ending.
            let seconds = facts.stopTimeout ?? ContainerFacts.engineStopTimeout
            let stop = context.client(["stop", "-t", "\(seconds)", facts.name])
            stanzas.append(.process(.preStop, .arguments(stop.map { ByteString($0) })))
        }
        if context.initRestarts {
            // The delay is for a respawn, where the goal is still to run; a stop is not delayed.
            let wait = "case \"$(status)\" in *start/post-stop*) sleep \(Self.delay);; esac\n"
            stanzas.append(.process(.postStop, .script(ByteString(wait))))
        }
        return stanzas
    }
}

extension MemberContext {
    /// Whether the container's readiness is reported to upstart.
    var awaitsReadiness: Bool {
        options.client == .sereno && options.engine == .sereno && !isOneShot
            && (options.readiness != nil || relations.awaitedHealthy.contains(index))
    }
}
