import TestSupport
import Testing

/// create, start, stop, restart, kill, wait, pause, rename, rm, and what events and ps tell of them.
@Suite("Life-cycle verbs", .serialized)
struct LifecycleVerbTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    @Test("one container through its life", arguments: Clients.all)
    func life(_ client: String) throws {
        let name = "life-\(client)"
        let run = { (arguments: String...) in try expect(supervisor.run(client, arguments)).output }
        let state = { try supervisor.inspect(name, "{{.State.Status}} {{.State.ExitCode}}") }
        let script = "trap 'exit 5' TERM; while :; do sleep 0.05; done"
        let made = try run("create", "--network", "none", "--name", name, "busybox", "sh", "-c", script)
        #expect(made.count == 65)
        #expect(try state() == "created 0")
        #expect(try run("start", name) == "\(name)\n")
        #expect(try state() == "running 0")
        #expect(try run("pause", name) == "\(name)\n")
        #expect(try supervisor.run(client, ["pause", name]).error.contains("already paused"))
        #expect(
            try supervisor.run(client, ["ps", "--format", "{{.Status}}", "-f", "name=\(name)"]).output.contains(
                "(Paused)"))
        #expect(try run("unpause", name) == "\(name)\n")
        #expect(try supervisor.run(client, ["unpause", name]).error.contains("is not paused"))
        usleepForTheTrap()
        #expect(try run("restart", "-t", "5", name) == "\(name)\n")
        #expect(try supervisor.inspect(name, "{{.RestartCount}} {{.State.Running}}") == "0 true")
        usleepForTheTrap()
        #expect(try run("stop", "-t", "5", name) == "\(name)\n")
        #expect(try state() == "exited 5")
        #expect(try run("wait", name) == "5\n")
        #expect(try run("start", name) == "\(name)\n")
        #expect(try run("kill", name) == "\(name)\n")
        #expect(try eventually { try state() == "exited 137" })
        #expect(try run("rename", name, name + "-new") == "")
        #expect(try run("rm", name + "-new") == "\(name)-new\n")
        // Docker's client names the end in whole seconds.
        _ = eventually(timeout: 1.1) { false }
        let events = try run(
            "events", "--since", "5m", "--until", "0s", "--filter", "container=\(made.prefix(64))", "--format",
            "{{.Action}}")
        for action in ["create", "start", "pause", "unpause", "kill", "die", "stop", "restart", "rename", "destroy"] {
            #expect(events.split(separator: "\n").contains(Substring(action)), "\(action) in \(events)")
        }
    }

    @Test("wait answers the code of every container in order", arguments: Clients.all)
    func wait(_ client: String) throws {
        let names = [1, 2, 3].map { "wait-\(client)-\($0)" }
        for (code, name) in names.enumerated() {
            try expect(
                supervisor.run(
                    client,
                    [
                        "run", "-d", "--network", "none", "--name", name, "busybox", "sh", "-c",
                        "sleep 0.3; exit \(code)",
                    ]))
        }
        #expect(try supervisor.run(client, ["wait"] + names).output == "0\n1\n2\n")
    }

    @Test("run --rm leaves nothing, --cidfile holds the ID and is not overwritten", arguments: Clients.all)
    func run(_ client: String) throws {
        let file = supervisor.directory.child("cid-\(client)")
        let arguments = ["run", "--rm", "--network", "none", "--cidfile", file, "busybox", "sh", "-c", "exit 4"]
        #expect(try supervisor.run(client, arguments).status.code == 4)
        let id = try TestFiles.read(file)
        #expect(id.count == 64)
        #expect(try eventually { try supervisor.run(client, ["ps", "-aq"]).output == "" })
        let again = try supervisor.run(client, arguments)
        #expect(again.status.code == 125 && again.error.contains("container ID file found"))
    }

    @Test("environment from flags, the caller and a file", arguments: Clients.all)
    func environment(_ client: String) throws {
        let file = supervisor.directory.child("env-\(client)")
        try TestFiles.write("A=1\n# comment\nB=x y\n", to: file)
        let ran = try supervisor.run(
            client,
            ["run", "--rm", "--network", "none", "--env-file", file, "-e", "PATH", "-e", "C=3", "busybox", "env"])
        for line in ["A=1", "B=x y", "C=3"] { #expect(ran.output.split(separator: "\n").contains(Substring(line))) }
        #expect(!ran.output.contains("comment"))
    }

    @Test("a variable is bytes: an accent after the equals sign is its value", arguments: Clients.all)
    func accents(_ client: String) throws {
        let file = supervisor.directory.child("crlf-\(client)")
        try TestFiles.write("B=1\r\nC=\u{301}\r\n", to: file)
        let ran = try supervisor.run(
            client,
            [
                "run", "--rm", "--network", "none", "--env-file", file, "-e", "A=\u{301}x", "busybox", "sh", "-c",
                #"for v in "$A" "$B" "$C"; do printf %s "$v" | wc -c; done"#,
            ])
        #expect(ran.output == "3\n1\n2\n")
    }

    @Test("start -ai feeds input and answers output and code", arguments: Clients.all)
    func attached(_ client: String) throws {
        let name = "attached-\(client)"
        let script = "cat; echo err >&2; exit 6"
        try expect(
            supervisor.run(
                client, ["create", "-i", "--network", "none", "--name", name, "busybox", "sh", "-c", script]))
        let started = try supervisor.run(client, ["start", "-ai", name], "one\ntwo")
        #expect(started.output == "one\ntwo")
        #expect(started.error == "err\n")
        #expect(started.status.code == 6)
    }

    private func usleepForTheTrap() { _ = eventually(timeout: 0.4) { false } }
}
