import TestSupport
import Testing

/// `exec` and its options, `top`.
@Suite("Further processes", .serialized)
struct ExecTests {
    private let supervisor: SupervisorUnderTest

    init() throws {
        supervisor = try SupervisorUnderTest()
        try expect(
            supervisor.sereno(
                "run", "-d", "--network", "none", "--name", "box", "--hostname", "inside", "-e", "FROM=run", "busybox",
                "sleep", "600"))
    }

    @Test("user, directory, environment and input", arguments: Clients.all)
    func options(_ client: String) throws {
        let exec = { (arguments: [String]) in try supervisor.run(client, ["exec"] + arguments) }
        #expect(try exec(["-u", "1000:63", "box", "id", "-u"]).output == "1000\n")
        #expect(try exec(["-u", "1000:63", "box", "id", "-g"]).output == "63\n")
        #expect(try exec(["-u", "app", "box", "sh", "-c", "id -u; echo $HOME"]).output == "1000\n/home/app\n")
        #expect(try exec(["-w", "/tmp", "box", "pwd"]).output == "/tmp\n")
        #expect(try exec(["-e", "A=b c", "box", "sh", "-c", "echo $A $FROM $HOSTNAME"]).output == "b c run inside\n")
        #expect(try supervisor.run(client, ["exec", "-i", "box", "cat"], "one\ntwo").output == "one\ntwo")
        #expect(try exec(["box", "sh", "-c", "echo out; echo err >&2"]).error == "err\n")
        let stranger = try exec(["-u", "nosuch", "box", "true"])
        #expect(stranger.status.code == 1)
        #expect((stranger.output + stranger.error).contains("unable to find user nosuch"))
        #expect(try exec(["-w", "/nosuch", "box", "true"]).status.code != 0)
    }

    @Test("-d does not wait and its process is in the container", arguments: Clients.all)
    func detached(_ client: String) throws {
        try expect(supervisor.run(client, ["exec", "-d", "box", "sleep", "987"]))
        #expect(try eventually { try supervisor.run(client, ["top", "box"]).output.contains("sleep 987") })
        let columns = try supervisor.run(client, ["top", "box", "-o", "pid,comm"]).output
        #expect(columns.hasPrefix("PID"))
        #expect(columns.contains("sleep"))
    }

    @Test("a paused container refuses it", arguments: Clients.all)
    func paused(_ client: String) throws {
        try expect(supervisor.run(client, ["pause", "box"]))
        let refused = try supervisor.run(client, ["exec", "box", "true"])
        #expect(refused.status.code == 1 && refused.error.contains("is paused, unpause the container before exec"))
        try expect(supervisor.run(client, ["unpause", "box"]))
        try expect(supervisor.run(client, ["exec", "box", "true"]))
    }
}
