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
        for _ in 0..<3 {
            let lines = try supervisor.sereno("logs", "counter").output.count { $0 == "\n" }
            #expect(
                try eventually { try supervisor.sereno("logs", "counter").output.count { $0 == "\n" } > lines + 10 })
            try supervisor.killEngine()
        }
        #expect(try supervisor.process(of: "counter") == before)
        #expect(try supervisor.inspect("counter", "{{.RestartCount}}") == "0")
        try expect(supervisor.sereno("kill", "counter"))
        let numbers = try supervisor.sereno("logs", "counter").output.split(separator: "\n").map { Int($0) ?? -1 }
        #expect(numbers.count > 50, "\(numbers.count)")
        #expect(numbers == Array(1...max(1, numbers.count)))
    }

    @Test("The standard input of two hundred containers stays open, and is written to by the next engine")
    func inputsLiveOn() throws {
        let names = (0..<200).map { "input\($0)" }
        for name in names {
            try expect(supervisor.sereno("run", "-di", "--network", "none", "--name", name, "busybox", "cat"))
        }
        func processes() throws -> String {
            try expect(supervisor.run("sereno", ["inspect", "-f", "{{.State.Status}} {{.State.Pid}}"] + names)).output
        }
        let before = try processes()
        try supervisor.killEngine()
        // Each one whose input had ended would be gone by itself.
        for name in names where name.hasSuffix("9") {
            let client = try supervisor.start("sereno", ["attach", name], input: "told\n")
            #expect(try eventually { try supervisor.sereno("logs", name).output == "told\n" }, "\(name)")
            client.signal(SIGKILL)
            _ = client.wait()
        }
        #expect(try processes() == before)
        #expect(before.split(separator: "\n").allSatisfy { $0.hasPrefix("running ") })
        try expect(supervisor.run("sereno", ["rm", "-f"] + names))
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

    @Test("A disk that does not take the supervisor's mark makes no start of the machine out of an engine's death")
    func markNotWritten() throws {
        let supervisor = try SupervisorUnderTest(inside: { directory in
            // What the mark is written to first is a directory.
            try TestFiles.makeDirectories(directory.child("data/supervisor.json.new"))
            return ["/usr/bin/env"]
        })
        try expect(
            supervisor.sereno("run", "-d", "--name", "box", "--restart", "always", "busybox", "sleep", "1000"))
        try expect(supervisor.sereno("stop", "-t", "0", "box"))
        for _ in 0..<2 {
            try supervisor.killEngine()
            #expect(try supervisor.inspect("box", "{{.State.Status}}") == "exited")
        }
        #expect(supervisor.log.contains("the supervisor's mark is not written"))
        rmdir(supervisor.directory.child("data/supervisor.json.new"))
        #expect(eventually(timeout: 20) { TestFiles.exists(supervisor.directory.child("data/supervisor.json")) })
        try supervisor.killEngine()
        #expect(try supervisor.inspect("box", "{{.State.Status}}") == "exited")
    }

    @Test("A change that the disk does not take is told, and written as soon as it does")
    func changeNotWritten() throws {
        try expect(supervisor.sereno("run", "-d", "--name", "box", "--restart", "no", "busybox", "sleep", "1000"))
        let directory = supervisor.directory.child("data/containers/") + (try supervisor.inspect("box", "{{.Id}}"))
        // What the specification is written to first is a directory.
        try TestFiles.makeDirectories(directory + "/spec.json.new")
        let refused = try supervisor.sereno("update", "--restart=always", "box")
        #expect(refused.status.code == 1)
        #expect(refused.error.contains("container box: done, but the record cannot be written"), "\(refused.error)")
        #expect(try supervisor.inspect("box", "{{.HostConfig.RestartPolicy.Name}}") == "always")
        rmdir(directory + "/spec.json.new")
        #expect(
            eventually(timeout: 20) {
                (try? TestFiles.read(directory + "/spec.json"))?.contains("always") ?? false
            })
        try supervisor.killEngine()
        #expect(try supervisor.inspect("box", "{{.HostConfig.RestartPolicy.Name}}") == "always")
        try expect(supervisor.sereno("update", "--restart=no", "box"))
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

    @Test("Every command that waits or follows goes on with the next engine")
    func clientsComeBack() throws {
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", "told", "busybox", "sh", "-c",
                "trap 'echo bye; exit 5' TERM; i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done"))
        let waiting = try supervisor.start("sereno", ["wait", "told"])
        let attached = try supervisor.start("sereno", ["attach", "--no-stdin", "told"])
        let following = try supervisor.start("sereno", ["logs", "-f", "told"])
        let events = try supervisor.start("sereno", ["events", "--since", "1h", "--format", "{{.Action}}"])
        #expect(eventually { attached.output.contains("\n") && following.output.contains("\n") })
        #expect(eventually { events.output.contains("start\n") })
        for _ in 0..<3 {
            try supervisor.killEngine()
            let (lines, followed) = (attached.output.count, following.output.count)
            #expect(eventually { attached.output.count > lines + 10 && following.output.count > followed + 10 })
        }
        #expect(waiting.poll() == nil && events.poll() == nil)
        try expect(supervisor.sereno("stop", "told"))
        let told = try supervisor.sereno("logs", "told").output
        let waited = waiting.wait(timeout: 30)
        #expect(waited.status.code == 0 && waited.output == "5\n", "\(waited.error)")
        let ended = attached.wait(timeout: 30)
        #expect(ended.status.code == 5, "\(ended.error)")
        #expect(told.hasSuffix(ended.output) && ended.output.hasSuffix("bye\n"))
        let followed = following.wait(timeout: 30)
        #expect(followed.status.code == 0, "\(followed.error)")
        #expect(followed.output == told)
        #expect(eventually { events.output.contains("die\n") })
        // Each once: what was shown before is not told again.
        #expect(events.output.split(separator: "\n").count { $0 == "start" } == 1, "\(events.output)")
        #expect(events.poll() == nil)
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
