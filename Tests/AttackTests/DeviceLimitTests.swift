import Glibc
import Linux
import TestSupport
import Testing

/// What a container may do with device nodes does not depend on what stood before it.
@Suite("Devices are limited at every start", .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct DeviceLimitTests {
    /// The disk of the host, whatever it is, and its console: nodes that any container may make and none may open.
    private static let openNodes = """
        for node in "b 7 99" "c 5 1" "c 1 1" "c 10 229"; do
            rm -f /tmp/node; mknod /tmp/node $node || exit 3
            # What has no driver is refused as well, with another error: only the limit says EPERM.
            (: < /tmp/node) 2>&1 | grep -q 'not permitted' && echo "refused $node" || echo "open $node"
        done
        """

    private static let refused = "refused b 7 99\nrefused c 5 1\nrefused c 1 1\nrefused c 10 229\n"

    @Test("A group that somebody made before has no other rules")
    func standingGroup() throws {
        let supervisor = try SupervisorUnderTest()
        let id = try expect(
            supervisor.sereno("create", "--network", "none", "--name", "box", "busybox", "sh", "-c", Self.openNodes)
        ).output.trimmingNewline
        let layout = try CgroupLayout.detect()
        let group = Cgroup(layout: layout, name: id)
        try group.create()
        #expect(try expect(supervisor.sereno("start", "-a", "box")).output == Self.refused)
    }

    @Test("A group that stands from an earlier run is limited again, with what was made below it")
    func earlierRun() throws {
        let supervisor = try SupervisorUnderTest()
        let id = try expect(
            supervisor.sereno("create", "--network", "none", "--name", "box", "busybox", "sh", "-c", Self.openNodes)
        ).output.trimmingNewline
        try expect(supervisor.sereno("start", "-a", "box"))
        let layout = try CgroupLayout.detect()
        let group = Cgroup(layout: layout, name: id)
        if let directory = layout.legacy("devices")?.directory(of: group.group), TestFiles.exists(directory) {
            try TestFiles.write("a", to: directory + "/devices.allow")
            try TestFiles.makeDirectories(directory + "/below")
        }
        #expect(try expect(supervisor.sereno("start", "-a", "box")).output == Self.refused)
    }

    @Test("The same holds for restarts by policy")
    func restart() throws {
        let supervisor = try SupervisorUnderTest()
        let id = try expect(
            supervisor.sereno(
                "create", "--network", "none", "--restart", "on-failure:1", "--name", "box", "busybox", "sh", "-c",
                Self.openNodes + "\nuntil test -e /go; do sleep 0.1; done; exit 1")
        ).output.trimmingNewline
        try expect(supervisor.sereno("start", "box"))
        #expect(eventually { (try? supervisor.sereno("logs", "box").output.contains("229")) ?? false })
        let layout = try CgroupLayout.detect()
        guard let directory = layout.legacy("devices")?.directory(of: Cgroup(layout: layout, name: id).group) else {
            return
        }
        try TestFiles.write("a", to: directory + "/devices.allow")
        try expect(supervisor.sereno("exec", "box", "touch", "/go"))
        #expect(
            eventually(timeout: 30) {
                (try? supervisor.inspect("box", "{{.State.Status}} {{.RestartCount}}")) == "exited 1"
            })
        #expect(try supervisor.sereno("logs", "box").output == Self.refused + Self.refused)
    }

    @Test(
        "A rule outside Docker's grammar starts nothing",
        arguments: ["c 1:1  rwm", "c 1:1 rwmrwm", "a", "z 1:1 r", "c -1:1 r", "c 1:1 rwm\n"])
    func grammar(rule: String) throws {
        let supervisor = try SupervisorUnderTest()
        let ran = try supervisor.run(
            "sereno", ["run", "--rm", "--network", "none", "--device-cgroup-rule", rule, "busybox", "true"])
        #expect(!ran.succeeded)
        #expect(ran.error.contains("invalid device cgroup"), "\(ran.error)")
    }
}
