import CLinux
import Glibc
import KeeperClient
import KeeperProtocol
import LaunchPlan
import Linux
import Model
import TestSupport
import Testing

/// Launches that fail: told by step and object, with no zombie and no descriptor left.
@Suite struct SpawnFailureTests {
    private func failure(
        _ keeper: KeeperUnderTest, _ plan: Plan, planned: [BorrowedDescriptor] = []
    ) throws -> (failure: LaunchFailure, text: String) {
        let before = try keeper.descriptors()
        let failure = try #require(try keeper.run(plan, planned: planned).failure)
        #expect(try keeper.orphans() == 0)
        #expect(try keeper.zombies().isEmpty)
        #expect(try keeper.descriptors() == before)
        return (failure, LaunchProblem(failure, in: plan).message)
    }

    private func execute(_ arguments: String...) -> Plan {
        Plan(operations: [.newSession, .execute(arguments: arguments, environment: ["PATH=/nowhere:/etc:/bin"])])
    }

    @Test func aProgramThatCannotBeExecutedIsNamed() throws {
        let keeper = try KeeperUnderTest()
        let directory = try TemporaryDirectory()
        try TestFiles.write("neither a program nor a script", to: directory.child("text"), mode: 0o755)
        let found = [
            ("/nowhere/program", ENOENT), ("no-such-program", ENOENT), ("/etc/passwd", EACCES), ("group", EACCES),
            ("/etc", EACCES), (directory.child("text"), ENOEXEC), ("", ENOENT),
        ]
        for (program, errno) in found {
            let (failure, text) = try failure(keeper, execute(program))
            #expect(failure == LaunchFailure(phase: .operation, operation: 1, step: .execute, code: errno))
            #expect(text == "execute \"\(program)\": \(LinuxError.text(errno))")
        }
    }

