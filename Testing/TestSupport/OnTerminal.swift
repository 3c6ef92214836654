internal import CLinux
import Glibc

/// A program on a terminal of its own, which it has as its controlling one.
public final class OnTerminal {
    /// The other side of the terminal.
    public let terminal: Int32
    /// Its process number.
    public private(set) var process: Int32 = 0
    private var status: Int32?
    /// What was shown so far.
    public private(set) var shown = ""

    /// Starts a program by its path.
    public init(_ words: [String], rows: UInt16 = 24, columns: UInt16 = 80) throws {
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

    /// Gives the terminal another size.
    public func resize(rows: UInt16, columns: UInt16) {
        _ = clinux_set_window(terminal, rows, columns)
    }

    /// Types keys.
    public func type(_ bytes: [UInt8]) { _ = write(terminal, bytes, bytes.count) }

    /// Sends the program a signal.
    public func signal(_ number: Int32) { kill(process, number) }

    /// Reads what is shown until it contains a text.
    public func shows(_ text: String) -> Bool {
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
    public var isOrdinary: Bool {
        var state = termios()
        guard tcgetattr(terminal, &state) == 0 else { return false }
        return state.c_lflag & tcflag_t(ICANON) != 0 && state.c_lflag & tcflag_t(ECHO) != 0
    }

    /// The exit code, 128 and the signal's number when a signal ended it, `nil` when it did not end in time.
    public func exitCode() -> Int32? {
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
