internal import CLinux
internal import Glibc

/// This process.
public enum CurrentProcess {
    /// Its number.
    public static var number: Int { Int(getpid()) }

    /// The path of its program, without symbolic links.
    public static var programPath: String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { bytes -> Int in
            guard let start = bytes.baseAddress else { return 0 }
            return readlink("/proc/self/exe", start.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    /// Opens the null device in place of each standard descriptor that is closed, so that no later file or socket takes its number
    /// (POSIX leaves a program with closed ones undefined, execve(2)).
    public static func openStandardDescriptors() {
        // The lowest free number is taken (open(2)).
        while true {
            let opened = open("/dev/null", O_RDWR)
            guard opened >= 0, opened <= 2 else {
                if opened > 2 { close(opened) }
                return
            }
        }
    }

    /// Raises how many descriptors it may have open to what it may raise it to, and leaves it when that fails.
    public static func raiseOpenFilesLimit() { _ = clinux_raise_open_files() }

    /// How many descriptors it may have open (RLIMIT_NOFILE).
    public static var openFilesLimit: Int { max(0, Int(clamping: clinux_open_files_limit())) }

    /// The most that it may raise one of its limits to, by the limit's number (getrlimit(2)); `nil` for what is no limit.
    public static func hardLimit(_ number: Int32) -> UInt64? {
        var value = rlimit()
        return getrlimit(__rlimit_resource_t(UInt32(number)), &value) == 0 ? UInt64(value.rlim_max) : nil
    }

    /// Gives the pages of its code back, so that what only a start needed does not count as its memory for ever. What is
    /// used comes again from the page cache.
    public static func letGoOfCode() { _ = clinux_let_go_of_code() }

    /// Gives back what was freed and is kept for later: for after work that needed much memory and is not done often.
    public static func letGoOfHeap() { clinux_let_go_of_heap() }

    /// Has all threads share this many heaps, as threads that rarely allocate would each keep one of their own. For before
    /// there are threads.
    public static func shareHeaps(_ most: Int) { clinux_share_heaps(Int32(most)) }

    /// Ends it at once.
    public static func exit(_ code: Int32) -> Never { Glibc.exit(code) }

    /// The user whose rights it has.
    public static var effectiveUser: UInt32 { geteuid() }

    /// The user who started it.
    public static var user: UInt32 { getuid() }

    /// Its working directory, an absolute path; `nil` when that is gone (getcwd(3)).
    public static var workingDirectory: String? {
        guard let buffer = getcwd(nil, 0) else { return nil }
        defer { free(buffer) }
        return String(cString: buffer)
    }

    /// Begins a session of its own, without a terminal (setsid(2)); one that has it already is left.
    public static func leaveSession() { _ = setsid() }

    /// Takes no permission bit away from what it makes from now on (umask(2)).
    public static func makeFilesWithExactModes() { _ = umask(0) }

    /// Stops it until somebody sends it CONT.
    public static func stop() { _ = raise(SIGSTOP) }

    /// Becomes another program, which has its environment and its descriptors that are not close-on-exec (execv(3)). No signal is
    /// ignored or blocked in it. Returns only when that fails.
    public static func become(_ path: String, _ arguments: [String]) -> LinuxError {
        for number: Int32 in 1...64 { _ = signal(number, SIG_DFL) }
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        let code = withCStrings(arguments) { words in
            execv(path, words)
            return errno
        }
        return LinuxError(call: "execv", object: path, code: code)
    }
}
