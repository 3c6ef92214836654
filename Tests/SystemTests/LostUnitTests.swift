import Glibc
import TestSupport
import Testing

/// A unit that ran a container is gone, with what it had given it.
@Suite("A unit that is gone")
struct LostUnitTests {
    @Test("The policy starts the container as if there had been no unit")
    func socketGone() throws {
        let supervisor = try SupervisorUnderTest()
        let unit = try TemporaryDirectory()
        let socket = unit.child("unit/notify.sock")
        try TestFiles.makeDirectories(unit.child("unit"))
        try TestFiles.write("", to: socket)
        try expect(
            supervisor.sereno(
                "create", "--name", "box", "--restart", "always", "busybox", "sh", "-c",
                "echo \"socket $NOTIFY_SOCKET\"; sleep 1000"))
        try expect(
            Command.run([
                "curl", "-sS", "-f", "-X", "POST", "--unix-socket", String(supervisor.host.dropFirst("unix://".count)),
                "http://d/v1.47/sereno/containers/box/start?notify-socket=" + socket,
            ]))
        #expect(try eventually { try supervisor.sereno("logs", "box").output == "socket /run/notify/notify.sock\n" })
        unlink(socket)
        rmdir(unit.child("unit"))
        kill(try supervisor.process(of: "box"), SIGKILL)
        #expect(try eventually { try supervisor.inspect("box", "{{.RestartCount}} {{.State.Status}}") == "1 running" })
        #expect(try eventually { try supervisor.sereno("logs", "box").output.hasSuffix("notify.sock\nsocket \n") })
    }
}
