import TestSupport
import Testing

/// ps, inspect, info, version, port, stats and the other verbs that list.
@Suite("Listings", .serialized)
struct ListingTests {
    private let supervisor: SupervisorUnderTest

    init() throws {
        supervisor = try SupervisorUnderTest()
        try expect(
            supervisor.sereno(
                "run", "-d", "--network", "none", "--name", "up", "--hostname", "hh", "--label", "a=b", "--label", "c",
                "-v",
                "/tmp:/hosttmp:ro", "busybox", "sleep", "600"))
        _ = try supervisor.sereno("run", "--network", "none", "--name", "down", "busybox", "sh", "-c", "exit 3")
    }

    @Test("ps filters", arguments: Clients.all)
    func filters(_ client: String) throws {
        for (filter, names) in [
            ("label=a=b", "up\n"), ("label=c", "up\n"), ("label=a=z", ""), ("status=exited", "down\n"),
            ("exited=3", "down\n"), ("exited=0", ""), ("ancestor=busybox", "down\nup\n"), ("volume=/hosttmp", "up\n"),
            ("network=none", "down\nup\n"), ("name=^/up$", "up\n"),
            ("name=^/u[o-q]$", "up\n"), ("name=(", ""), ("since=up", "down\n"), ("before=down", "up\n"),
            ("status=running", "up\n"), ("health=none", "down\nup\n"),
        ] {
            let listed = try supervisor.run(client, ["ps", "-a", "-f", filter, "--format", "{{.Names}}"])
            #expect(listed.output == names, "\(filter)")
        }
        #expect(try supervisor.run(client, ["ps", "--format", "{{.Names}}"]).output == "up\n")
        #expect(try supervisor.run(client, ["ps", "-l", "--format", "{{.Names}}"]).output == "down\n")
        #expect(try supervisor.run(client, ["ps", "-n", "5", "--format", "{{.Names}}"]).output == "down\nup\n")
    }

    @Test("ps formats", arguments: Clients.all)
    func formats(_ client: String) throws {
        let ps = { (options: [String]) in try supervisor.run(client, ["ps", "-a", "-f", "name=^/up$"] + options) }
        let template = "{{.Names}}|{{.Command}}|{{.Image}}|{{.Labels}}|{{.Mounts}}|{{.Networks}}|{{.Ports}}|{{.State}}"
        #expect(try ps(["--format", template]).output == "up|\"sleep 600\"|busybox|a=b,c=|/tmp|none||running\n")
        #expect(try ps(["--format", "table {{.Names}}\t{{.State}}"]).output == "NAMES     STATE\nup        running\n")
        #expect(try ps(["-q", "--no-trunc"]).output.count == 65)
        #expect(try ps(["-q"]).output.count == 13)
        #expect(try ps(["--format", "json"]).output.contains("\"Names\":\"up\""))
        #expect(try ps(["-s", "--format", "{{.Size}}"]).output.contains("virtual"))
        #expect(try ps([]).output.hasPrefix("CONTAINER ID   IMAGE     COMMAND"))
        #expect(try ps(["--format", "{{"]).status.code != 0)
    }

    @Test("inspect answers fields, JSON and refusals", arguments: Clients.all)
    func inspect(_ client: String) throws {
        let inspect = { (options: [String]) in try supervisor.run(client, ["inspect"] + options) }
        #expect(try inspect(["-f", "{{json .Config.Labels}}", "up"]).output == "{\"a\":\"b\",\"c\":\"\"}\n")
        #expect(
            try inspect(["-f", "{{.Config.Hostname}} {{.HostConfig.Binds}}", "up"]).output == "hh [/tmp:/hosttmp:ro]\n")
        #expect(try inspect(["-f", "{{(index .Mounts 0).RW}} {{.State.Status}}", "up"]).output == "false running\n")
        #expect(try inspect(["-f", "{{.RestartCount}} {{.State.ExitCode}}", "down"]).output == "0 3\n")
        #expect(try inspect(["--type", "image", "up"]).error.contains("No such image: up"))
        #expect(try inspect(["-f", "{{.Foo}}", "up"]).status.code == 1)
        let missing = try inspect(["nosuch"])
        #expect(missing.status.code == 1 && missing.output == "[]\n")
        #expect(missing.error.contains("No such object: nosuch"))
    }

    @Test("version, info, stats, port and system df", arguments: Clients.all)
    func system(_ client: String) throws {
        let run = { (arguments: String...) in try supervisor.run(client, arguments) }
        #expect(try run("version", "--format", "{{.Server.APIVersion}} {{.Server.Os}}").output == "1.47 linux\n")
        #expect(
            try run("info", "--format", "{{.Driver}} {{.ContainersRunning}} {{.Containers}}").output == "overlay2 1 2\n"
        )
        #expect(try run("stats", "--no-stream", "--format", "{{.Name}} {{.PIDs}}", "up").output == "up 1\n")
        let unknown = try run("top", "up", "-o", "nosuch")
        #expect(unknown.error.contains("ps: error: unknown user-defined format specifier \"nosuch\"\n"))
        #expect(!unknown.error.contains("Usage"))
        #expect(try run("port", "up").output == "")
        #expect(try run("port", "up", "80").status.code == 1)
        #expect(try run("system", "df").output.hasPrefix("TYPE"))
    }
}
