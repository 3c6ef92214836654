import TestSupport
import Testing

/// Terminals: `script` of util-linux gives the client one.
@Suite("Terminals", .serialized)
struct TerminalTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    @Test("run -it gives a terminal and the container's code", arguments: Clients.all)
    func run(_ client: String) throws {
        let ran = try onTerminal(
            client, "run -it --rm --network none busybox sh -c 'test -t 0 && test -t 1 && tty; exit 3'")
        #expect(ran.status.code == 3)
        #expect(ran.output.contains("/dev/"))
    }

    @Test("exec -it gives a terminal that has a name in the container", arguments: Clients.all)
    func exec(_ client: String) throws {
        let name = "exec-\(client)"
        try expect(
            supervisor.run(client, ["run", "-d", "--network", "none", "--name", name, "busybox", "sleep", "600"]))
        let ran = try onTerminal(client, "exec -it \(name) tty")
        #expect(ran.status.code == 0)
        #expect(ran.output.contains("/dev/pts/"), "\(ran.output)")
    }

    @Test("-t with an input that is none is refused", arguments: Clients.all)
    func refused(_ client: String) throws {
        let ran = try supervisor.run(client, ["run", "-it", "--network", "none", "busybox", "true"])
        #expect(ran.status.code != 0)
        #expect(ran.error.contains("the input device is not a TTY"))
    }

    private func onTerminal(_ client: String, _ words: String) throws -> Command {
        let program = client == "docker" ? "docker" : try BuiltProgram.path(client)
        return try Command.run(["script", "-qec", "\(program) -H \(supervisor.host) \(words)", "/dev/null"])
    }
}
