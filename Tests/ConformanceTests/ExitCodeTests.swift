import Model
import TestSupport
import Testing

/// The exit codes that Docker's users write scripts on.
@Suite("Exit codes", .serialized)
struct ExitCodeTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    /// What a command of a container leaves: the code of `run`, of `start -a`, and the state that stays.
    struct Case: Sendable, CustomTestStringConvertible {
        let command: [String]
        let run: Int32
        let again: Int32
        let state: String

        init(_ command: String..., run: Int32, again: Int32, state: String) {
            (self.command, self.run, self.again, self.state) = (command, run, again, state)
        }

        var testDescription: String { command.joined(separator: " ") }
    }

    static let cases = [
        Case("sh", "-c", "exit 0", run: 0, again: 0, state: "exited 0"),
        Case("sh", "-c", "exit 3", run: 3, again: 3, state: "exited 3"),
        Case("sh", "-c", "exit 255", run: 255, again: 255, state: "exited 255"),
        Case("sh", "-c", "sleep 9 & kill -KILL $!; wait $!", run: 137, again: 137, state: "exited 137"),
        Case("sh", "-c", "sleep 9 & kill -SEGV $!; wait $!", run: 139, again: 139, state: "exited 139"),
        Case("nosuch", run: 127, again: 1, state: "created 127"),
        Case("/nosuch", run: 127, again: 1, state: "created 127"),
        Case("/etc/passwd", run: 126, again: 1, state: "created 126"),
        Case("/etc", run: 126, again: 1, state: "created 126"),
    ]

    @Test("run and start -a answer Docker's codes", arguments: Clients.all)
    func codes(_ client: String) throws {
        for (index, row) in Self.cases.enumerated() {
            let name = "code-\(client)-\(index)"
            let ran = try supervisor.run(client, ["run", "--network", "none", "--name", name, "busybox"] + row.command)
            #expect(ran.status.code == row.run, "\(row): \(ran.error)")
            let again = try supervisor.run(client, ["start", "-a", name])
            #expect(again.status.code == row.again, "\(row): \(again.error)")
            #expect(try supervisor.inspect(name, "{{.State.Status}} {{.State.ExitCode}}") == row.state, "\(row)")
        }
    }

    @Test("run answers 125 when the container was never made", arguments: Clients.all)
    func refused(_ client: String) throws {
        try expect(supervisor.run(client, ["create", "--name", "taken-\(client)", "busybox", "true"]))
        for arguments in [
            ["--nosuchflag", "busybox"], ["--pull", "never", "nosuchimage:1"],
            ["--name", "taken-\(client)", "busybox", "true"], ["-w", "/etc/passwd", "busybox", "true"],
            ["-u", "nosuch", "busybox", "true"], ["--mount", "type=bind,src=/nosuch,dst=/x", "busybox", "true"],
        ] {
            let ran = try supervisor.run(client, ["run", "--network", "none"] + arguments)
            #expect(ran.status.code == 125, "\(arguments): \(ran.error)")
            #expect(!ran.error.isEmpty, "\(arguments)")
        }
    }

    @Test("verbs on what is not there answer 1, rm -f and stop of a stopped one 0", arguments: Clients.all)
    func verbs(_ client: String) throws {
        let stopped = "stopped-\(client)"
        try expect(supervisor.run(client, ["run", "--network", "none", "--name", stopped, "busybox", "true"]))
        for (arguments, code) in [
            (["start", "-a", "nosuch"], 1), (["exec", stopped, "true"], 1), (["kill", stopped], 1),
            (["stop", stopped], 0),
            (["wait", "nosuch"], 1), (["rm", "nosuch"], 1), (["rm", "-f", "nosuch"], 0), (["inspect", "nosuch"], 1),
            (["logs", "nosuch"], 1), (["attach", stopped], 1), (["top", stopped], 1), (["pause", stopped], 1),
            (["create", "--name", stopped, "busybox", "true"], 1), (["rename", stopped, stopped], 1),
            (["port", "nosuch"], 1), (["update", "--restart", "no", "nosuch"], 1), (["diff", "nosuch"], 1),
        ] as [([String], Int32)] {
            let ran = try supervisor.run(client, arguments)
            #expect(ran.status.code == code, "\(arguments): \(ran.error)")
        }
    }

    @Test("exec answers the code of what it ran", arguments: Clients.all)
    func exec(_ client: String) throws {
        let name = "exec-\(client)"
        try expect(
            supervisor.run(client, ["run", "-d", "--network", "none", "--name", name, "busybox", "sleep", "600"]))
        for (command, code) in [
            (["true"], 0), (["sh", "-c", "exit 5"], 5), (["nosuch"], 127), (["/etc/passwd"], 126),
            (["sh", "-c", "kill -KILL $$"], 137),
        ] as [([String], Int32)] {
            let ran = try supervisor.run(client, ["exec", name] + command)
            #expect(ran.status.code == code, "\(command): \(ran.error)")
        }
        #expect(try supervisor.run(client, ["rm", name]).status.code == 1)
        #expect(try supervisor.run(client, ["start", name]).error == "")
        #expect(try supervisor.run(client, ["kill", "-s", "FOO", name]).status.code == 1)
        #expect(try supervisor.inspect(name, "{{.State.Status}}") == "running")
    }
}
