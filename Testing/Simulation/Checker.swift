import Engine
import Model

/// The specification as a judge: what Docker's documentation and docs/policies.md say must hold of commands, processes and
/// answers. It sees what a user and the kernel see, and knows nothing of how the engine decides.
final class Checker {
    /// Who made a run.
    enum Cause { case user, policy, unknown }

    /// What is known of one container from outside.
    final class Expected {
        let id: ContainerID
        var name: String
        /// Policies that may be in force: several while an update is under way, or its answer was lost.
        var policies: [RestartPolicy]
        let stopSignal: Signal?
        /// Whether it must be there; false while its creation is under way or its answer was lost.
        var isCertain = false
        /// Whether a removal was asked for, and whether it was answered with success.
        var mayBeGone = false
        var isGone = false
        /// Names it may have had since the last that is certain.
        var possibleNames: Set<String> = []

        var commands: [IssuedCommand] = []
        var live: SimulatedProcess?
        /// The end that the next automatic start answers.
        var end: End?
        /// Automatic restarts since the last start by a user or a supervisor, and the last delay; `nil` when what
        /// happened at once leaves more than one answer.
        var history: (count: Int, delay: Int64?)? = (0, nil)
        var lastClone: Int64?
        /// When it last had no process: signals asked for since then are for the next.
        var lastRest: Int64 = 0
        var cause = Cause.unknown
        var wasExecuted = false
        /// Whether a supervisor came up since its last start, after which it may be started once.
        var owesSupervisorStart = false
        /// Policies that may have been in force when it decided.
        var policiesSinceStart: [RestartPolicy] = []
        /// How the last run ended, for that decision; `nil` when nobody saw it.
        var lastStatus: ExitStatus?
        var lastEvent: Int64 = 0
        var lastInjected: Int64 = 0
        /// What each run wrote, in order, for its log.
        var runs: [SimulatedProcess] = []
        /// When a supervisor that came up started it.
        var supervisorStarts: [Int64] = []
        /// The last birth that an engine has shown and written down: starts asked for before it have had their process.
        var servedUntil: Int64 = 0

        init(_ id: ContainerID, _ name: String, _ policy: RestartPolicy, _ stopSignal: Signal?) {
            self.id = id
            self.name = name
            policies = [policy]
            self.stopSignal = stopSignal
            possibleNames = [name]
        }
    }

    /// An end and what the policy makes of it.
    struct End {
        let time: Int64
        let isFailure: Bool
        /// The policies that may have decided. A restart that was decided still happens when the policy is changed.
        var policies: [RestartPolicy]
        /// The delay that must pass; `nil` when it cannot be known.
        var delay: Int64?
        let injected: Int64
        var isFailedStart = false
    }

    private(set) var violation: String?
    let trace: Trace
    var containers: [ContainerID: Expected] = [:]
    /// Creations whose container is not known by its identity yet.
    var creations: [Int: IssuedCommand] = [:]
    var isShuttingDown = false
    /// When that was asked for, and how much slowness there had been by then.
    var shutdownAsked: (time: Int64, injected: Int64) = (0, 0)
    /// How many checks were made.
    private(set) var checks = 0

    init(trace: Trace) { self.trace = trace }

    /// How long an engine that nothing slows down may take to decide what follows an end, in nanoseconds.
    static let decisionTime: Int64 = 3_000_000_000

    /// The first violation counts.
    func fail(_ time: Int64, _ what: String) {
        if violation == nil {
            violation = what
            trace.note(time, "VIOLATION", "-", what)
        }
    }

    func require(_ holds: Bool, _ time: Int64, _ what: @autoclosure () -> String) {
        checks += 1
        if !holds { fail(time, what()) }
    }

    /// Containers that a client may name.
    var known: [ContainerID] { containers.values.filter { $0.isCertain && !$0.isGone }.map(\.id).sorted() }

    func isContainer(_ key: String) -> Bool { ContainerID(key).map { containers[$0] != nil } ?? false }

    func expected(_ key: String) -> Expected? { ContainerID(key).flatMap { containers[$0] } }

    // MARK: Commands

    func issued(_ command: IssuedCommand) {
        if case .create = command.what { creations[command.number] = command }
        guard let id = command.target, let container = containers[id] else { return }
        container.commands.append(command)
        switch command.what {
        case .remove: container.mayBeGone = true
        case .update(let policy):
            container.policies.append(policy)
            container.policiesSinceStart.append(policy)
            // It may come before the engine decides, which waits for the output of what ended.
            if let end = container.end, command.issued - end.time < Self.decisionTime + end.injected {
                container.end?.policies.append(policy)
            }
        case .rename(let name): container.possibleNames.insert(name)
        case .create, .start, .stop, .kill, .restart, .pause, .unpause, .wait, .attach, .tag, .removeImage: break
        }
    }

    func answered(_ command: IssuedCommand) {
        if case .create(let name, _, let policy, let stopSignal, _) = command.what {
            answeredCreation(command, name, policy, stopSignal)
            return
        }
        guard let id = command.target, let container = containers[id],
            let place = container.commands.firstIndex(where: { $0.number == command.number })
        else { return }
        container.commands[place] = command
        switch command.what {
        case .remove: if command.outcome == .done { container.isGone = true }
        case .update(let policy):
            guard command.outcome == .done,
                !container.hasOthers(than: command, { if case .update = $0 { true } else { false } })
            else { return }
            container.policies = [policy]
        case .rename(let name):
            guard command.outcome == .done,
                !container.hasOthers(than: command, { if case .rename = $0 { true } else { false } })
            else { return }
            container.name = name
            container.possibleNames = [name]
        case .create, .start, .stop, .kill, .restart, .pause, .unpause, .wait, .attach, .tag, .removeImage: break
        }
    }

