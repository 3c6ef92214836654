import Glibc
import TestSupport
import Testing

/// `--ipc container:NAME`: the whole of it, and no more than the donor gives.
@Suite("IPC is shared by who offers it", .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct SharedIPCTests {
    private static let runtimes = ["native"] + (TestFiles.exists("/usr/sbin/runc") ? ["runc"] : [])

    /// An OCI runtime takes a moment until it lets others in.
    private func waitUntilJoinable(_ name: String, _ supervisor: SupervisorUnderTest) {
        #expect(eventually(timeout: 30) { (try? supervisor.sereno("exec", name, "true").succeeded) ?? false })
    }

    private static func options(_ runtime: String) -> [String] { ["--network", "none", "--runtime", runtime] }

    @Test("System V memory and /dev/shm are one for both, at the donor's size", arguments: runtimes)
    func shared(runtime: String) throws {
        let supervisor = try SupervisorUnderTest()
        let options = Self.options(runtime)
        try expect(
            supervisor.run(
                "sereno",
                ["run", "-d", "--name", "donor", "--ipc", "shareable", "--shm-size", "1m"] + options
                    + ["busybox", "sh", "-c", "echo hello > /dev/shm/word; exec sleep 1000"]))
        #expect(eventually { (try? supervisor.sereno("exec", "donor", "cat", "/dev/shm/word").succeeded) ?? false })
        let script =
            "cat /dev/shm/word; readlink /proc/self/ns/ipc; df -k /dev/shm | tail -1; echo back > /dev/shm/answer"
        let joined = try expect(
            supervisor.run(
                "sereno",
                ["run", "--rm", "--ipc", "container:donor"] + options + ["busybox", "sh", "-c", script])
        ).output.split(separator: "\n").map(String.init)
        try #require(joined.count == 3, "\(joined)")
        #expect(joined[0] == "hello")
        let own = try supervisor.sereno("exec", "donor", "readlink", "/proc/self/ns/ipc").output.trimmingNewline
        #expect(joined[1] == own)
        #expect(joined[1] != (try Command.run(["readlink", "/proc/self/ns/ipc"]).output.trimmingNewline))
        #expect(joined[2].split(separator: " ").contains("1024"), "\(joined[2])")
        #expect(try supervisor.sereno("exec", "donor", "cat", "/dev/shm/answer").output == "back\n")
    }

    @Test(
        "It holds when the engine has been replaced, and a donor's next run is looked up", arguments: runtimes,
        [false, true])
    func survives(runtime: String, ownMounts: Bool) throws {
        // Where the host's mounts are shared, the engine mounts in a namespace of its own.
        let supervisor = try SupervisorUnderTest(
            inside: ownMounts ? { _ in ["unshare", "-m", "--propagation", "shared"] } : nil)
        let options = Self.options(runtime)
        try expect(
            supervisor.run(
                "sereno",
                ["run", "-d", "--name", "donor", "--ipc", "shareable"] + options + ["busybox", "sleep", "1000"]))
        waitUntilJoinable("donor", supervisor)
        try expect(
            supervisor.run(
                "sereno",
                ["run", "-d", "--name", "friend", "--ipc", "container:donor"] + options + ["busybox", "sleep", "1000"]))
        waitUntilJoinable("friend", supervisor)
        try supervisor.killEngine()
        try expect(supervisor.sereno("exec", "donor", "sh", "-c", "echo first > /dev/shm/word"))
        #expect(try supervisor.sereno("exec", "friend", "cat", "/dev/shm/word").output == "first\n")
        try expect(
            supervisor.run(
                "sereno",
                ["run", "--rm", "--ipc", "container:donor"] + options + ["busybox", "grep", "first", "/dev/shm/word"]))
        try expect(supervisor.sereno("restart", "-t", "0", "donor"))
        waitUntilJoinable("donor", supervisor)
        // A new run has an empty one, as with Docker, and whoever starts now joins that.
        #expect(!(try supervisor.sereno("exec", "donor", "cat", "/dev/shm/word").succeeded))
        try expect(supervisor.sereno("exec", "donor", "sh", "-c", "echo second > /dev/shm/word"))
        try expect(supervisor.sereno("restart", "-t", "0", "friend"))
        waitUntilJoinable("friend", supervisor)
        #expect(try supervisor.sereno("exec", "friend", "cat", "/dev/shm/word").output == "second\n")
        let spaces = try ["donor", "friend"].map {
            try supervisor.sereno("exec", $0, "readlink", "/proc/self/ns/ipc").output
        }
        #expect(spaces[0] == spaces[1])
    }

    @Test(
        "A donor that does not share is refused in Docker's words",
        arguments: [[], ["--ipc", "private"], ["--ipc", "none"]], runtimes)
    func refused(donor: [String], runtime: String) throws {
        let supervisor = try SupervisorUnderTest()
        let options = Self.options(runtime)
        try expect(
            supervisor.run(
                "sereno", ["run", "-d", "--name", "donor"] + donor + options + ["busybox", "sleep", "1000"]))
        waitUntilJoinable("donor", supervisor)
        let refused = try supervisor.run(
            "sereno", ["run", "--rm", "--ipc", "container:donor"] + options + ["busybox", "true"])
        #expect(!refused.succeeded)
        #expect(
            refused.error.contains(
                "non-shareable IPC (hint: use IpcMode:shareable for the donor container)"), "\(refused.error)")
        try expect(supervisor.sereno("kill", "donor"))
        try expect(supervisor.sereno("wait", "donor"))
        let ended = try supervisor.run(
            "sereno", ["run", "--rm", "--ipc", "container:donor"] + options + ["busybox", "true"])
        #expect(!ended.succeeded)
        #expect(ended.error.contains("is not running"), "\(ended.error)")
    }

    @Test("Whose processes are joined is the donor, also with an OCI runtime", arguments: runtimes)
    func processes(runtime: String) throws {
        let supervisor = try SupervisorUnderTest()
        let options = Self.options(runtime)
        try expect(
            supervisor.run("sereno", ["run", "-d", "--name", "donor"] + options + ["busybox", "sleep", "1234"]))
        waitUntilJoinable("donor", supervisor)
        let seen = try expect(
            supervisor.run(
                "sereno", ["run", "--rm", "--pid", "container:donor"] + options + ["busybox", "ps", "-o", "args"]))
        #expect(seen.output.contains("sleep 1234"))
        // The host's processes would be there if no namespace had been joined.
        #expect(!seen.output.contains("serenod"), "\(seen.output)")
    }

    @Test("Nothing is left when the donor is removed")
    func nothingIsLeft() throws {
        let supervisor = try SupervisorUnderTest()
        // Of this supervisor alone: where it mounts, others may.
        let mounts = {
            try TestFiles.read("/proc/\(supervisor.engineProcess ?? 0)/mountinfo").split(separator: "\n")
                .filter { $0.contains(supervisor.directory.path + "/") }
        }
        #expect(try mounts().isEmpty)
        try expect(
            supervisor.sereno(
                "run", "-d", "--network", "none", "--name", "donor", "--ipc", "shareable", "busybox", "sleep", "1000"))
        #expect(try mounts().contains { $0.contains("/shm ") })
        try expect(supervisor.sereno("rm", "-f", "donor"))
        #expect(try mounts().isEmpty)
        #expect(try Command.run(["ls", supervisor.directory.child("run/containers")]).output.isEmpty)
    }
}
