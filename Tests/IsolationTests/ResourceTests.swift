import Glibc
import Linux
import Model
import TestSupport
import Testing

@testable import Isolation

/// Limits, life between runs and further processes, with real containers.
@Suite(.serialized, .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct ResourceTests {
    private func container(
        _ script: String, _ change: (inout ContainerSpec) -> Void = { _ in }
    ) throws -> ContainerUnderTest {
        var spec = ContainerSpec()
        spec.process.command = ["/bin/sh", "-c", script]
        spec.network.mode = .none
        change(&spec)
        return try ContainerUnderTest(spec)
    }

    private func has(_ controller: String) throws -> Bool {
        let layout = try CgroupLayout.detect()
        return layout.legacy(controller) != nil || layout.unified?.controllers.contains(controller) == true
    }

    @Test func thePidsLimitStopsForks() throws {
        guard try has("pids") else { return }
        let outcome = try container(
            "for i in 1 2 3 4 5 6 7 8 9; do sleep 5 & done; echo all",
            {
                $0.resources.pidsLimit = 5
            }
        ).run()
        #expect(outcome.error.contains("can't fork"))
        #expect(!outcome.output.contains("all"))
    }

    @Test func theMemoryLimitKillsAndIsCounted() throws {
        guard try has("memory") else { return }
        let box = try container(
            "dd if=/dev/zero of=/dev/null bs=200M count=1",
            {
                $0.process.command = ["/bin/dd", "if=/dev/zero", "of=/dev/null", "bs=200M", "count=1"]
                $0.resources.memory = 16 << 20
            })
        let outcome = try box.run()
        #expect(outcome.status?.code == 137)
        #expect(box.prepared.cgroup?.memory()?.kills == 1)
        #expect(box.prepared.cgroup?.statistics().memoryLimit == 16 << 20)
    }

    @Test func theProcessorQuotaThrottles() throws {
        guard try has("cpu") else { return }
        let box = try container(
            "i=0; while [ $i -lt 5000 ]; do i=$((i+1)); done",
            {
                // So little that a busy machine cannot give less.
                $0.resources.nanoCPUs = 10_000_000
            })
        #expect(try box.run().status?.isSuccess == true)
        let throttling = try #require(box.prepared.cgroup).statistics().throttling
        #expect(throttling.throttled > 0)
    }

    @Test func aRestartUsesWhatStands() throws {
        let box = try container("echo run >> /count; cat /count; readlink /proc/self/ns/net")
        let first = try box.run()
        let again = try box.runtime.prepare(box.prepared.context)
        #expect(again.network == box.prepared.network)
        let second = try box.run()
        #expect(first.output.hasPrefix("run\n"))
        #expect(second.output.hasPrefix("run\nrun\n"))
        // The network namespace has outlived the first run.
        #expect(first.output.split(separator: "\n").last == second.output.split(separator: "\n").last)
    }

    @Test func furtherProcessesJoinItsNamespacesAndGroups() throws {
        let box = try container("cd /; exec sleep 100", { $0.process.environment = ["A=1", "B=2"] })
        let (started, outcome) = try box.start()
        let running = try #require(started, "\(String(describing: outcome.failure))")
        // The shell comes first.
        #expect(try eventually { try box.exec(["cat", "/proc/1/comm"], in: running).output == "sleep\n" })
        let script = "echo $A $B; hostname; ls /tmp | wc -l; cat /proc/1/comm; grep CapEff /proc/self/status"
        let exec = try box.exec(["sh", "-c", script], in: running) { $0.environment = ["B=3"] }
        let name = String(box.prepared.context.id.short)
        #expect(exec.output == "1 3\n\(name)\n0\nsleep\nCapEff:\t00000000a80425fb\n")
        #expect(exec.status?.code == 0)
        let user = try box.exec(["id"], in: running) { $0.user = "app" }
        #expect(user.output == "uid=1000(app) gid=1000(app) groups=63(audio),1000(app)\n")
        #expect(try box.exec(["pwd"], in: running) { $0.workingDirectory = "/etc" }.output == "/etc\n")
        let groups = try box.exec(["cat", "/proc/self/cgroup"], in: running).output
        let first = try box.exec(["cat", "/proc/1/cgroup"], in: running).output
        #expect(groups == first)
        #expect(try box.exec(["sh", "-c", "exit 42"], in: running).status?.code == 42)
        let missing = try box.exec(["/no/such"], in: running)
        #expect(missing.failure?.code == ENOENT)
        let open = try box.exec(["grep", "CapEff", "/proc/self/status"], in: running) { $0.privileged = true }
        #expect(!open.output.contains("a80425fb"))
        try box.prepared.cgroup?.killAll()
        #expect(try box.wait(running).status?.code == 137)
    }

    @Test func aTerminalIsItsConsole() throws {
        var primary: Int32 = -1
        var secondary: Int32 = -1
        #expect(openpty(&primary, &secondary, nil, nil, nil) == 0)
        defer { close(primary) }
        let script = "test -c /dev/console && echo console; test -t 0 && echo tty; echo $TERM; echo x > /dev/tty"
        let box = try container(script, { $0.process.terminal = true })
        let (started, outcome) = try box.start(terminal: secondary)
        let running = try #require(started, "\(String(describing: outcome.failure))")
        _ = try box.wait(running)
        close(secondary)
        var text = [UInt8](repeating: 0, count: 4096)
        let count = text.withUnsafeMutableBytes { read(primary, $0.baseAddress, $0.count) }
        #expect(String(decoding: text[..<max(0, count)], as: UTF8.self) == "console\r\ntty\r\nxterm\r\nx\r\n")
    }

    @Test func anInitReapsAndPassesTheCodeOn() throws {
        let box = try container(
            "(sleep 0.01 &); sleep 0.2; cat /proc/1/comm; echo $$; exit 42",
            {
                $0.initProcess = true
            })
        let outcome = try box.run()
        #expect(outcome.error == "")
        #expect(outcome.output.hasPrefix("docker-init\n"))
        #expect(!outcome.output.hasSuffix("\n1\n"))
        #expect(outcome.status?.code == 42)
    }

    @Test func aProgramThatIsMissingFailsTheLaunch() throws {
        let outcome = try container("", { $0.process.command = ["/no/such/program"] }).run()
        #expect(outcome.failure?.code == ENOENT)
        let denied = try container("", { $0.process.command = ["/etc"] }).run()
        #expect(denied.failure?.code == EACCES)
    }

    @Test(arguments: [
        ("bind", "invalid mount config for type \"bind\": bind source path does not exist: /no/such"),
        ("user", "unable to find user nosuch: no matching entries in passwd file"),
        ("directory", "Cannot mkdir: /etc/passwd is not a directory"),
    ])
    func whatCannotBePreparedIsRefusedInDockersWords(_ kind: String, _ text: String) {
        let error = #expect(throws: IsolationError.self) {
            _ = try container("true") { spec in
                var mount = MountSpec()
                mount.source = .bind(path: "/no/such")
                mount.target = "/x"
                if kind == "bind" { spec.mounts = [mount] }
                if kind == "user" { spec.process.user = "nosuch" }
                if kind == "directory" { spec.process.workingDirectory = "/etc/passwd" }
            }
        }
        #expect(error?.description == text)
    }

    @Test func aFailedPreparationLeavesNothing() throws {
        let directory = try TemporaryDirectory()
        try TestFiles.makeDirectories(directory.child("image/etc"))
        var generator = SystemRandomNumberGenerator()
        var context = LaunchContext(
            id: .random(using: &generator), spec: ContainerSpec(),
            rootfs: .overlay(layers: [directory.child("image")], directory: directory.child("fs")),
            runDirectory: directory.child("run"))
        context.spec.process.user = "nosuch"
        let runtime = NativeIsolation(host: try HostFacts.detect())
        #expect(throws: IsolationError.self) { try runtime.prepare(context) }
        #expect(try MountTable.current().entries.allSatisfy { !$0.mountPoint.hasPrefix(directory.path) })
    }

    @Test func hostIsolationIsAProcessOfTheHost() throws {
        var spec = ContainerSpec()
        spec.process.command = ["/bin/sh", "-c", "readlink /proc/self/ns/pid; grep -c sereno /proc/self/cgroup; pwd"]
        spec.process.workingDirectory = "/tmp"
        let box = try ContainerUnderTest(spec, runtime: { HostIsolation(host: $0) }, rootfs: .host)
        let outcome = try box.run()
        let own = try Command.run(["readlink", "/proc/self/ns/pid"]).output
        #expect(outcome.output.hasPrefix(own))
        #expect(outcome.output.hasSuffix("/tmp\n"))
        #expect(!outcome.output.contains("\n0\n"))
    }
}

