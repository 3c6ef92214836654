import Glibc
import TestSupport
import Testing

/// The keeper as the first process of a machine, with an engine that does nothing but end in order.
@Suite(.timeLimit(.minutes(5))) struct MachineOrderTests {
    private static let engine = "trap 'echo stopping; exit 0' TERM; echo engine; while :; do sleep 0.05; done"

    private func machine(
        engine: String = MachineOrderTests.engine, options: [String] = [], root: String = ":"
    ) throws -> MachineUnderTest {
        try MachineUnderTest(
            [try BuiltProgram.path("sereno-keeper"), "--machine"] + options + [
                "--engine", BusyboxRootfs.busybox, "sh", "-c", engine,
            ], root: "cp \(BusyboxRootfs.busybox) $root/busybox\n" + root)
    }

    @Test func everythingThatAMachineNeedsIsMadeAtBoot() throws {
        let machine = try machine()
        #expect(eventually(timeout: 60) { machine.console.contains("engine\n") }, "\(machine.console)")
        let mounts = try machine.run("cat", "/proc/self/mounts").output
        for (path, type) in [
            ("/proc", "proc"), ("/sys", "sysfs"), ("/dev", "tmpfs"), ("/dev/pts", "devpts"), ("/dev/shm", "tmpfs"),
            ("/run", "tmpfs"), ("/sys/fs/cgroup", "cgroup2"),
        ] {
            #expect(mounts.contains(" \(path) \(type) "), "\(path): \(mounts)")
        }
        #expect(try machine.run("hostname").output == "sereno-machine\n")
        #expect(
            try machine.run("sh", "-c", "echo x >/dev/null; ls /dev/fd/0 /dev/ptmx; cat /proc/1/comm").output.hasSuffix(
                "sereno-keeper\n"))
        #expect(try machine.run("ip", "link", "show", "lo").output.contains(",UP"))
        // What the kernel offers is there for containers.
        let offered = try machine.run("cat", "/sys/fs/cgroup/cgroup.controllers").output
        #expect(try machine.run("cat", "/sys/fs/cgroup/cgroup.subtree_control").output == offered)
        #expect(!machine.console.contains("cannot"), "\(machine.console)")
    }

    @Test(arguments: [
        (SIGTERM, MachineUnderTest.End.reboot), (SIGINT, .reboot), (39, .reboot), (SIGPWR, .powerOff),
        (SIGUSR2, .powerOff), (38, .powerOff), (SIGUSR1, .powerOff), (37, .powerOff),
    ])
    func aSignalBringsItDownInOrder(number: Int32, end: MachineUnderTest.End) throws {
        let machine = try machine()
        #expect(eventually(timeout: 60) { machine.console.contains("engine\n") })
        machine.signal(number)
        // A halt looks like a power off from outside.
        #expect(try machine.awaitEnd() == end, "\(machine.console)")
        #expect(machine.console.contains("stopping\n"), "the engine was asked: \(machine.console)")
    }

    @Test(arguments: [("poweroff", MachineUnderTest.End.powerOff), ("reboot", .reboot), ("halt", .powerOff)])
    func theCommandBringsItDown(verb: String, end: MachineUnderTest.End) throws {
        let machine = try machine()
        #expect(eventually(timeout: 60) { machine.console.contains("engine\n") })
        try expect(machine.run("sereno", verb))
        #expect(try machine.awaitEnd() == end, "\(machine.console)")
    }

    /// The programs of busybox send process 1 the same signals.
    @Test func busyboxBringsItDown() throws {
        let machine = try machine()
        #expect(eventually(timeout: 60) { machine.console.contains("engine\n") })
        try machine.run("/busybox", "poweroff")
        #expect(try machine.awaitEnd() == .powerOff)
    }

    @Test func whatDoesNotEndIsKilledAndAnEngineThatHangsIsNotWaitedFor() throws {
        let machine = try machine(
            engine: "trap '' TERM; echo engine; sh -c \"trap '' TERM; sleep 1000\" & sleep 1000",
            options: ["--stop-within", "1"])
        #expect(eventually(timeout: 60) { machine.console.contains("engine\n") })
        machine.signal(SIGPWR)
        #expect(try machine.awaitEnd() == .powerOff)
        #expect(machine.console.contains("the engine did not stop everything in time"))
        #expect(machine.console.contains("killing what does not end"))
    }

    @Test func aSecondOrderHurries() throws {
        let machine = try machine(engine: "trap '' TERM; echo engine; sleep 1000")
        #expect(eventually(timeout: 60) { machine.console.contains("engine\n") })
        machine.signal(SIGPWR)
        #expect(eventually(timeout: 30) { machine.console.contains("power off was asked for") })
        machine.signal(SIGTERM)
        #expect(try machine.awaitEnd() == .reboot)
    }

    @Test func anEngineThatCrashesInALoopBringsNothingDown() throws {
        let machine = try machine(engine: "echo run; (sleep 0.01; :) & exit 78")
        #expect(eventually(timeout: 60) { machine.console.split(separator: "\n").filter { $0 == "run" }.count >= 4 })
        #expect(machine.console.contains("the engine ended (78); starting it again"))
        #expect(machine.isUp)
        #expect(try zombies(machine) == 0)
        machine.signal(SIGPWR)
        #expect(try machine.awaitEnd() == .powerOff)
    }

    @Test func anEngineThatIsNotThereBringsNothingDown() throws {
        let machine = try MachineUnderTest([
            try BuiltProgram.path("sereno-keeper"), "--machine", "--engine", "/no/such/engine",
        ])
        #expect(eventually(timeout: 60) { machine.console.components(of: "the engine ended (127)") >= 3 })
        #expect(machine.isUp)
        machine.signal(SIGINT)
        #expect(try machine.awaitEnd() == .reboot)
    }

    /// The table of processes is full: there is none for the engine until there is room.
    @Test func aFullProcessTableIsWaitedOut() throws {
        let machine = try machine()
        #expect(eventually(timeout: 60) { machine.console.contains("engine\n") })
        // The namespace's own bound (Linux 6.14), else one of the control group.
        let fill = """
            import os, sys, time
            try: open('/proc/sys/kernel/pid_max', 'w').write('301')
            except OSError: pass
            children = []
            while True:
                try: pid = os.fork()
                except OSError: break
                if pid == 0:
                    time.sleep(1000)
                    os._exit(0)
                children.append(pid)
                if len(children) > 2000: sys.exit('not bounded')
            print('full', len(children), flush=True)
            os.kill(int(sys.argv[1]), 9)
            time.sleep(3)
            for pid in children: os.kill(pid, 9)
            for pid in children: os.waitpid(pid, 0)
            """
        let engine = try machine.run("pgrep", "-o", "-x", "busybox").output.split(separator: "\n").first.map(
            String.init)
        let filled = try machine.run("python3", "-c", fill, try #require(engine), timeout: 120)
        guard filled.output.contains("full") else {
            Issue.record("this kernel bounds no namespace (pid_max per namespace is of Linux 6.14): \(filled.error)")
            return
        }
        #expect(
            eventually(timeout: 60) {
                machine.console.contains("cannot start the engine: Resource temporarily unavailable")
            })
        #expect(eventually(timeout: 60) { machine.console.components(of: "engine\n") >= 2 })
        machine.signal(SIGPWR)
        #expect(try machine.awaitEnd() == .powerOff)
    }

    @Test func twentyThousandOrphansAreReaped() throws {
        let machine = try machine()
        #expect(eventually(timeout: 60) { machine.console.contains("engine\n") })
        let storm = """
            import os
            for _ in range(40):
                child = os.fork()
                if child == 0:
                    for _ in range(500):
                        if os.fork() == 0: os._exit(0)
                    os._exit(0)
                os.waitpid(child, 0)
            print('done')
            """
        #expect(try machine.run("python3", "-c", storm, timeout: 120).output == "done\n")
        #expect(try eventually(timeout: 60) { try zombies(machine) == 0 })
        machine.signal(SIGPWR)
        #expect(try machine.awaitEnd() == .powerOff)
    }

    /// A root file system that cannot take mount points: there is no /proc, and nothing else either.
    @Test func withoutProcItStaysUpAndSaysSo() throws {
        let machine = try machine(engine: "echo run; exit 1", root: "mount -o remount,bind,ro $root")
        #expect(eventually(timeout: 60) { machine.console.components(of: "run\n") >= 2 }, "\(machine.console)")
        #expect(machine.console.contains("cannot mount /proc: Read-only file system"))
        #expect(machine.isUp)
        machine.signal(SIGPWR)
        #expect(try machine.awaitEnd() == .powerOff)
    }

    @Test func theBootHookRunsBeforeTheEngine() throws {
        let machine = try machine(
            root:
                "mkdir -p $root/etc/sereno; printf '#!/bin/sh\\necho hook; exit 3\\n' >$root/etc/sereno/boot; chmod 755 $root/etc/sereno/boot"
        )
        #expect(eventually(timeout: 60) { machine.console.contains("engine\n") })
        #expect(machine.console.contains("hook\nsereno-keeper: /etc/sereno/boot ended with 3\n"))
    }

    private func zombies(_ machine: MachineUnderTest) throws -> Int {
        let states = try machine.run("sh", "-c", "cat /proc/[0-9]*/stat 2>/dev/null").output
        return states.split(separator: "\n").filter { $0.contains(") Z ") }.count
    }
}

extension String {
    /// How often a text occurs.
    func components(of text: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
