import CLinux
import Foundation
import TestSupport
import Testing

/// The command on a terminal of its own.
final class OnTerminal {
    let terminal: Int32
    private var process: pid_t = 0
    private var status: Int32?
    private(set) var shown = ""

    init(_ words: [String], rows: UInt16, columns: UInt16) throws {
        var master: Int32 = -1
        var slave: Int32 = -1
        let failure = clinux_open_pty(&master, &slave)
        guard failure == 0 else { throw TestFailure("open a terminal", "/dev/ptmx", -failure) }
        terminal = master
        defer { close(slave) }
        resize(rows: rows, columns: columns)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/proc/self/fd/\(slave)", O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        // 0x80 is POSIX_SPAWN_SETSID: a session of its own, whose terminal the first one opened becomes.
        posix_spawnattr_setflags(&attributes, Int16(0x80 | POSIX_SPAWN_SETSIGMASK))
        var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        defer { argv.forEach { free($0) } }
        argv.append(nil)
        let code = posix_spawn(&process, words[0], &actions, &attributes, argv, environ)
        guard code == 0 else { throw TestFailure("spawn", words[0], code) }
    }

    deinit {
        if status == nil {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
        close(terminal)
    }

    func resize(rows: UInt16, columns: UInt16) {
        _ = clinux_set_window(terminal, rows, columns)
    }

    func type(_ bytes: [UInt8]) { _ = write(terminal, bytes, bytes.count) }

    func signal(_ number: Int32) { kill(process, number) }

    /// Reads what is shown until it contains a text.
    func shows(_ text: String) -> Bool {
        eventually {
            read()
            return shown.contains(text)
        }
    }

    private func read() {
        var entry = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, 0) > 0 {
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = Glibc.read(terminal, &buffer, buffer.count)
            if count <= 0 { return }
            shown += String(decoding: buffer[..<count], as: UTF8.self)
        }
    }

    /// Whether keys come as lines and are echoed, as a shell wants to find its terminal.
    var isOrdinary: Bool {
        var state = termios()
        guard tcgetattr(terminal, &state) == 0 else { return false }
        return state.c_lflag & tcflag_t(ICANON) != 0 && state.c_lflag & tcflag_t(ECHO) != 0
    }

    /// The exit code, 128 and the signal's number when a signal ended it, `nil` when it did not end in time.
    func exitCode() -> Int32? {
        var word: Int32 = 0
        let ended = eventually {
            read()
            return waitpid(process, &word, WNOHANG) == process
        }
        guard ended else { return nil }
        status = word
        return word & 0x7F == 0 ? word >> 8 & 0xFF : 128 + (word & 0x7F)
    }
}

@Suite("On a terminal", .timeLimit(.minutes(2)))
struct TerminalTests {
    private func attached(
        _ words: String..., body: (OnTerminal, FakeContainer) throws -> Void
    ) throws {
        let bench = try Bench()
        let container = FakeContainer(hasTerminal: true, hasInput: true)
        let engine = FakeEngine(at: bench.socket) { container.answer($0) }
        defer { engine.stop() }
        let terminal = try OnTerminal(try bench.words(words), rows: 24, columns: 80)
        #expect(container.started.wait())
        #expect(eventually { !terminal.isOrdinary })
        try body(terminal, container)
        container.end(0)
    }

    @Test("the container's terminal has the size of this one, also after it changed")
    func size() throws {
        try attached("run", "-it", "img") { terminal, container in
            #expect(eventually { container.sizes.withLock { $0.contains("h=24&w=80") } })
            terminal.resize(rows: 50, columns: 132)
            #expect(eventually { container.sizes.withLock { $0.contains("h=50&w=132") } })
            container.output("prompt")
            #expect(terminal.shows("prompt"))
            container.end(6)
            #expect(terminal.exitCode() == 6)
            #expect(terminal.isOrdinary)
        }
    }

    @Test(
        "the detach keys leave with 0 and give the terminal back",
        arguments: [
            (["run", "-it", "img"], [UInt8(16), 17]), (["start", "-ai", "web"], [16, 17]),
            (["start", "-ai", "--detach-keys", "ctrl-a,x", "web"], [1, 0x78]),
        ])
    func detach(words: [String], keys: [UInt8]) throws {
        let bench = try Bench()
        let container = FakeContainer(hasTerminal: true, hasInput: true)
        let engine = FakeEngine(at: bench.socket) { container.answer($0) }
        defer { engine.stop() }
        let terminal = try OnTerminal(try bench.words(words), rows: 24, columns: 80)
        #expect(container.started.wait())
        #expect(eventually { !terminal.isOrdinary })
        for key in keys {
            terminal.type([key])
            usleep(20_000)
        }
        #expect(terminal.exitCode() == 0)
        #expect(terminal.isOrdinary)
        #expect(container.signals.withLock { $0.isEmpty })
        container.end(0)
    }

    @Test("run forwards signals on a terminal too")
    func forwards() throws {
        try attached("run", "-it", "img") { terminal, container in
            terminal.signal(SIGTERM)
            #expect(eventually { container.signals.withLock { $0 } == ["TERM"] })
            container.end(143)
            #expect(terminal.exitCode() == 143)
        }
    }

    @Test("start -a on a terminal is ended by a signal, the terminal given back first")
    func restores() throws {
        try attached("start", "-ai", "web") { terminal, container in
            terminal.signal(SIGTERM)
            #expect(terminal.exitCode() == 143)
            #expect(terminal.isOrdinary)
            #expect(container.signals.withLock { $0.isEmpty })
        }
    }
}
