internal import Model
internal import UnitFiles

/// One container that gets a file, and all that the file depends on.
struct MemberContext {
    let facts: ContainerFacts
    let index: Int
    let catalogue: Catalogue
    let relations: Relations
    let options: GeneratorOptions
    /// The options as one text; it is made once for all containers.
    let fingerprint: String

    /// Whether the container must complete before others start, and does not stay up.
    var isOneShot: Bool { relations.oneShots.contains(index) && facts.policy == .no }

    /// The name of the job or program, without an ending.
    var jobName: String { options.prefix + facts.name }

    var fileName: String { options.fileName(of: facts.name) }

    var group: String? { relations.group(of: index) }

    /// The moment at which the container counts as started.
    var readiness: Readiness {
        if let readiness = options.readiness { return readiness }
        return relations.awaitedHealthy.contains(index) && facts.healthcheck != nil ? .healthy : .started
    }

    /// Whether the init system starts the container at boot. With policy `on-failure` it does not, by Docker's
    /// documentation.
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

    /// Whether the init system restarts the container; otherwise the engine does, or neither.
    var initRestarts: Bool { options.owner == .initSystem && facts.policy != .no }

    /// The command of the client: its program, its global flags, then `words`.
    func client(_ words: [String]) -> [String] {
        guard let address = options.address else { return [options.program] + words }
        switch options.client {
        case .sereno, .docker: return [options.program, "-H", address] + words
        case .podman: return [options.program, "--url", address] + words
        }
    }

    /// The command that decides whether the container may be started: exit 0, or 1 when the user has stopped it or its
    /// budget is spent. An automatic restart must not undo a user's stop under any policy.
    var startCondition: [String]? {
        guard options.client == .sereno, options.engine == .sereno, facts.policy != .no else { return nil }
        return client(["start-condition", facts.name])
    }

    /// Seconds that a stop may take before the init system kills the container's command; nil is for ever.
    var secondsToStop: Int? { facts.secondsToKill.map { $0 + options.stopMargin } }

    /// The exit codes of a requested end besides 0: those of the stop signal and of TERM.
    var stopCodes: [String] {
        Set([128 + facts.endSignal.number, 128 + Signal.terminate.number]).sorted().map(String.init)
    }

    /// Refuses KILL and STOP as stop signals: they would hit `start -a` itself and leave the container behind.
    func refuseUncatchableSignal() throws(GeneratorError) {
        guard facts.endSignal != .kill, facts.endSignal != .stop else {
            throw .signal(container: facts.name, signal: facts.endSignal.description, options.system)
        }
    }

    /// Refuses options that the container cannot meet.
    func check() throws(GeneratorError) {
        if facts.healthcheck == nil {
            if options.readiness == .healthy { throw .noHealthcheck(container: facts.name, option: "--ready=healthy") }
            if options.watchdog == .health { throw .noHealthcheck(container: facts.name, option: "--watchdog=health") }
        }
    }
}