    @Test func everyOperationThatFailsIsToldWithItsObject() throws {
        let keeper = try KeeperUnderTest()
        let directory = try TemporaryDirectory()
        let root = directory.path
        let file = directory.child("file")
        try TestFiles.write("", to: file)
        let newMounts: UInt64 = 0x0002_0000
        let cases: [(Operation, LaunchStep, Int32, String)] = [
            (
                .bindInRoot(
                    root: root, source: "/nowhere/data", target: "/data", recursive: true, attributes: 0,
                    propagation: 0),
                .openSource, ENOENT, "mount /nowhere/data on /data: open /nowhere/data: no such file or directory"
            ),
            (
                .bindInRoot(
                    root: root + "/none", source: "/", target: "/data", recursive: true, attributes: 0, propagation: 0),
                .openRoot, ENOENT, "mount / on /data: open the root file system: no such file or directory"
            ),
            (
                .bindInRoot(
                    root: root, source: "/tmp", target: "/file/below", recursive: true, attributes: 0, propagation: 0),
                .openTarget, ENOTDIR,
                "mount /tmp on /file/below: open /file/below in the container: not a directory: Are you"
            ),
            (
                .bindInRoot(
                    root: root, source: "/tmp", target: "/file", recursive: true, attributes: 0, propagation: 0),
                .attach, ENOTDIR,
                "mount /tmp on /file: not a directory: Are you trying to mount a directory onto a file"
            ),
            (
                .mountInRoot(root: root, source: "x", target: "/m", type: "no-such-fs", flags: 0, data: ""), .mount,
                ENODEV, "mount no-such-fs on /m: no such device"
            ),
            (
                .mount(source: "/none", target: root, type: "", flags: 4096, data: ""), .mount, ENOENT,
                "mount the root file system: no such"
            ),
            (.pivotRoot(root: root), .pivot, EBUSY, "enter the root file system: device or resource busy"),
            (
                .writeFile(path: "/nowhere/f", data: "0", optional: false), .open, ENOENT,
                "write /nowhere/f: no such file"
            ),
            (.writeFile(path: "/proc/self/oom_score_adj", data: "x", optional: false), .write, EINVAL, "write"),
            (
                .changeDirectory(path: "/nowhere", create: false), .changeDirectory, ENOENT,
                "change to the working directory \"/nowhere\": no such file"
            ),
            (.changeDirectory(path: file, create: true), .changeDirectory, ENOTDIR, file),
            (.makeDirectoryInRoot(root: root, path: "/file/d", mode: 0o755), .makeTarget, ENOTDIR, "/file/d"),
            (
                .controllingTerminal, .controlTerminal, ENOTTY,
                "make the terminal the process's own: inappropriate ioctl"
            ),
            (
                .seccomp(program: [UInt8](repeating: 0xFF, count: 8)), .none, EINVAL,
                "load the seccomp profile: invalid argument"
            ),
            (
                .attachTree(descriptor: 0, target: "/nowhere"), .openTarget, ENOENT,
                "mount /dev/shm: no such file or directory"
            ),
            (.attachTree(descriptor: 0, target: root), .attach, EINVAL, "mount /dev/shm: invalid argument"),
            (
                .enterNamespace(descriptor: 0), .setNamespace, EINVAL,
                "join the namespaces of the container: invalid argument"
            ),
            (.unshare(flags: 0x1), .none, EINVAL, "make a control group namespace: invalid argument"),
            (.setHostname(String(repeating: "h", count: 65)), .none, EINVAL, "set the host name"),
            (
                .remount(path: "/nowhere", flags: 1), .openTarget, ENOENT,
                "make /nowhere read-only: no such file or directory"
            ),
            (.setLimit(resource: 99, soft: 1, hard: 1), .none, EINVAL, "set the limit 99 to 1:1: invalid argument"),
        ]
        let null = try openNull()
        for (operation, step, errno, text) in cases {
            let plan = Plan(
                namespaces: newMounts,
                operations: [.propagation(path: "/", flags: 0x4_4000), operation] + shell("true").operations)
            let told = try failure(keeper, plan, planned: [null.borrowed])
            #expect(told.failure == LaunchFailure(phase: .operation, operation: 1, step: step, code: errno), "\(told)")
            #expect(told.text.contains(text), "\(told.text)")
        }
    }

    @Test func whatTheHostDoesNotAllowIsAWarningOnly() throws {
        let keeper = try KeeperUnderTest()
        // As nobody, without capabilities: raising a limit and lowering the score are refused by the kernel.
        let plan = Plan(
            operations: [
                .setLimit(resource: 7, soft: 10, hard: 10), .identity(uid: 65534, gid: 65534, groups: []),
                .capabilities(bounding: 0, effective: 0, permitted: 0, inheritable: 0, ambient: 0),
                .setLimit(resource: 7, soft: 20, hard: 20), .oomScoreAdjust(-1000),
                .writeFile(path: "/nowhere", data: "", optional: true),
            ] + shell("exit 3").operations)
        let outcome = try keeper.run(plan)
        #expect(outcome.failure == nil)
        #expect(outcome.exit?.status == .exited(3))
        #expect(outcome.warnings.map(\.operation) == [3, 4, 5])
        #expect(outcome.warnings.map(\.errno).first == EPERM)
        #expect(outcome.warnings.map(\.errno).last == ENOENT)
    }

