import Glibc
import Model
import TestSupport
import Testing

/// Nothing is lost when the engine is killed.
@Suite("The engine is killed", .serialized)
struct EngineDeathTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    @Test("Containers live on with their process, and their log has every line once and in order")
    func containersLiveOn() throws {
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", "counter", "--restart", "always", "busybox", "sh", "-c",
                "i=0; while :; do i=$((i+1)); echo $i; sleep 0.01; done"))
        let before = try supervisor.process(of: "counter")
        let kills = 5
        for _ in 0..<kills {
            usleep(200_000)
            try supervisor.killEngine()
        }
        #expect(try supervisor.process(of: "counter") == before)
        #expect(try supervisor.inspect("counter", "{{.RestartCount}}") == "0")
        try expect(supervisor.sereno("kill", "counter"))
        let numbers = try supervisor.sereno("logs", "counter").output.split(separator: "\n").map { Int($0) ?? -1 }
        #expect(numbers.count > 50)
        #expect(numbers == Array(1...max(1, numbers.count)))
    }

    @Test("What ends while no engine is there keeps its code and its policy")
    func endsMeanwhile() throws {
        try expect(supervisor.sereno("run", "-d", "--name", "code", "busybox", "sh", "-c", "sleep 1.5; exit 42"))
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", "again", "--restart", "on-failure", "busybox", "sh", "-c",
                "[ -e /seen ] && exec sleep 1000; touch /seen; sleep 1.5; exit 9"))
        let engine = try #require(supervisor.engineProcess)
        // Stopped first, so that both surely end while nobody listens.
        kill(engine, SIGSTOP)
        sleep(2)
        kill(engine, SIGKILL)
        #expect(eventually(timeout: 20) { supervisor.engineProcess.map { $0 != engine } ?? false })
        try supervisor.waitUntilReady()
        #expect(
            try eventually { try supervisor.inspect("code", "{{.State.Status}} {{.State.ExitCode}}") == "exited 42" })
        #expect(
            try eventually { try supervisor.inspect("again", "{{.State.Status}} {{.RestartCount}}") == "running 1" })
    }

    @Test("start -a stays, shows every line once and returns the container's code")
    func startStays() throws {
        try expect(
            supervisor.sereno(
                "create", "--name", "told", "busybox", "sh", "-c",
                "trap 'echo bye; exit 5' TERM; i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done"))
        let attached = try supervisor.start("sereno", ["start", "-a", "told"])
        #expect(eventually { attached.output.contains("5\n") })
        try supervisor.killEngine()
        usleep(500_000)
        try supervisor.killEngine()
        usleep(500_000)
        attached.signal(SIGTERM)
        let ended = attached.wait(timeout: 30)
        #expect(ended.status.code == 5, "\(ended.error)")
        let lines = ended.output.split(separator: "\n").map(String.init)
        #expect(lines.last == "bye")
        #expect(lines.dropLast().map { $0 } == (1...max(1, lines.count - 1)).map(String.init))
    }

    @Test("A user's stop holds over a killed engine, a stop of the supervisor only until the next")
    func stopsHold() throws {
        for policy in ["always", "unless-stopped"] {
            try expect(
                supervisor.sereno(
                    "run", "-d", "--name", "held-\(policy)", "--restart", policy, "busybox", "sleep", "1000"))
            try expect(supervisor.sereno("stop", "-t", "0", "held-\(policy)"))
        }
        try supervisor.killEngine()
        for policy in ["always", "unless-stopped"] {
            #expect(try supervisor.inspect("held-\(policy)", "{{.State.Status}}") == "exited")
        }
    }
}
