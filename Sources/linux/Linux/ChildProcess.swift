internal import CLinux
internal import Glibc
public import Model

/// Why a program could not be run to its end.
public enum ChildProcessError: ReadableError, Hashable, Sendable {
    /// A call failed before or while the program ran: the call's name, its object and `errno`.
    case system(call: String, object: String, errno: Int32)
}

extension ChildProcessError {
    /// One line: the program's name without its folder, what failed, and what helps where that is known.
    public var message: String {
        switch self {
        case .system("posix_spawn", let path, EAGAIN):
            "cannot start \(path.split(byte: "/").last ?? ""): the host has no process number left "
                + "(raise kernel.pid_max, or the limit on tasks of the supervisor's cgroup)"
        case .system("posix_spawn", let path, let code):
            "cannot start \(path.split(byte: "/").last ?? ""): \(LinuxError.text(code))"
        case .system(let call, let object, let code): "\(call) \(object): \(LinuxError.text(code))"
        }
    }
}

/// How a program ended, and what it said.
public struct ChildProcessResult: Sendable {
    /// The exit code, or `nil` when a signal ended it.
    public var exitCode: Int32?
    /// The signal that ended it, or `nil`.
    public var signal: Int32?
    /// The bytes written on descriptor 3, at most `ChildProcess.maximumResultBytes`.
    public var result: [UInt8] = []
    /// The first bytes of standard error, at most `ChildProcess.maximumErrorBytes`.
    public var standardError: [UInt8] = []
}

/// A short-lived program run by the calling thread, which waits for it, and for nothing else, with waitpid(2).
///
/// The child has descriptors 0 to 3 and those that it is given from 4 on: standard input and output as given (or /dev/null),
/// standard error and a result pipe on 3, both captured. Signals are at their defaults and unblocked.
public enum ChildProcess {
    /// What is kept of descriptor 3, in bytes; what goes beyond is read and dropped.
    public static let maximumResultBytes = 16 << 20
    /// What is kept of standard error, in bytes; what goes beyond is read and dropped.
    public static let maximumErrorBytes = 64 << 10

    /// How often a start is tried again while the host has no process number left, and the milliseconds between two tries.
    private static let startRetries = 50
    private static let startPause: UInt32 = 20

    /// Runs a program and returns when it has ended and both pipes are at their end. One that has not ended after `limit` is
    /// killed; what it printed by then is returned. A host without a free process number is given a second to get one: the
    /// numbers of others come back within milliseconds, and a creation or a start that failed for it does not.
    public static func run(
        path: String, arguments: [String], environment: [String] = [], input: BorrowedDescriptor? = nil,
        output: BorrowedDescriptor? = nil, descriptors: [BorrowedDescriptor] = [], limit: Nanoseconds? = nil
    ) throws(ChildProcessError) -> ChildProcessResult {
        var errors = try streamPair()
        var results = try streamPair()
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard null >= 0 else { throw .system(call: "open", object: "/dev/null", errno: errno) }
        defer { close(null) }
        let wanted =
            [input?.rawValue ?? null, output?.rawValue ?? null, errors.writer, results.writer]
            + descriptors.map(\.rawValue)
        let pid = try spawnPatiently(path, [path] + arguments, environment, wanted)
        errors.closeWriter()
        results.closeWriter()
        var result = ChildProcessResult()
        let end = limit.map { clinux_clock_boottime() + $0.count }
        collect(from: errors.reader, results.reader, until: end, into: &result)
        if let end { killIfAlive(pid, after: end) }
        try wait(for: pid, path: path, into: &result)
        return result
    }

    private static func streamPair() throws(ChildProcessError) -> StreamPair {
        do throws(LinuxError) {
            return try StreamPair()
        } catch {
            throw .system(call: error.call, object: error.object, errno: error.code)
        }
    }

    private static func spawnPatiently(
        _ path: String, _ arguments: [String], _ environment: [String], _ wanted: [Int32]
    ) throws(ChildProcessError) -> pid_t {
        let launch = ProgramLaunch(path, arguments, environment: environment, descriptors: wanted)
        for _ in 0..<startRetries {
            do {
                return try launch.start()
            } catch .system("posix_spawn", _, EAGAIN) {
                usleep(startPause * 1000)
            }
        }
        return try launch.start()
    }

    /// Milliseconds until a time of CLOCK_BOOTTIME, -1 for no time at all.
    private static func milliseconds(until end: Int64?) -> Int32 {
        end.map { Int32(clamping: max(0, ($0 - clinux_clock_boottime() + 999_999) / 1_000_000)) } ?? -1
    }

    /// A program may have closed its pipes and go on all the same.
    private static func killIfAlive(_ pid: pid_t, after end: Int64) {
        let pidfd = clinux_pidfd_open(pid, 0)
        guard pidfd >= 0 else { return }
        defer { close(pidfd) }
        if clinux_poll_in(pidfd, milliseconds(until: end)) == 0 { kill(pid, SIGKILL) }
    }

    private static func collect(
        from errors: Int32, _ results: Int32, until end: Int64?, into result: inout ChildProcessResult
    ) {
        var polls = [
            pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
            pollfd(fd: results, events: Int16(POLLIN), revents: 0),
        ]
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while polls.contains(where: { $0.fd >= 0 }) {
            let ready = poll(&polls, 2, milliseconds(until: end))
            if ready < 0, errno == EINTR { continue }
            if ready <= 0 { return }
            for index in polls.indices where polls[index].fd >= 0 && polls[index].revents != 0 {
                let count = read(polls[index].fd, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    polls[index].fd = -1
                    continue
                }
                if index == 0 {
                    let room = max(0, maximumErrorBytes - result.standardError.count)
                    result.standardError += buffer[..<min(count, room)]
                } else {
                    let room = max(0, maximumResultBytes - result.result.count)
                    result.result += buffer[..<min(count, room)]
                }
            }
        }
    }

    static func wait(
        for pid: pid_t, path: String, into result: inout ChildProcessResult
    ) throws(ChildProcessError) {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            guard errno == EINTR else { throw .system(call: "waitpid", object: path, errno: errno) }
        }
        let signal = status & 0x7F
        if signal == 0 {
            result.exitCode = (status >> 8) & 0xFF
        } else {
            result.signal = signal
        }
    }
}
