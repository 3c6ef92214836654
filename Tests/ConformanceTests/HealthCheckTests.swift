import Glibc
import TestSupport
import Testing

/// Health checks, and what shows of them, as a real dockerd was seen to do it.
@Suite("Health checks", .serialized)
struct HealthCheckTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    private func health(_ name: String) throws -> String {
        try supervisor.inspect(name, "{{.State.Health.Status}} {{.State.Health.FailingStreak}}")
    }

    @Test("Failures make it unhealthy, a success healthy; pause and stop are unhealthy", arguments: Clients.all)
    func verdicts(_ client: String) throws {
        let name = "checked_\(client)"
        let run = { (arguments: [String]) in try supervisor.run(client, arguments) }
        let events = try supervisor.start(
            client, ["events", "--filter", "container=\(name)", "--format", "{{.Action}}"])
        try expect(
            run([
                "run", "-d", "--network", "none", "--name", name, "--health-cmd", "echo out; echo err >&2; test -e /ok",
                "--health-interval", "100ms", "--health-retries", "2", "busybox", "sleep", "1000",
            ]))
        let status = { try run(["ps", "-a", "--filter", "name=\(name)", "--format", "{{.Status}}"]).output }
        let listed = { (health: String) in
            try run(["ps", "--filter", "name=\(name)", "--filter", "health=\(health)", "--format", "{{.Names}}"]).output
        }
        #expect(try eventually { try health(name).hasPrefix("unhealthy ") })
        #expect(try status().hasSuffix(" (unhealthy)\n"))
        #expect(try supervisor.inspect(name, "{{.State.Status}}") == "running")
        try expect(run(["exec", name, "touch", "/ok"]))
        #expect(try eventually { try health(name) == "healthy 0" })
        #expect(try status().hasSuffix(" (healthy)\n"))
        #expect(try listed("healthy") == "\(name)\n" && listed("unhealthy").isEmpty && listed("none").isEmpty)
        #expect(try eventually { try supervisor.inspect(name, "{{len .State.Health.Log}}") == "5" })
        let last = try run([
            "inspect", "-f", "{{with index .State.Health.Log 4}}{{.ExitCode}} {{.Output}}{{end}}", name,
        ])
        #expect(last.output == "0 out\nerr\n\n")

        try expect(run(["pause", name]))
        #expect(try health(name) == "unhealthy 0")
        #expect(try status().hasSuffix(" (Paused)\n"))
        try expect(run(["unpause", name]))
        #expect(try eventually { try health(name) == "healthy 0" })
        try expect(run(["stop", "-t", "0", name]))
        #expect(try health(name) == "unhealthy 0")
        try expect(run(["start", name]))
        #expect(try health(name).hasPrefix("starting ") || health(name) == "healthy 0")
        #expect(eventually { events.output.components("health_status: healthy") >= 2 })
        #expect(events.output.contains("health_status: unhealthy\n"))
        #expect(events.output.contains("exec_create: /bin/sh -c echo out; echo err >&2; test -e /ok\n"))
        events.signal(SIGTERM)
        _ = events.wait(timeout: 10)
    }

    @Test("A check that takes too long or cannot run has failed, and leaves nothing behind")
    func failures() throws {
        try expect(
            supervisor.sereno(
                "run", "-d", "--network", "none", "--name", "slow", "--health-cmd", "echo begun; exec sleep 1000",
                "--health-interval", "50ms", "--health-timeout", "200ms", "--health-retries", "1", "busybox", "sleep",
                "999"))
        #expect(try eventually { try health("slow").hasPrefix("unhealthy ") })
        let first = try supervisor.inspect(
            "slow", "{{with index .State.Health.Log 0}}{{.ExitCode}} {{.Output}}{{end}}")
        #expect(first == "-1 Health check exceeded timeout (200ms): begun\n")
        let processes = try supervisor.sereno("exec", "slow", "ps", "-o", "args").output
        #expect(processes.split(separator: "\n").count { $0.hasPrefix("sleep 1000") } <= 1)

        let image = supervisor.directory.child("none.tar")
        try BusyboxRootfs.makeTar(at: image)
        try expect(
            supervisor.sereno(
                "import", "--change", #"HEALTHCHECK --interval=50ms --retries=1 CMD ["nosuch","x"]"#, image, "checked"))
        try expect(supervisor.sereno("run", "-d", "--network", "none", "--name", "image", "checked", "sleep", "999"))
        #expect(try eventually { try health("image").hasPrefix("unhealthy ") })
        let output = try supervisor.inspect("image", "{{(index .State.Health.Log 0).Output}}")
        #expect(output.hasSuffix("exec: \"nosuch\": executable file not found in $PATH"))

        // The image's check with one thing changed, and none at all.
        try expect(
            supervisor.sereno(
                "create", "--network", "none", "--name", "merged", "--health-retries", "7", "checked", "true"))
        #expect(
            try supervisor.inspect("merged", "{{json .Config.Healthcheck}}")
                == #"{"Test":["CMD","nosuch","x"],"Interval":50000000,"Retries":7}"#)
        try expect(
            supervisor.sereno(
                "run", "-d", "--network", "none", "--name", "quiet", "--no-healthcheck", "checked", "sleep", "999"))
        #expect(try supervisor.inspect("quiet", "{{.State.Health}}") == "<nil>")
    }

    @Test("The engine is killed: the verdict stands, checks go on, and the one under way is not left behind")
    func outlivesTheEngine() throws {
        try expect(
            supervisor.sereno(
                "run", "-d", "--network", "none", "--name", "kept", "--health-cmd", "echo x >> /checks; test ! -e /bad",
                "--health-interval", "100ms", "--health-retries", "1", "busybox", "sleep", "999"))
        try expect(
            supervisor.sereno(
                "run", "-d", "--network", "none", "--name", "under", "--health-cmd", "exec sleep 1000",
                "--health-interval", "60s", "--health-start-period", "60s", "--health-start-interval", "50ms",
                "busybox",
                "sleep", "999"))
        let checks = {
            try supervisor.sereno("exec", "kept", "wc", "-l", "/checks").output.split(separator: " ").first
                .flatMap { Int($0) } ?? 0
        }
        let underWay = {
            try supervisor.sereno("exec", "under", "ps", "-o", "args").output.split(separator: "\n")
                .count { $0.hasPrefix("sleep 1000") }
        }
        #expect(try eventually { try health("kept") == "healthy 0" })
        #expect(try eventually { try underWay() == 1 })
        let before = try checks()
        let started = try supervisor.inspect("kept", "{{.State.StartedAt}}")
        try supervisor.killEngine()
        #expect(try health("kept") == "healthy 0")
        #expect(try supervisor.inspect("kept", "{{.State.StartedAt}}") == started)
        #expect(try eventually { try checks() > before + 2 })
        try expect(supervisor.sereno("exec", "kept", "touch", "/bad"))
        #expect(try eventually { try health("kept").hasPrefix("unhealthy") })
        #expect(try eventually { try underWay() == 1 })
    }

    @Test("What exec -d started goes on writing when the engine that read it is gone")
    func straysAreRead() throws {
        try expect(supervisor.sereno("run", "-d", "--network", "none", "--name", "host", "busybox", "sleep", "999"))
        try expect(
            supervisor.sereno(
                "exec", "-d", "host", "sh", "-c",
                "while [ ! -e /go ]; do sleep 0.1; done; yes | head -c 1000000; touch /done"))
        try supervisor.killEngine()
        try expect(supervisor.sereno("exec", "host", "touch", "/go"))
        #expect(try eventually { try supervisor.sereno("exec", "host", "test", "-e", "/done").succeeded })
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(_ text: String) -> Int { split(separator: "\n").count { $0 == text } }
}
