import TestSupport
import Testing

@Suite("It says why", .serialized)
struct InsightTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    @Test("why tells every decision with its rule and its delay")
    func why() throws {
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", "fails", "--restart", "on-failure:2", "busybox", "sh", "-c", "exit 3"))
        #expect(try eventually { try supervisor.inspect("fails", "{{.State.Status}}") == "exited" })
        let lines = try expect(supervisor.sereno("why", "fails")).output.split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines[0].contains("create by user root") && lines[1].contains("start by user root"))
        #expect(lines[2].contains("exited with code 3") && lines[2].contains("restart 1 in 100 ms (first delay)"))
        #expect(lines[3].contains("restart 2 in 200 ms (grown from 100 ms)"))
        #expect(lines[4].contains("has used up its restarts; gave up"))
    }

    @Test("debug plan prints what the child does, whether the container runs or not")
    func plan() throws {
        try expect(supervisor.sereno("create", "--name", "planned", "--read-only", "busybox", "sleep", "100"))
        let before = try expect(supervisor.sereno("debug", "plan", "planned")).output
        #expect(before.contains("pivot") && before.contains("sleep"))
        try expect(supervisor.sereno("start", "planned"))
        #expect(try expect(supervisor.sereno("debug", "plan", "planned")).output.contains("pivot"))
        #expect(try supervisor.sereno("debug", "plan", "nobody").status.code == 1)
    }

    @Test("info reports each security module that confines no container", arguments: Clients.all)
    func securityModules(client: String) throws {
        let info = try expect(supervisor.run(client, ["info"]))
        let isConfined = info.output.contains("  apparmor\n")
        #expect(isConfined == TestFiles.exists("/sys/kernel/security/apparmor/profiles"), "\(info.output)")
        #expect(info.error.contains("WARNING: No AppArmor: ") == !isConfined, "\(info.error)")
        let hasLabels = TestFiles.exists("/sys/fs/selinux/enforce")
        #expect(info.error.contains("WARNING: No SELinux labels: ") == hasLabels, "\(info.error)")
    }
}
