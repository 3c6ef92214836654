import Glibc
import Model
import TestSupport
import Testing

/// Every byte that a container prints is in its log, once, wherever the engine is killed. The pump's thread is killed (and
/// with it the engine) when it enters its Nth system call of those that move output, which is every point at which what
/// is in files and pipes differs.
@Suite("The engine is killed over the output")
struct LogGapTests {
    /// Lines come in two writes each, on both streams, and now and then one is longer than an entry.
    private static let program = """
        long=$(head -c 20000 /dev/zero | tr '\\0' y); i=0
        while [ ! -e /stop ]; do
            i=$((i+1)); printf '%d ' $i; printf 'out\\n'; printf '%d ' $i >&2; printf 'err\\n' >&2
            [ $((i % 50)) = 0 ] && printf '%s\\n' $long && sleep 0.01
        done
        echo $i > /last
        """

    /// System calls of the way from the pipe to the log. One supervisor is killed over few of them, since the keeper waits longer
    /// each time.
    private static let points: [[Point]] = [
        [.init("splice", 1), .init("splice", 2), .init("splice", 3), .init("splice", 4), .init("ftruncate", 1)],
        [.init("tee", 1), .init("read", 1), .init("write", 1), .init("write", 2), .init("write", 3)],
        [.init("pwrite64", 1), .init("pwrite64", 2), .init("pwrite64", 3), .init("tee", 2), .init("read", 2)],
    ]

    /// Those of a rotation. All files are kept, so that everything can be compared.
    private static let rotationPoints: [[Point]] = [
        [.init("link", 1), .init("rename", 1), .init("rename", 2), .init("rename", 3), .init("unlink", 1)],
        [.init("openat", 1), .init("link", 2), .init("write", 1), .init("splice", 2), .init("pwrite64", 2)],
    ]

    private struct Point {
        let call: String
        let number: Int

        init(_ call: String, _ number: Int) {
            self.call = call
            self.number = number
        }
    }

    @Test("Between any two steps on the way from the pipe to the log", arguments: 0..<3)
    func everyStep(group: Int) throws {
        try torture(points: Self.points[group], options: [])
    }

    @Test("Between any two steps of a rotation", arguments: 0..<2)
    func everyStepOfARotation(group: Int) throws {
        try torture(
            points: Self.rotationPoints[group], options: ["--log-opt", "max-size=100k", "--log-opt", "max-file=900"])
    }

    @Test("At any moment", arguments: ["cri", "json-file"])
    func anyMoment(driver: String) throws {
        try torture(points: [], options: ["--log-driver", driver], random: 5)
    }

    private func torture(points: [Point], options: [String], random: Int = 0) throws {
        let supervisor = try SupervisorUnderTest()
        try expect(
            supervisor.run(
                "sereno",
                ["run", "-d", "--name", "talker", "--network", "none"] + options + [
                    "busybox", "sh", "-c", Self.program,
                ]))
        for point in points { try kill(supervisor, at: point.call, point.number) }
        for _ in 0..<random {
            usleep(UInt32.random(in: 0..<60_000))
            try supervisor.killEngine()
        }
        try expect(supervisor.sereno("exec", "talker", "touch", "/stop"))
        try expect(supervisor.sereno("wait", "talker"))
        let copy = supervisor.directory.child("last")
        try expect(supervisor.sereno("cp", "talker:/last", copy))
        let last = try #require(Int(try TestFiles.read(copy).trimmingNewline))
        let logs = try supervisor.sereno("logs", "talker")
        let long = String(repeating: "y", count: 20000)
        let out = logs.output.split(separator: "\n")
        #expect(out.filter { $0 != long }.map { Int($0.dropLast(4)) } == Array(1...last))
        #expect(out.count { $0 == long } == last / 50)
        #expect(logs.error.split(separator: "\n").map { Int($0.dropLast(4)) } == Array(1...last))
        #expect(try supervisor.inspect("talker", "{{.State.ExitCode}} {{.RestartCount}}") == "0 0")
    }

    /// Has the pump's thread killed when it enters a system call for the Nth time from now on.
    private func kill(_ supervisor: SupervisorUnderTest, at call: String, _ number: Int) throws {
        let engine = try #require(supervisor.engineProcess)
        let threads = try TestFiles.list("/proc/\(engine)/task")
        let pump = try #require(
            threads.first { (try? TestFiles.read("/proc/\(engine)/task/\($0)/comm"))?.trimmingNewline == "pump" })
        let tracer = try BackgroundCommand([
            "/usr/bin/strace", "-qq", "-o", "/dev/null", "-p", pump, "-e", "trace=\(call)", "-e",
            "inject=\(call):signal=KILL:when=\(number)",
        ])
        let died = eventually(timeout: 60) { supervisor.engineProcess.map { $0 != engine } ?? false }
        tracer.signal(SIGTERM)
        _ = tracer.wait(timeout: 5)
        if !died { throw TestFailure("the pump made no \(number) calls of \(call)") }
        try supervisor.waitUntilReady()
    }
}
