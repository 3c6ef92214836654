import APIClient
import ArgumentParser
import Flags
import Linux
import Model
import Streaming

/// `sereno start`: starts containers; with `-a` it stays until the container has really ended.
struct Start: Verb {
    static let configuration = CommandConfiguration(
        verb: "start", abstract: "Start one or more stopped containers")
    static let flags = FlagTable(
        switches: "a/attach i/interactive until-final",
        values: "detach-keys notify stop-when watchdog cgroup",
        absent: ["checkpoint": Absence.checkpoints, "checkpoint-dir": Absence.checkpoints])
    static let arguments = "CONTAINER [CONTAINER...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Flag(name: .shortAndLong, help: "Attach STDOUT/STDERR and forward signals.")
    var attach = false

    @Flag(name: .shortAndLong, help: "Attach container's STDIN.")
    var interactive = false

    @Option(help: "Override the key sequence for detaching a container.")
    var detachKeys: String?

    @Option(
        help: """
            With --attach in a unit: tell the init system when the container has started, when its payload says READY, or when \
            it is healthy (started, payload, healthy); TERM then stops it.
            """)
    var notify: String?

    @Option(help: "With --attach in a job of upstart: raise SIGSTOP then (started, payload, healthy).")
    var stopWhen: String?

    @Option(
        help: """
            With --attach in a unit: keep its watchdog quiet while the engine answers, or while the container is not unhealthy \
            (supervisor, health).
            """)
    var watchdog: String?

    @Option(help: "With --attach in a unit: place the container in the unit's control group (delegated).")
    var cgroup: String?

    @Flag(help: "With --attach: stay across restarts by the policy and return the last exit code.")
    var untilFinal = false

    @Argument(help: .hidden)
    var containers: [String] = []

    func perform(in session: Session) throws -> Int32 {
        let unit = try UnitOptions(
            notify: notify, stopWhen: stopWhen, watchdog: watchdog, cgroup: cgroup, untilFinal: untilFinal)
        if unit.isUnit, !attach {
            throw ExitFailure("--notify, --stop-when, --watchdog, --cgroup and --until-final need --attach")
        }
        if attach || interactive {
            guard containers.count == 1 else {
                throw ExitFailure("you cannot start and attach multiple containers at once")
            }
            return try startAttached(containers[0], unit, session)
        }
        var failed: [String] = []
        for name in containers {
            do {
                try session.client.perform(Request(.post, "/containers/\(Request.segment(name))/start"))
                Output.standard.line(name)
            } catch {
                Output.error.line(error.message)
                failed.append(name)
            }
        }
        guard failed.isEmpty else {
            throw ExitFailure("Error: failed to start containers: \(failed.joined(separator: ", "))")
        }
        return 0
    }

    private func startAttached(_ name: String, _ unit: UnitOptions, _ session: Session) throws -> Int32 {
        let signals = try SignalQueue()
        let container = try session.client.json(Request(.get, "/containers/\(Request.segment(name))/json"))
        let isTerminal = container["Config"]?["Tty"]?.bool ?? false
        let supervisor = SupervisingInit(environment: session.environment)
        let owner = container["Sereno"]?["RestartOwner"]?["System"]?.string.flatMap(InitSystem.init(rawValue:))
        let link: UnitLink?
        do {
            // A start by the init system that owns the restarts counts as its restart, whatever the options are.
            link =
                unit.isUnit || supervisor != nil && owner != nil
                ? try UnitLink(unit, client: session.client, inspected: container, environment: session.environment)
                : nil
        } catch let error as LinuxError {
            throw ExitFailure(error.message)
        }
        let attachment = Attachment(
            client: session.client, id: container["Id"]?.string ?? name, isTerminal: isTerminal,
            takesInput: interactive && container["Config"]?["OpenStdin"]?.bool == true,
            outputs: ["stdout", "stderr"], detachKeys: detachKeys ?? "",
            waitCondition: container["HostConfig"]?["AutoRemove"]?.bool == true
                ? "removed" : unit.untilFinal ? "final" : "next-exit",
            signals: signals, signalEffect: isTerminal && link == nil ? .endClient : .forwarded,
            startedBefore: container["State"]?["StartedAt"]?.string ?? "", link: link,
            supervisor: supervisor,
            stopSignal: container["Config"]?["StopSignal"]?.string.flatMap { Signal(parsing: $0) })
        switch try attachment.follow(starts: true) {
        case .exited(let code): return code
        case .detached: return 0
        // The user stopped the container, or its restarts are used up: leaving it so is the wanted outcome.
        case .startRefused(.refused(412, let message)):
            Output.error.line("not started: \(message)")
            return 0
        case .startRefused(let error): throw error
        }
    }
}
