internal import Glibc

/// A program that carries a connection to an engine by a protocol that this one does not speak: TLS.
///
/// The program gets a stream socket as descriptor 3. On descriptor 4 it writes one byte, 1, when the connection stands,
/// or a text with the reason when it fails.
public struct Tunnel: Hashable, Sendable {
    /// The program's path.
    public var program: String
    /// Its arguments, without its name.
    public var arguments: [String]

    /// A tunnel through a program.
    public init(program: String, arguments: [String]) {
        self.program = program
        self.arguments = arguments
    }

    /// The most bytes of a tunnel's report of its failure.
    private static let maximumReport = 4096

    /// Starts the program and returns this end of the connection. The program has a session of its own, so that it gets
    /// no signals of the terminal.
    func open() throws(ClientError) -> Int32 {
        var ends: [Int32] = [-1, -1]
        var report: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw .system(operation: "socketpair", errno: errno)
        }
        guard pipe(&report) == 0 else {
            close(ends[0])
            close(ends[1])
            throw .system(operation: "pipe", errno: errno)
        }
        _ = fcntl(report[0], F_SETFD, FD_CLOEXEC)
        let failure = spawn(ends[1], report[1])
        close(ends[1])
        close(report[1])
        defer { close(report[0]) }
        guard failure == 0 else {
            close(ends[0])
            throw .system(operation: "start \(program)", errno: failure)
        }
        var said: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: Self.maximumReport)
        while said.count < Self.maximumReport {
            let count = read(report[0], &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            said += buffer[..<count]
            if said == [1] { return ends[0] }
        }
        close(ends[0])
        let text = String(decoding: said, as: UTF8.self)
        throw .noTunnel(text.isEmpty ? "\(program) ended without a word" : text)
    }

    private func spawn(_ connection: Int32, _ report: Int32) -> Int32 {
        // Both descriptors move up first, so that neither dup2 overwrites the other.
        let high = [fcntl(connection, F_DUPFD_CLOEXEC, 10), fcntl(report, F_DUPFD_CLOEXEC, 10)]
        defer { for number in high where number >= 0 { close(number) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, high[0], 3)
        posix_spawn_file_actions_adddup2(&actions, high[1], 4)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // POSIX_SPAWN_SETSID is 0x80 (glibc 2.26).
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | 0x80))
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process: Int32 = 0
        return posix_spawn(&process, program, &actions, &attributes, &words, environ)
    }
}
