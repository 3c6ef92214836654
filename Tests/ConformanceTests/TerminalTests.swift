import Glibc
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

    @Test("Who detaches, or whose terminal goes away, leaves its input to the next", arguments: Clients.all)
    func takesTurns(_ client: String) throws {
        let name = "turns-\(client)"
        try expect(supervisor.run(client, ["create", "-it", "--network", "none", "--name", name, "busybox", "cat"]))
        try expect(supervisor.run(client, ["start", name]))
        for turn in 1...4 {
            let terminal = try open(client, ["attach", name])
            #expect(echoes("line\(turn)", on: terminal), "turn \(turn): \(terminal.shown)")
            if turn.isMultiple(of: 2) {
                terminal.signal(SIGKILL)
                #expect(terminal.exitCode() == 137)
            } else {
                terminal.type([0x10])
                terminal.type([0x11])
                // Docker's own client takes its being detached for a failure (1).
                #expect(terminal.exitCode() == (client == "docker" ? 1 : 0))
            }
        }
        #expect(try supervisor.inspect(name, "{{.State.Status}}") == "running")
        let last = try open(client, ["attach", name])
        #expect(echoes("last", on: last))
        last.type([0x04])
        #expect(last.exitCode() == 0)
    }

    @Test("Ctrl-C on a terminal reaches the program inside, and its code comes back", arguments: Clients.all)
    func controlC(_ client: String) throws {
        let name = "keys-\(client)"
        let script = "trap 'echo caught; exit 9' INT; echo ready; while :; do sleep 0.1; done"
        try expect(
            supervisor.run(
                client, ["create", "-it", "--network", "none", "--name", name, "busybox", "sh", "-c", script]))
        let terminal = try open(client, ["start", "-ai", name])
        #expect(terminal.shows("ready"))
        terminal.type([3])
        #expect(terminal.shows("caught"))
        #expect(terminal.exitCode() == 9)
    }

    @Test("The program inside has the size of the terminal, at its start and when it changes", arguments: Clients.all)
    func size(_ client: String) throws {
        let script =
            "trap 'stty size' WINCH; until [ \"$(stty size)\" = '31 97' ]; do sleep 0.1; done; echo ready; "
            + "while :; do sleep 0.1; done"
        let terminal = try open(
            client, ["run", "-it", "--rm", "--network", "none", "busybox", "sh", "-c", script], rows: 31, columns: 97)
        #expect(terminal.shows("ready"), "\(terminal.shown)")
        terminal.resize(rows: 20, columns: 60)
        // Docker's client begins to listen for it some time after the start.
        let follows = eventually(timeout: 30) {
            terminal.signal(SIGWINCH)
            return terminal.shows("20 60")
        }
        #expect(follows, "\(terminal.shown)")
    }

    /// Types a line until it is there as it was typed and as cat says it: what comes before the client listens is not raw.
    private func echoes(_ line: String, on terminal: OnTerminal) -> Bool {
        eventually(timeout: 30) {
            terminal.type(Array("\(line)\r".utf8))
            return terminal.shows("\(line)\r\n\(line)\r\n")
        }
    }

    private func open(
        _ client: String, _ words: [String], rows: UInt16 = 24, columns: UInt16 = 80
    ) throws -> OnTerminal {
        let program = client == "docker" ? "/usr/bin/env" : try BuiltProgram.path(client)
        let before = client == "docker" ? [program, "docker"] : [program]
        return try OnTerminal(before + ["-H", supervisor.host] + words, rows: rows, columns: columns)
    }

    private func onTerminal(_ client: String, _ words: String) throws -> Command {
        let program = client == "docker" ? "docker" : try BuiltProgram.path(client)
        return try Command.run(["script", "-qec", "\(program) -H \(supervisor.host) \(words)", "/dev/null"])
    }
}
