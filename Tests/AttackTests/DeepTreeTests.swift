import Glibc
import TestSupport
import Testing

/// A tree that is deeper than a path can be long, and names that are no text.
@Suite(
    "Trees of any depth are refused with a reason or handled",
    .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct DeepTreeTests {
    /// A path of 24,000 bytes, and more calls within calls than a stack holds.
    private static let depth = "12000"
    private static let bound = "more than 4095 bytes in a path"

    /// A container that has made one.
    private func container(_ supervisor: SupervisorUnderTest) throws {
        let attack = try AttackProgram("deep_tree")
        let script = "mkdir /deep && exec \(attack.path) /deep \(Self.depth)"
        try expect(
            supervisor.run("sereno", ["run", "--name", "deep"] + attack.options + ["busybox", "sh", "-c", script]))
    }

    @Test(
        "It is exported, copied and compared with an error that names the bound, measured, and removed with its container"
    )
    func container() throws {
        let supervisor = try SupervisorUnderTest()
        try container(supervisor)
        for client in Clients.all {
            let out = supervisor.directory.child("out-\(client)")
            let tries = [
                ["export", "-o", out, "deep"], ["cp", "deep:/deep", out], ["diff", "deep"],
            ]
            for arguments in tries {
                let ran = try supervisor.run(client, arguments)
                #expect(!ran.succeeded && ran.error.contains(Self.bound), "\(client) \(arguments): \(ran.error)")
            }
            // What is beside it can be copied.
            try expect(supervisor.run(client, ["cp", "deep:/etc/passwd", out]))
        }
        let size = try expect(supervisor.sereno("inspect", "--size", "-f", "{{.SizeRw}}", "deep")).output
        #expect(Int(size.trimmingNewline).map { $0 >= 10 && $0 < 1000 } == true, "\(size)")
        let identity = try supervisor.inspect("deep", "{{.Id}}")
        try expect(supervisor.sereno("rm", "deep"))
        let containers = supervisor.directory.child("data/containers")
        #expect(try !TestFiles.list(containers).contains { $0.contains(identity) })
    }

    @Test("A container with names that are no text is removed whole")
    func names() throws {
        let supervisor = try SupervisorUnderTest()
        let script = "mkdir -p \"$(printf 'a\\377b')/\\\\\" && touch \"$(printf 'a\\377b')/$(printf '\\376\\n')\""
        try expect(
            supervisor.run("sereno", ["run", "--network", "none", "--name", "odd", "busybox", "sh", "-c", script]))
        try expect(supervisor.sereno("rm", "odd"))
        #expect(try TestFiles.list(supervisor.directory.child("data/containers")).isEmpty)
    }

    @Test("An export that fails in the middle is seen to have failed")
    func cutShort() throws {
        let supervisor = try SupervisorUnderTest()
        let script = "dd if=/dev/zero of=/a bs=1M count=64 2>/dev/null; touch /made; sleep 600"
        try expect(
            supervisor.run(
                "sereno", ["run", "-d", "--network", "none", "--name", "big", "busybox", "sh", "-c", script]))
        #expect(
            eventually(timeout: 60) { (try? supervisor.sereno("exec", "big", "test", "-e", "/made").succeeded) == true }
        )
        let engine = try #require(supervisor.engineProcess)
        let never = supervisor.directory.child("slow")
        let reading = try BackgroundCommand([
            "/bin/sh", "-c",
            "mkfifo \"$0\" && curl -s --unix-socket \"$1\" http://localhost/containers/big/export >\"$0\"; echo $?",
            never,
            supervisor.directory.child("sock"),
        ])
        // Nobody takes more than the first bytes, so that the program is still at it.
        #expect(eventually(timeout: 30) { TestFiles.exists(never) })
        let taken = open(never, O_RDONLY | O_CLOEXEC)
        defer { close(taken) }
        let helper = try HelperProcess("sereno-archive", "pack-root", of: engine)
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        // The answer has begun.
        #expect(read(taken, &buffer, 1) == 1)
        kill(helper.number, SIGKILL)
        while read(taken, &buffer, buffer.count) > 0 {}
        let ended = reading.wait(timeout: 60)
        // CURLE_PARTIAL_FILE and CURLE_RECV_ERROR.
        #expect(["18", "56"].contains(ended.output.trimmingNewline), "\(ended.output) \(ended.error)")
    }
}