/// The same containers by runc.
@Suite(
    .serialized,
    .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper") && TestFiles.exists("/usr/sbin/runc")))
struct OCITests {
    @Test func runcRunsTheSameContainer() throws {
        var spec = ContainerSpec()
        let script = "echo $$; id -u; grep -E 'CapEff|Seccomp:' /proc/self/status; hostname; cat /etc/hostname; exit 42"
        spec.process.command = ["/bin/sh", "-c", script]
        spec.network.mode = .none
        spec.hostname = "box"
        spec.resources.pidsLimit = 20
        let box = try ContainerUnderTest(spec, runtime: { OCIIsolation(path: "/usr/sbin/runc", host: $0) })
        for _ in 0..<2 {
            let outcome = try box.run()
            #expect(outcome.error == "")
            #expect(outcome.output == "1\n0\nCapEff:\t00000000a80425fb\nSeccomp:\t2\nbox\nbox\n")
            #expect(outcome.status?.code == 42)
        }
    }

    @Test func runcJoinsFurtherProcesses() throws {
        var spec = ContainerSpec()
        spec.process.command = ["/bin/sh", "-c", "trap 'exit 7' TERM; sleep 100 & wait"]
        spec.network.mode = .none
        let box = try ContainerUnderTest(spec, runtime: { OCIIsolation(path: "/usr/sbin/runc", host: $0) })
        let (started, _) = try box.start()
        let running = try #require(started)
        let joined = eventually(timeout: 5) {
            (try? box.exec(["/bin/sh", "-c", "echo $X; id -u"], in: running) {
                $0.environment = ["X=5"]
                $0.user = "app"
            })?.output == "5\n1000\n"
        }
        #expect(joined)
        kill(running.pid, SIGTERM)
        #expect(try box.wait(running).status?.code == 7)
    }
}
