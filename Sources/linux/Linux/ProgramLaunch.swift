internal import CLinux
internal import Glibc

/// What a program is started with (posix_spawn(3)). It has no thread of the caller's, and shares no memory with it.
struct ProgramLaunch {
    private let path: String
    private let arguments: [String]
    /// `nil` for the caller's own.
    private let environment: [String]?
    /// What the program has by each number.
    private let descriptors: [(number: Int32, source: Int32)]
    /// The first number from which on it has none; `nil` where it has what of the caller's is not close-on-exec.
    private let firstClosed: Int32?
    /// Whether no signal is blocked or ignored in it; else those that are for the caller.
    var hasDefaultSignals = true
    /// Whether it has a session of its own (setsid(2)), and so no terminal that sends it signals.
    var hasOwnSession = false

    /// With this environment and these descriptors, from 0 on, and nothing else.
    init(_ path: String, _ arguments: [String], environment: [String], descriptors: [Int32]) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.descriptors = descriptors.enumerated().map { (Int32($0.offset), $0.element) }
        firstClosed = Int32(descriptors.count)
    }

    /// With all that is the caller's but for these descriptors, by the numbers that they have in the program.
    init(inheriting path: String, _ arguments: [String], replacing descriptors: [Int32: Int32]) {
        self.path = path
        self.arguments = arguments
        environment = nil
        self.descriptors = descriptors.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        firstClosed = nil
    }

    /// Starts it; its process number.
    func start() throws(ChildProcessError) -> pid_t {
        // Every source is first moved above the targets, so that no dup2 overwrites one still needed.
        var sources: [Int32] = []
        defer { for source in sources { close(source) } }
        for (_, number) in descriptors {
            let copy = fcntl(number, F_DUPFD_CLOEXEC, 10)
            guard copy >= 0 else { throw .system(call: "duplicate", object: "an open file", errno: errno) }
            sources.append(copy)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, source) in zip(descriptors, sources) {
            posix_spawn_file_actions_adddup2(&actions, source, target.number)
        }
        // Libraries open descriptors too, and not all of them close-on-exec.
        if let firstClosed { _ = clinux_spawn_close_from(&actions, firstClosed) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var flags: Int32 = 0
        if hasDefaultSignals {
            var signals = sigset_t()
            sigemptyset(&signals)
            posix_spawnattr_setsigmask(&attributes, &signals)
            sigfillset(&signals)
            posix_spawnattr_setsigdefault(&attributes, &signals)
            flags |= POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        }
        // POSIX_SPAWN_SETSID is 0x80 (glibc 2.26).
        if hasOwnSession { flags |= 0x80 }
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var pid: pid_t = 0
        let code = withCStrings(arguments) { argv in
            guard let environment else { return posix_spawn(&pid, path, &actions, &attributes, argv, environ) }
            return withCStrings(environment) { envp in posix_spawn(&pid, path, &actions, &attributes, argv, envp) }
        }
        guard code == 0 else { throw .system(call: "posix_spawn", object: path, errno: code) }
        return pid
    }
}

/// Lends a NULL-terminated vector of C strings.
func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
}