    private func answeredCreation(
        _ command: IssuedCommand, _ name: String, _ policy: RestartPolicy, _ stopSignal: Signal?
    ) {
        // A disk that refuses to take a creation may refuse to let it be taken back, too.
        creations[command.number] = command.outcome == .lost || command.mayHaveDoneSomething ? command : nil
        guard command.outcome == .done, let id = command.target, let time = command.answered else { return }
        require(containers[id] == nil, time, "an identity was given twice")
        let container = Expected(id, name, policy, stopSignal)
        container.isCertain = true
        container.lastEvent = time
        containers[id] = container
    }

    // MARK: The engine

    func engineGone(_ time: Int64, unsaved: Set<ContainerID>) {
        // How often and how late it was restarted may be lost: of ends that the disk did not take the keeper keeps the last.
        for id in unsaved {
            containers[id]?.history = nil
            containers[id]?.end?.delay = nil
        }
        for container in containers.values {
            container.lastEvent = time
            if !unsaved.contains(container.id), let shown = container.runs.last(where: \.wasShown) {
                container.servedUntil = shown.cloned
            }
            // What became of a start under way, or of one that has just failed, may not have been written down.
            let isStarting = container.live.map { $0.executed == nil } ?? false
            if isStarting || container.end?.isFailedStart == true {
                container.history = nil
                container.end?.delay = nil
            }
        }
    }

    /// An engine came up: what was answered is there.
    func recovered(_ list: [ContainerSnapshot], _ time: Int64) {
        var seen: Set<ContainerID> = []
        for snapshot in list {
            seen.insert(snapshot.id)
            bind(snapshot, time)
            containers[snapshot.id]?.noteShown(snapshot)
        }
        require(seen.count == list.count, time, "a container is there twice")
        for container in containers.values.sorted(by: { $0.id < $1.id }) {
            if container.isGone {
                require(!seen.contains(container.id), time, "\(container.name) was removed and is there again")
            } else if !container.mayBeGone {
                require(seen.contains(container.id), time, "\(container.name) was created and is lost")
            } else if !seen.contains(container.id) {
                container.isGone = true
            }
            container.lastEvent = time
        }
        // What was found running is kept.
        for container in containers.values where container.live.map({ $0.isOrphan && $0.isAlive }) ?? false {
            container.owesSupervisorStart = false
        }
        // Creations that nobody answered and that are not there never happened.
        creations = creations.filter { $0.value.outcome == nil }
    }

    private func bind(_ snapshot: ContainerSnapshot, _ time: Int64) {
        let name = snapshot.name.text
        guard let container = containers[snapshot.id] else {
            let creation = creations.values.sorted { $0.number < $1.number }.first { command in
                if case .create(name, _, _, _, _) = command.what { command.outcome != nil } else { false }
            }
            guard let creation, case .create(_, _, let policy, let stopSignal, _) = creation.what else {
                fail(time, "a container called \(name) is there that nobody made")
                return
            }
            creations[creation.number] = nil
            let container = Expected(snapshot.id, name, policy, stopSignal)
            container.isCertain = true
            container.mayBeGone = creation.mayHaveDoneSomething
            containers[snapshot.id] = container
            return
        }
        require(
            container.possibleNames.contains(name), time,
            "\(container.name) has come back as \(name), which nobody called it")
        container.name = name
        container.possibleNames = [name]
        // Several values are possible no more, since the engine has one.
        require(
            container.policies.contains(snapshot.spec.restart), time,
            "\(container.name) has policy \(snapshot.spec.restart.name), which nobody gave it")
        container.policies = [snapshot.spec.restart]
        let open = container.commands.filter { $0.answered == nil }
        for command in open { if case .update(let policy) = command.what { container.policies.append(policy) } }
    }

    func newKeeper(after fault: Agenda.Fault, _ time: Int64) {
        isShuttingDown = false
        for container in containers.values {
            container.owesSupervisorStart = true
            container.policiesSinceStart = container.policies
            container.end = nil
            container.lastEvent = time
        }
    }

    /// What these slots had written and nobody had read went with the keeper.
    func lostOutput(of slots: Set<UInt64>) {
        for container in containers.values {
            if let run = container.runs.last, slots.contains(run.slot) { run.isLost = true }
        }
    }

    /// The keeper died, and its processes run on. Unless what it held is kept, the next supervisor decides as after a crash.
    func keeperDied(_ time: Int64, isKept: Bool) {
        isShuttingDown = false
        for container in containers.values {
            container.lastEvent = time
            if container.live.map({ $0.slot == SimulatedProcess.noSlot }) ?? false {
                container.history = nil
                container.end?.delay = nil
            }
            guard !isKept else { continue }
            container.owesSupervisorStart = true
            container.policiesSinceStart = container.policies
            if container.live == nil { container.end = nil }
        }
    }

    func shuttingDown(_ time: Int64, _ injected: Int64) {
        isShuttingDown = true
        shutdownAsked = (time, injected)
        // Its restart is for the next supervisor, but for one that is on its way.
        for container in containers.values { container.end?.delay = nil }
    }
}

extension Checker.Expected {
    /// Whether another command of a kind is under way or was since this one was issued.
    func hasOthers(than command: IssuedCommand, _ isKind: (ClientCommand) -> Bool) -> Bool {
        commands.contains { other in
            other.number != command.number && isKind(other.what)
                && (other.answered ?? Int64.max) > command.issued && other.issued <= (command.answered ?? Int64.max)
        }
    }
}
