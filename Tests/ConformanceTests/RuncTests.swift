import Glibc
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

    @Test("the process that is shown is the container's own, and cp goes through it")
    func process() throws {
        let name = "inside"
        try expect(
            supervisor.sereno(
                "run", "-d", "--runtime", "runc", "--network", "none", "--name", name, "busybox", "sleep", "600"))
        #expect(try eventually { try supervisor.inspect(name, "{{.State.Pid}}") != "0" })
        #expect(try TestFiles.read("/proc/\(try supervisor.process(of: name))/comm") == "sleep\n")
        let file = supervisor.directory.child("file")
        try TestFiles.write("content\n", to: file)
        let target = "/from-" + String(supervisor.directory.path.filter { $0.isLetter || $0.isNumber })
        try expect(supervisor.sereno("cp", file, name + ":" + target))
        #expect(!TestFiles.exists(target), "it must not be written to the host")
        #expect(try supervisor.sereno("exec", name, "cat", target).output == "content\n")
    }

    @Test("a restart follows however the container or the runtime's own process was killed")
    func killed() throws {
        let name = "killed"
        try expect(
            supervisor.sereno(
                "run", "-d", "--runtime", "runc", "--network", "none", "--restart", "always", "--name", name, "busybox",
                "sleep", "600"))
        for round in 1...2 {
            #expect(try eventually(timeout: 30) { try supervisor.inspect(name, "{{.State.Pid}}") != "0" })
            let first = try supervisor.process(of: name)
            let fields = try TestFiles.read("/proc/\(first)/stat").split(separator: " ")
            let runtime = try #require(Int32(fields[3]))
            kill(round == 1 ? first : runtime, SIGKILL)
            #expect(
                try eventually(timeout: 30) {
                    let shown = try supervisor.inspect(name, "{{.RestartCount}} {{.State.Status}} {{.State.Pid}}")
                    let isUp = shown.hasPrefix("\(round) running ")
                    return isUp && !shown.hasSuffix(" 0") && !shown.hasSuffix(" \(first)")
                })
            #expect(!TestFiles.exists("/proc/\(first)"), "nothing of the ended run is left")
        }
    }

    @Test("a container outlives the engine")
    func engineDeath() throws {
        let name = "outlives"
        try expect(
            supervisor.sereno(
                "run", "-d", "--runtime", "runc", "--network", "none", "--name", name, "busybox", "sh", "-c",
                "trap 'exit 9' TERM; while :; do sleep 0.05; done"))
        #expect(try eventually(timeout: 30) { try supervisor.inspect(name, "{{.State.Pid}}") != "0" })
        let first = try supervisor.process(of: name)
        try supervisor.killEngine()
        #expect(try supervisor.inspect(name, "{{.State.Status}} {{.State.Pid}}") == "running \(first)")
        #expect(try supervisor.sereno("exec", name, "sh", "-c", "exit 6").status.code == 6)
        try expect(supervisor.sereno("stop", "-t", "20", name))
        #expect(try supervisor.inspect(name, "{{.State.ExitCode}}") == "9")
    }
}
