import TestSupport
import Testing

/// The same containers under an OCI runtime.
@Suite(
    "--runtime runc", .serialized, .enabled(if: TestFiles.exists("/usr/sbin/runc") || TestFiles.exists("/usr/bin/runc"))
)
struct RuncTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    @Test("output, codes and signals are the same", arguments: Clients.all)
    func run(_ client: String) throws {
        let run = { (arguments: [String]) in
            try supervisor.run(client, ["run", "--runtime", "runc", "--network", "none"] + arguments)
        }
        let ran = try run(["--rm", "--hostname", "hh", "busybox", "sh", "-c", "hostname; echo err >&2; exit 3"])
        #expect(ran.output == "hh\n" && ran.error == "err\n" && ran.status.code == 3, "\(ran)")
        for (program, code) in [("nosuch", 127), ("/etc/passwd", 126)] as [(String, Int32)] {
            let refused = try run(["--rm", "busybox", program])
            #expect(refused.status.code == code)
        }
        let name = "runc-\(client)"
        try expect(
            run([
                "-d", "--name", name, "busybox", "sh", "-c",
                "trap 'exit 5' TERM; echo up; while :; do sleep 0.05; done",
            ]))
        #expect(try eventually { try supervisor.run(client, ["logs", name]).output == "up\n" })
        #expect(try supervisor.run(client, ["exec", name, "sh", "-c", "exit 6"]).status.code == 6)
        try expect(supervisor.run(client, ["stop", "-t", "5", name]))
        #expect(try supervisor.inspect(name, "{{.State.ExitCode}} {{.HostConfig.Runtime}}") == "5 runc")
    }
}
