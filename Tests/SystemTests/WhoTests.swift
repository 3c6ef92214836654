import TestSupport
import Testing

/// Who gave a command, as the kernel tells of the client's socket.
@Suite("Who asked", .serialized)
struct WhoTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    @Test("A stop names its user and process in why, inspect and events, for ever", arguments: Clients.all)
    func stop(_ client: String) throws {
        let name = "lamp-\(client)"
        try expect(
            supervisor.run(client, ["run", "-d", "--network", "none", "--name", name, "busybox", "sleep", "600"]))
        let stopping = try supervisor.start(client, ["stop", "-t", "1", name])
        let process = stopping.processID
        #expect(stopping.wait(timeout: 60).succeeded)
        let by = "by user root (uid 0), process \(process) \(client)"
        let check = {
            let why = try expect(supervisor.sereno("why", name)).output
            #expect(why.contains("stop with SIGTERM \(by)\n"), "\(why)")
            #expect(why.contains("a user's stop with SIGTERM \(by) holds until the next start"), "\(why)")
            #expect(why.contains("create by user root (uid 0), process "), "\(why)")
            #expect(try supervisor.inspect(name, "{{.State.StoppedBy}}") == "stop with SIGTERM \(by)")
        }
        try check()
        let events = try expect(
            supervisor.sereno(
                "events", "--since", "1h", "--until", "0s", "--filter", "container=\(name)", "--format",
                "{{.Action}} {{.Actor.Attributes.by}}")
        ).output
        for action in ["kill", "die", "stop"] {
            #expect(events.contains("\(action) user root (uid 0), process \(process) \(client)\n"), "\(events)")
        }
        try supervisor.killEngine()
        try check()
    }

    @Test("Every command that changes something is in the history, in its order")
    func every() throws {
        let steps: [[String]] = [
            [
                "run", "-d", "--network", "none", "--name", "busy", "busybox", "sh", "-c",
                "trap : HUP; while :; do sleep 0.1; done",
            ],
            ["pause", "busy"], ["unpause", "busy"], ["kill", "-s", "HUP", "busy"],
            ["update", "--restart", "always", "busy"], ["rename", "busy", "lazy"], ["restart", "-t", "1", "lazy"],
            ["stop", "-t", "1", "lazy"],
        ]
        for step in steps { try expect(supervisor.run("sereno", step)) }
        let lines = try expect(supervisor.sereno("why", "lazy")).output.split(separator: "\n")
        let commands = lines.compactMap { $0.split(separator: "  ", maxSplits: 1).last }.filter {
            $0.contains(" by user root")
        }
        let expected = [
            "create by", "start by", "pause by", "unpause by", "kill with SIGHUP by", "update --restart always by",
            "rename from busy to lazy by", "restart by", "stop with SIGTERM by",
        ]
        #expect(commands.count >= expected.count, "\(lines)")
        for (command, begin) in zip(commands, expected) { #expect(command.hasPrefix(begin), "\(commands)") }
    }

    @Test("Another user is told apart, and one without rights is not let in")
    func another() throws {
        try expect(supervisor.sereno("run", "-d", "--network", "none", "--name", "shared", "busybox", "sleep", "600"))
        let socket = supervisor.directory.child("sock")
        let stop = [
            "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "curl", "-sS", "--unix-socket", socket,
            "-X", "POST", "http://sereno/containers/shared/stop?t=1",
        ]
        try expect(Command.run(["chmod", "711", supervisor.directory.path]))
        #expect(try TestFiles.mode(of: socket) == 0o660)
        #expect(try Command.run(stop).status.code == 7, "connected to a socket of mode 0660")
        try expect(Command.run(["chmod", "666", socket]))
        try expect(Command.run(stop))
        #expect(try supervisor.inspect("shared", "{{.State.StoppedBy}}").contains("(uid 65534), process "))
        #expect(try supervisor.inspect("shared", "{{.State.StoppedBy}}").hasSuffix(" curl"))
    }
}
