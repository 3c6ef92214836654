import TestSupport
import Testing

/// `logs` and its options.
@Suite("Logs", .serialized)
struct LogTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    @Test("both streams come back apart, by tail, time and stamp", arguments: Clients.all)
    func options(_ client: String) throws {
        for driver in ["json-file", ""] {
            let name = "talk-\(client)-\(driver)"
            let log = driver.isEmpty ? [] : ["--log-driver", driver]
            let script = "for i in 1 2 3 4 5; do echo o$i; done; echo e1 >&2; printf unfinished"
            try expect(
                supervisor.run(
                    client, ["run", "--network", "none", "--name", name] + log + ["busybox", "sh", "-c", script]))
            let logs = { (options: [String]) in try supervisor.run(client, ["logs"] + options + [name]) }
            let all = try logs([])
            #expect(all.output == "o1\no2\no3\no4\no5\nunfinished")
            #expect(all.error == "e1\n")
            #expect(try logs(["--tail", "0"]).output == "")
            let two = try logs(["--tail", "3"])
            let lines = two.output.split(separator: "\n").count + two.error.split(separator: "\n").count
            #expect(lines == 3)
            #expect(try logs(["--tail", "all"]).output == all.output)
            #expect(try logs(["--tail", "foo"]).output == all.output)
            #expect(try logs(["--since", "10m"]).output == all.output)
            #expect(try logs(["--until", "10m"]).output == "")
            #expect(try logs(["--since", "2099-01-01T00:00:00Z"]).output == "")
            #expect(try logs(["--since", "foo"]).status.code == 1)
            let stamped = try logs(["-t"]).output.split(separator: "\n").first ?? ""
            #expect(stamped.hasSuffix("Z o1") && stamped.count == "2026-11-24T03:22:32.867764928Z o1".count)
        }
    }

    @Test("--details tells the labels, variables and tag that the log options name", arguments: Clients.all)
    func details(_ client: String) throws {
        let name = "details-\(client)"
        let options = ["labels=com.x", "labels-regex=^team", "env=REGION", "tag={{.Name}}"]
        let words =
            [
                "run", "--network", "none", "--name", name, "--label", "com.x=a b", "--label", "team=red", "--label",
                "no=1",
            ]
            + ["-e", "REGION=eu,1", "-e", "OTHER=2", "--log-driver", "json-file"]
            + options.flatMap { ["--log-opt", $0] } + ["busybox", "echo", "hi"]
        try expect(supervisor.run(client, words))
        let shown = try supervisor.run(client, ["logs", "--details", name])
        #expect(shown.output == "REGION=eu%2C1,com.x=a+b,tag=\(name),team=red hi\n")
        #expect(try supervisor.run(client, ["logs", name]).output == "hi\n")
    }

    @Test("-f follows until the container has ended", arguments: Clients.all)
    func follow(_ client: String) throws {
        let name = "follow-\(client)"
        try expect(
            supervisor.run(
                client,
                [
                    "run", "-d", "--network", "none", "--name", name, "busybox", "sh",
                    "-c",
                    "echo begin; sleep 0.5; echo end; exit 1",
                ]))
        let followed = try supervisor.run(client, ["logs", "-f", name])
        #expect(followed.succeeded)
        #expect(followed.output == "begin\nend\n")
    }

    @Test("--log-driver none keeps nothing and says so", arguments: Clients.all)
    func none(_ client: String) throws {
        let name = "none-\(client)"
        let ran = try supervisor.run(
            client, ["run", "--network", "none", "--log-driver", "none", "--name", name, "busybox", "echo", "hi"])
        #expect(ran.output == "hi\n")
        let logs = try supervisor.run(client, ["logs", name])
        #expect(logs.status.code == 1)
        #expect(logs.error.contains("configured logging driver does not support reading"))
    }
}
