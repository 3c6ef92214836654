import Glibc
import TestSupport
import Testing

/// A mount that never answers, as one from a network that is gone, is a source of some containers: they wait, and nobody else.
@Suite("A mount that never answers", .enabled(if: TestFiles.exists("/dev/fuse"), "this host has no /dev/fuse"))
struct HangingMountTests {
    private let supervisor: SupervisorUnderTest

    init() throws {
        supervisor = try SupervisorUnderTest(inside: { _ in ["unshare", "--mount", "--propagation", "private"] })
    }

    /// Mounts it where the supervisor sees it, and the test's own processes do not.
    private func mount(at path: String) throws -> BackgroundCommand {
        try TestFiles.makeDirectories(path)
        let program = try AttackProgram("hanging_mount").directory + "/hanging_mount"
        let mount = try BackgroundCommand([
            "nsenter", "--mount", "--target", "\(supervisor.keeperProcess)", program, path,
        ])
        guard eventually({ mount.output == "mounted\n" }) else { throw TestFailure("not mounted: \(mount.error)") }
        return mount
    }

    /// What everybody else does.
    private func othersAreServed() throws {
        for runtime in ["native", "host"] {
            let other = ["--runtime", runtime, "busybox"]
            for options in [["run", "--rm"], ["run", "--rm", "-v", supervisor.directory.path + ":/data"]] {
                guard runtime == "native" || options.count == 2 else { continue }
                try expect(supervisor.run("sereno", options + other + ["true"]))
            }
        }
        let source = "type=bind,source=\(supervisor.directory.path),target=/data"
        try expect(supervisor.sereno("create", "--name", "other", "--mount", source, "busybox", "sleep", "1000"))
        try expect(supervisor.sereno("start", "other"))
        try expect(supervisor.sereno("restart", "-t", "0", "other"))
        try expect(supervisor.sereno("exec", "-t", "-u", "app", "other", "true"))
        #expect(try supervisor.inspect("other", "{{.State.Running}}") == "true")
        for listing in [["ps", "-a"], ["images"], ["info"], ["top", "other"], ["logs", "other"]] {
            try expect(supervisor.run("sereno", listing))
        }
        try expect(supervisor.sereno("rm", "-f", "other"))
    }

    @Test("What is to be mounted from it waits until it has ended, and then fails; everybody else is served")
    func starts() throws {
        let dead = supervisor.directory.child("dead")
        let mount = try mount(at: dead)
        var hanging: [BackgroundCommand] = []
        // More of each than there are threads for those that do not hang.
        for number in 0..<5 {
            try expect(
                supervisor.sereno(
                    "create", "--name", "start\(number)", "-v", dead + "/data:/data", "busybox", "sleep", "1000"))
            hanging.append(try supervisor.start("sereno", ["start", "start\(number)"]))
            hanging.append(
                try supervisor.start(
                    "sereno",
                    [
                        "create", "--name", "create\(number)", "--mount",
                        "type=bind,source=\(dead)/data,target=/data", "busybox",
                    ]))
        }
        hanging.append(try supervisor.start("sereno", ["run", "-d", "--device", dead + "/node", "busybox", "true"]))
        try othersAreServed()
        try othersAreServed()
        for command in hanging { #expect(command.poll() == nil, "did not wait for the mount: \(command.error)") }
        mount.signal(SIGKILL)
        for command in hanging {
            let ended = command.wait(timeout: 60)
            #expect(!ended.timedOut && !ended.succeeded, "\(ended.error)")
        }
        try othersAreServed()
    }

    @Test("An engine comes up although a running container's mount has gone dead")
    func recovery() throws {
        let dead = supervisor.directory.child("dead")
        try TestFiles.makeDirectories(dead)
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", "holder", "-v", dead + "/data:/data", "busybox", "sleep", "1000"))
        try expect(supervisor.sereno("run", "-d", "--name", "plain", "busybox", "sleep", "1000"))
        let mount = try mount(at: dead)
        let process = try supervisor.process(of: "holder")
        try supervisor.killEngine()
        try othersAreServed()
        try expect(supervisor.sereno("exec", "plain", "true"))
        #expect(try supervisor.process(of: "holder") == process)
        mount.signal(SIGKILL)
        try expect(supervisor.sereno("rm", "-f", "holder", "plain"))
    }
}
