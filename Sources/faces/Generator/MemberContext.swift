internal import Model
internal import UnitFiles

/// One container that gets a file, and everything that its file depends on.
struct MemberContext {
    let facts: ContainerFacts
    let index: Int
    let catalogue: Catalogue
    let relations: Relations
    let options: GeneratorOptions
    /// The options as one text, made once for all containers.
    let fingerprint: String

    /// Whether it has to be done before others start, rather than to stay up.
    var isOneShot: Bool { relations.oneShots.contains(index) && facts.policy == .no }

    /// The name of the job or program, without an ending.
    var jobName: String { options.prefix + facts.name }

    var fileName: String { options.fileName(of: facts.name) }

    var group: String? { relations.group(of: index) }

    /// When it counts as started.
    var readiness: Readiness {
        if let readiness = options.readiness { return readiness }
        return relations.awaitedHealthy.contains(index) && facts.healthcheck != nil ? .healthy : .started
    }

    /// Whether the init system starts it at boot. Docker's documentation has `on-failure` stay down there.
    var startsAtBoot: Bool {
        switch options.boot {
        case .yes: return true
        case .no: return false
        case .policy:
            if isOneShot { return true }
            return switch facts.policy {
            case .always, .unlessStopped: true
            case .no, .onFailure: false
            }
        }
    }

    /// Whether the init system restarts it; otherwise the engine does, or nobody.
    var initRestarts: Bool { options.owner == .initSystem && facts.policy != .no }

    /// The client with what comes before the verb.
    func client(_ words: [String]) -> [String] {
        guard let address = options.address else { return [options.program] + words }
        switch options.client {
        case .sereno, .docker: return [options.program, "-H", address] + words
        case .podman: return [options.program, "--url", address] + words
        }
    }

    /// The verb that tells whether it may be started: exit 0, or 1 when the user has stopped it or its budget is spent. An automatic
    /// restart must not undo a user's stop under any policy.
    var startCondition: [String]? {
        guard options.client == .sereno, options.engine == .sereno, facts.policy != .no else { return nil }
        return client(["start-condition", facts.name])
    }

    /// Seconds that a stop may take before the init system kills; nil is for ever.
    var secondsToStop: Int? { facts.secondsToKill.map { $0 + options.stopMargin } }

    /// The exit codes by which it ends when it is asked to, besides 0: those of the stop signal and of TERM.
    var stopCodes: [String] {
        Set([128 + facts.endSignal.number, 128 + Signal.terminate.number]).sorted().map(String.init)
    }

    /// KILL and STOP would meet `start -a` itself, and leave the container to itself.
    func refuseUncatchableSignal() throws(GeneratorError) {
        guard facts.endSignal != .kill, facts.endSignal != .stop else {
            throw .signal(container: facts.name, signal: facts.endSignal.description, options.system)
        }
    }

    /// Refuses what cannot be meant.
    func check() throws(GeneratorError) {
        if facts.healthcheck == nil {
            if options.readiness == .healthy { throw .noHealthcheck(container: facts.name, option: "--ready=healthy") }
            if options.watchdog == .health { throw .noHealthcheck(container: facts.name, option: "--watchdog=health") }
        }
    }
}
