import TestSupport
import Testing

/// Containers that want more than their limit, on the kernel's own memory control groups.
@Suite("Out of memory", .serialized)
struct OutOfMemoryTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    private func events(of name: String) throws -> [String] {
        let told = try expect(
            supervisor.sereno(
                "events", "--since", "1h", "--until", "0s", "--filter", "container=\(name)", "--format", "{{.Action}}"))
        return told.output.split(separator: "\n").map(String.init)
    }

    @Test("The first process is killed: oom before die, OOMKilled, and the figures in why")
    func first() throws {
        let ran = try supervisor.sereno(
            "run", "--name", "greedy", "--network", "none", "--memory", "16m", "busybox", "dd", "if=/dev/zero",
            "of=/dev/null", "bs=64M", "count=1")
        #expect(ran.status.code == 137)
        #expect(try supervisor.inspect("greedy", "{{.State.OOMKilled}} {{.State.ExitCode}}") == "true 137")
        let told = try events(of: "greedy")
        let (oom, die) = (told.firstIndex(of: "oom"), told.firstIndex(of: "die"))
        #expect(oom != nil && die != nil && oom ?? 0 < die ?? 0, "\(told)")
        #expect(told.count { $0 == "oom" } == 1)
        let why = try expect(supervisor.sereno("why", "greedy")).output
        #expect(why.contains("killed by SIGKILL (out of memory: limit 16 MiB, peak 16 MiB, oom kills 0 -> 1"), "\(why)")
    }

    @Test("Each run is told apart from those before it, also over the death of the engine")
    func counted() throws {
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", "again", "--network", "none", "--memory", "16m", "--restart", "on-failure:2",
                "busybox", "dd", "if=/dev/zero", "of=/dev/null", "bs=64M", "count=1"))
        #expect(try eventually(timeout: 30) { try supervisor.inspect("again", "{{.State.Status}}") == "exited" })
        let why = try expect(supervisor.sereno("why", "again")).output
        for step in ["0 -> 1", "1 -> 2", "2 -> 3"] { #expect(why.contains("oom kills \(step)"), "\(why)") }

        try expect(
            supervisor.sereno(
                "run", "-d", "--name", "child", "--network", "none", "--memory", "16m", "busybox", "sh", "-c",
                "dd if=/dev/zero of=/dev/null bs=64M count=1; trap 'exit 3' TERM; while :; do sleep 0.1; done"))
        // The container lives on, and is told to have lost a process.
        #expect(try eventually(timeout: 30) { try supervisor.inspect("child", "{{.State.OOMKilled}}") == "true" })
        #expect(try supervisor.inspect("child", "{{.State.Running}}") == "true")
        #expect(try events(of: "child").suffix(1) == ["oom"])
        try supervisor.killEngine()
        try expect(supervisor.sereno("restart", "child"))
        #expect(try eventually(timeout: 30) { try supervisor.inspect("child", "{{.State.OOMKilled}}") == "true" })
        try expect(supervisor.sereno("stop", "child"))
        let after = try expect(supervisor.sereno("why", "child")).output
        #expect(after.contains("exited with code 3 (out of memory: limit 16 MiB"), "\(after)")
    }

    @Test("KILL from a stranger is no lack of memory, and its figures are told")
    func stranger() throws {
        try expect(supervisor.sereno("run", "-d", "--name", "shot", "--network", "none", "busybox", "sleep", "1000"))
        try expect(Command.run(["kill", "-KILL", "\(supervisor.process(of: "shot"))"]))
        #expect(try eventually(timeout: 30) { try supervisor.inspect("shot", "{{.State.Status}}") == "exited" })
        #expect(try supervisor.inspect("shot", "{{.State.OOMKilled}}") == "false")
        let why = try expect(supervisor.sereno("why", "shot")).output
        #expect(why.contains("killed by SIGKILL (memory: no limit, peak "), "\(why)")
        try expect(supervisor.sereno("start", "shot"))
        try expect(supervisor.sereno("kill", "shot"))
        #expect(try expect(supervisor.sereno("why", "shot")).output.contains("killed by SIGKILL after"))
    }
}