    @Test func noDescriptorsLeftIsAnErrorOfThatLaunchOnly() throws {
        let keeper = try KeeperUnderTest(prefix: ["prlimit", "--nofile=40:40"])
        var slots: [RunID] = []
        var failed: LaunchFailure?
        for _ in 0..<40 where failed == nil {
            let slot = try keeper.spawn(shell("exec sleep 100"))
            events: while true {
                switch try keeper.next() {
                case .spawned(slot, _, _, _):
                    slots.append(slot)
                    break events
                case .spawnFailed(slot, let failure):
                    failed = failure
                    break events
                default: continue
                }
            }
        }
        let failure = try #require(failed)
        #expect(failure.code == EMFILE)
        #expect(failure.phase == .request || failure.phase == .clone || failure.phase == .plan)
        #expect(!slots.isEmpty)
        let full = try keeper.descriptors()
        let again = try keeper.spawn(shell("true"))
        #expect(try keeper.outcome(of: again).failure?.code == EMFILE)
        #expect(try keeper.descriptors() == full)
        for slot in slots { try keeper.send { try $0.signal(slot, .kill) } }
        for _ in slots {
            guard case .exited(let slot, _) = try keeper.next() else { continue }
            try keeper.send { try $0.forget(slot) }
        }
        #expect(try keeper.run(shell("exit 4")).exit?.status == .exited(4))
    }

    @Test func aFullPidsCgroupIsEAGAIN() throws {
        let name = "sereno-keeper-test-\(getpid())"
        let group = "/sys/fs/cgroup/pids/" + name
        TestRun.note(group: name)
        guard mkdir(group, 0o755) == 0 else { return }
        let keeper = try KeeperUnderTest()
        defer {
            keeper.command.signal(SIGKILL)
            _ = keeper.command.wait()
            kill(keeper.engine, SIGKILL)
            _ = eventually { rmdir(group) == 0 }
        }
        try TestFiles.write(String(keeper.pid), to: group + "/cgroup.procs")
        try TestFiles.write("1", to: group + "/pids.max")
        let (failure, text) = try failure(keeper, shell("true"))
        #expect(failure == LaunchFailure(phase: .clone, code: EAGAIN))
        #expect(text == "make the process: resource temporarily unavailable")
    }

    @Test func noMemoryForThePlanIsENOMEM() throws {
        let keeper = try KeeperUnderTest()
        let limited = try Command.run(["prlimit", "--pid", String(keeper.pid), "--as=8000000"])
        #expect(limited.succeeded)
        let large = String(repeating: "x", count: 100_000)
        let plan = Plan(
            operations: [
                .execute(arguments: ["/bin/true"], environment: [String](repeating: large, count: 70))
            ])
        let (failure, text) = try failure(keeper, plan)
        #expect(failure == LaunchFailure(phase: .plan, code: ENOMEM))
        #expect(text == "the process cannot be made as it is described: cannot allocate memory")
    }

    @Test func aSlotInUseAndAFullTableAreRefused() throws {
        let keeper = try KeeperUnderTest(slots: 2)
        let first = try keeper.spawn(shell("exec sleep 100"))
        _ = try keeper.next()
        try keeper.spawn(shell("true"), slot: first)
        #expect(try keeper.outcome(of: first).failure == LaunchFailure(phase: .request, code: EEXIST))
        let second = try keeper.spawn(shell("exec sleep 100"))
        _ = try keeper.next()
        let third = try keeper.spawn(shell("true"))
        #expect(try keeper.outcome(of: third).failure == LaunchFailure(phase: .request, code: ENOSPC))
        try keeper.send { try $0.signal(second, .kill) }
        _ = try keeper.outcome(of: second)
        try keeper.send { try $0.forget(second) }
        #expect(try keeper.run(shell("exit 1")).exit?.status == .exited(1))
    }

    @Test func aChildKilledDuringItsLaunchIsTold() throws {
        let keeper = try KeeperUnderTest()
        let directory = try TemporaryDirectory()
        let fifo = directory.child("fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        // Opening the fifo waits for a reader that never comes.
        let slot = try keeper.spawn(
            Plan(operations: [.writeFile(path: fifo, data: "", optional: false)] + shell("true").operations))
        #expect(try eventually { try keeper.childProcesses().count == 2 })
        let child = try #require(try keeper.childProcesses().first { $0 != keeper.engine })
        kill(child, SIGKILL)
        let failure = try keeper.outcome(of: slot).failure
        #expect(failure == LaunchFailure(phase: .died, code: SIGKILL))
    }
}
