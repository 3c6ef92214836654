import Glibc
public import Model
import Synchronization

/// A child process running beside the test, its output collected in temporary files.
///
/// A child that nobody waited for is killed when the last reference goes away.
public final class BackgroundCommand: Sendable {
    /// Its process number, for /proc and for signals.
    public let processID: Int32
    private let directory: TemporaryDirectory
    private let ended = Mutex<ExitStatus?>(nil)

    /// Starts a program found in PATH (or by its path). `environment` replaces the whole environment when given.
    public init(_ arguments: [String], environment: [String]? = nil, input: String = "") throws {
        guard let program = arguments.first else { throw TestFailure("no program to run") }
        directory = try TemporaryDirectory("sereno-command")
        try TestFiles.write(input, to: directory.child("in"))
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, directory.child("in"), O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, directory.child("out"), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, directory.child("err"), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var process: pid_t = 0
        let code = withCStrings(arguments) { argv in
            withCStrings(environment ?? Self.ownEnvironment()) { envp in
                posix_spawnp(&process, program, &actions, &attributes, argv, envp)
            }
        }
        guard code == 0 else { throw TestFailure("spawn", program, code) }
        processID = process
    }

    deinit {
        if ended.withLock({ $0 }) == nil {
            kill(processID, SIGKILL)
            _ = poll(blocking: true)
        }
    }

    /// Standard output so far.
    public var output: String { (try? TestFiles.read(directory.child("out"))) ?? "" }

    /// Standard error so far.
    public var error: String { (try? TestFiles.read(directory.child("err"))) ?? "" }

    /// Sends a signal unless it has ended.
    public func signal(_ signal: Int32) {
        if ended.withLock({ $0 }) == nil { kill(processID, signal) }
    }

    /// How it ended, if it has.
    public func poll() -> ExitStatus? { poll(blocking: false) }

    /// Waits at most `timeout` seconds, then kills it.
    public func wait(timeout: Double = 60) -> Command {
        var left = timeout
        var pause = 0.0005
        while left > 0 {
            if let status = poll() { return result(status, timedOut: false) }
            usleep(UInt32(pause * 1_000_000))
            left -= pause
            pause = min(pause * 1.5, 0.01)
        }
        kill(processID, SIGKILL)
        return result(poll(blocking: true) ?? .unknown, timedOut: true)
    }

    private func result(_ status: ExitStatus, timedOut: Bool) -> Command {
        Command(status: status, output: output, error: error, timedOut: timedOut)
    }

    private func poll(blocking: Bool) -> ExitStatus? {
        ended.withLock { known in
            if known != nil { return known }
            var word: Int32 = 0
            while true {
                let got = waitpid(processID, &word, blocking ? 0 : WNOHANG)
                if got == processID { break }
                if got < 0 && errno == EINTR { continue }
                return nil
            }
            known = ExitStatus(waitStatus: word)
            return known
        }
    }

    private static func ownEnvironment() -> [String] {
        let bytes = (try? TestFiles.readBytes("/proc/self/environ")) ?? []
        let own = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        // What programs put into a directory for temporary files is held to the same end as the tests' own.
        return own.filter { !$0.hasPrefix("TMPDIR=") } + ["TMPDIR=" + TestRun.directory]
    }
}

private func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) throws -> Result
) rethrows -> Result {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return try body(copies + [nil])
}
