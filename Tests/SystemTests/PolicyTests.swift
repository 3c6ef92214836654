import Glibc
import Model
import TestSupport
import Testing

/// The four policies on real containers, cell by cell as a real dockerd answered (where sereno means to differ, that is
/// a row of docs/differences.md).
@Suite("Restart policies on real containers", .serialized)
struct PolicyTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    /// How a container looks once nothing more is going to happen soon.
    private func settled(_ name: String, _ expected: String, timeout: Double = 15) throws -> String {
        var seen = ""
        _ = try eventually(timeout: timeout) {
            seen = try supervisor.inspect(name, "{{.State.Status}}/{{.State.ExitCode}}/{{.RestartCount}}")
            return seen == expected
        }
        return seen
    }

    @Test(
        "What exits by itself is restarted as its policy says",
        arguments: [
            ("no", "exit 0", "exited/0/0"), ("no", "exit 3", "exited/3/0"),
            ("on-failure", "exit 0", "exited/0/0"), ("on-failure:2", "exit 3", "exited/3/2"),
            ("on-failure:2", "exit 143", "exited/143/2"), ("on-failure:2", "exit 0", "exited/0/0"),
        ])
    func endsByItself(_ policy: String, _ command: String, _ expected: String) throws {
        let name = "p-\(policy.replacing(":", with: "-"))-\(command.replacing(" ", with: "-"))"
        try expect(supervisor.sereno("run", "-d", "--name", name, "--restart", policy, "busybox", "sh", "-c", command))
        #expect(try settled(name, expected) == expected)
        let runs = 1 + (Int(expected.split(separator: "/")[2]) ?? 0)
        try expect(supervisor.sereno("logs", name))
        #expect(try supervisor.inspect(name, "{{.RestartCount}}") == String(runs - 1))
    }

    @Test(
        "A container that keeps ending waits longer each time", arguments: ["always", "unless-stopped", "on-failure"])
    func backsOff(_ policy: String) throws {
        let name = "b-\(policy)"
        // It tells when it begins, in hundredths of a second: when that is read is the machine's affair.
        let command = "cut -d ' ' -f 1 /proc/uptime; exit 1"
        try expect(
            supervisor.sereno("run", "-d", "--name", name, "--restart", policy, "busybox", "sh", "-c", command))
        #expect(
            try eventually(timeout: 20) { (Int(try supervisor.inspect(name, "{{.RestartCount}}")) ?? 0) >= 5 })
        let begins = try expect(supervisor.sereno("logs", name)).output.split(separator: "\n").compactMap {
            Int($0.filter { $0 != "." })
        }
        #expect(begins.count >= 5)
        for (index, gap) in zip(begins, begins.dropFirst()).map({ 10 * ($1 - $0) }).enumerated() {
            // Never shorter than the policy's delay; how much longer is the machine's affair.
            #expect(gap >= (100 << min(index, 9)) - 10, "restart \(index + 1) came after \(gap) ms")
        }
        try expect(supervisor.sereno("stop", name))
        #expect(
            try settled(name, "exited/1/\(try supervisor.inspect(name, "{{.RestartCount}}"))").hasPrefix("exited/1/"))
    }

    @Test(
        "A process killed from the host comes back",
        arguments: ["on-failure", "on-failure:2", "always", "unless-stopped"])
    func killedFromTheHost(_ policy: String) throws {
        let name = "k-\(policy.replacing(":", with: "-"))"
        try expect(supervisor.sereno("run", "-d", "--name", name, "--restart", policy, "busybox", "sleep", "1000"))
        kill(try supervisor.process(of: name), SIGKILL)
        #expect(try settled(name, "running/0/1") == "running/0/1")
    }

    @Test(
        "A user's stop sticks under every policy",
        arguments: ["no", "on-failure", "on-failure:2", "always", "unless-stopped"],
        ["stop", "kill", "kill-TERM", "kill-INT"])
    func userStop(_ policy: String, _ verb: String) throws {
        let name = "s-\(policy.replacing(":", with: "-"))-\(verb)"
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", name, "--restart", policy, "busybox", "sh", "-c",
                "trap 'exit 7' TERM INT; echo up; while :; do sleep 0.05; done"))
        #expect(try eventually { try supervisor.sereno("logs", name).output == "up\n" })
        switch verb {
        case "stop": try expect(supervisor.sereno("stop", name))
        case "kill": try expect(supervisor.sereno("kill", name))
        case "kill-TERM": try expect(supervisor.sereno("kill", "-s", "TERM", name))
        default: try expect(supervisor.sereno("kill", "-s", "INT", name))
        }
        let expected = verb == "kill" ? "exited/137/0" : "exited/7/0"
        #expect(try settled(name, expected) == expected)
        usleep(300_000)
        #expect(try settled(name, expected) == expected)
    }

    @Test("A reload by HUP or USR1 does not disable the policy")
    func reloadKeepsThePolicy() throws {
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", "reload", "--restart", "always", "busybox", "sh", "-c",
                "trap 'echo again' HUP USR1; echo up; while :; do sleep 0.05; done"))
        #expect(try eventually { try supervisor.sereno("logs", "reload").output == "up\n" })
        try expect(supervisor.sereno("kill", "-s", "HUP", "reload"))
        #expect(try eventually { try supervisor.sereno("logs", "reload").output == "up\nagain\n" })
        kill(try supervisor.process(of: "reload"), SIGKILL)
        #expect(try settled("reload", "running/0/1") == "running/0/1")
    }

    @Test("restart starts at once and sets the count back")
    func restartResets() throws {
        try expect(
            supervisor.sereno("run", "-d", "--name", "reset", "--restart", "always", "busybox", "sleep", "1000"))
        kill(try supervisor.process(of: "reset"), SIGKILL)
        #expect(try settled("reset", "running/0/1") == "running/0/1")
        try expect(supervisor.sereno("restart", "-t", "0", "reset"))
        #expect(try settled("reset", "running/0/0") == "running/0/0")
    }

    @Test("A start that fails is tried again under a policy, and not for a user")
    func failedStarts() throws {
        let first = try supervisor.sereno("run", "--name", "nofile", "--restart", "always", "busybox", "/nonexistent")
        #expect(first.status.code == 127)
        #expect(try settled("nofile", "created/127/0") == "created/127/0")
        let source = supervisor.directory.child("source")
        try TestFiles.makeDirectories(source)
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", "mount", "--restart", "always", "--mount", "type=bind,src=\(source),dst=/m",
                "busybox", "sh", "-c", "sleep 0.3; exit 1"))
        TestFiles.removeTree(source)
        #expect(try eventually { try supervisor.inspect("mount", "{{.State.Error}}") != "" })
        try TestFiles.makeDirectories(source)
        #expect(try eventually(timeout: 30) { try supervisor.inspect("mount", "{{.State.Status}}") == "running" })
    }

    @Test("The kernel's OOM kill is told and restarted")
    func outOfMemory() throws {
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", "oom", "--restart", "on-failure:1", "--memory", "16m", "busybox", "sh", "-c",
                "tail -c 200m /dev/zero"))
        #expect(try settled("oom", "exited/137/1", timeout: 30) == "exited/137/1")
        #expect(try supervisor.inspect("oom", "{{.State.OOMKilled}}") == "true")
    }
}
