import Glibc
import KeeperClient
import KeeperProtocol
import LaunchPlan
import Linux
import Model
import TestSupport
import Testing

/// Processes made from plans, and their ends.
@Suite struct SpawnTests {
    @Test func everyExitCodeReachesTheEngine() throws {
        let keeper = try KeeperUnderTest()
        var slots: [RunID: UInt8] = [:]
        for code in 0...255 {
            slots[try keeper.spawn(shell("exit \(code)"))] = UInt8(code)
        }
        while !slots.isEmpty {
            guard case .exited(let slot, let exit) = try keeper.next() else { continue }
            let removed = slots.removeValue(forKey: slot)
            let code = try #require(removed)
            #expect(exit.status == .exited(code))
            try keeper.send { try $0.forget(slot) }
        }
        #expect(try keeper.zombies().isEmpty)
    }

    @Test func theProcessIsKnownByPidfdAndSignalledThroughIt() throws {
        let keeper = try KeeperUnderTest()
        for number: Int32 in [1, 2, 3, 10, 15, 34, 64, 9] {
            let slot = try keeper.spawn(shell("exec sleep 100"))
            guard case .spawned(slot, let pid, let at, let process) = try keeper.next() else {
                Issue.record("not spawned")
                return
            }
            let pidfd = Pidfd(adopting: try taken(process))
            let isAlive = pidfd.isAlive
            #expect(isAlive)
            #expect(at.monotonic <= .now)
            // It is empty for a moment when the shell executes.
            #expect(try eventually { try TestFiles.read("/proc/\(pid)/cmdline").contains("sleep") })
            let signal = try #require(Signal(number: number))
            try keeper.send { try $0.signal(slot, signal) }
            guard case .exited(slot, let exit) = try keeper.next() else {
                Issue.record("not exited")
                return
            }
            #expect(exit.status == .signaled(signal, coreDumped: false))
            #expect(exit.at.monotonic >= at.monotonic)
            try keeper.send { try $0.signal(slot, signal) }
            guard case .signalFailed(slot, number, ESRCH) = try keeper.next() else {
                Issue.record("a signal to the dead was not answered")
                return
            }
            try keeper.send { try $0.forget(slot) }
        }
    }

    @Test func streamsReachTheChildAndNothingElseDoes() throws {
        let keeper = try KeeperUnderTest()
        let null = try openNull()
        var out = try Pipe()
        let slot = try keeper.spawn(
            shell("ls /proc/self/fd; cat /proc/self/status | grep -E 'Sig(Blk|Ign|Cgt)'; ulimit -n"),
            streams: [null.borrowed, out.writing, out.writing], kept: [out.read.borrowed])
        out.closeWriting()
        _ = try keeper.outcome(of: slot)
        let text = readAll(out.read)
        let words = text.split(separator: "\n").map(String.init)
        // 3 is ls's own directory.
        #expect(Array(words.prefix(4)) == ["0", "1", "2", "3"])
        #expect(text.contains("SigBlk:\t0000000000000000"))
        #expect(text.contains("SigIgn:\t0000000000000000"))
        let own = try Command.run(["sh", "-c", "ulimit -n"]).output
        #expect(text.hasSuffix(own))
    }

    @Test func whatTheChildUsedIsTold() throws {
        let keeper = try KeeperUnderTest()
        let outcome = try keeper.run(shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"))
        let exit = try #require(outcome.exit)
        #expect(exit.userTime > .milliseconds(5))
        #expect(exit.maximumResidentBytes > 100_000)
    }

    @Test func aChildInAPidNamespaceIsItsFirstProcess() throws {
        let keeper = try KeeperUnderTest()
        let plan = Plan(
            namespaces: 0x2000_0000 | 0x0002_0000, operations: shell("exit $$").operations)
        #expect(try keeper.run(plan).exit?.status == .exited(1))
    }

    @Test func anExecIsBornInsideTheContainerAsTheKeepersOwnChild() throws {
        let keeper = try KeeperUnderTest()
        let first = try keeper.spawn(
            Plan(namespaces: 0x2000_0000 | 0x0400_0000, operations: shell("exec sleep 100").operations))
        guard case .spawned(first, _, _, let process) = try keeper.next() else {
            Issue.record("not spawned")
            return
        }
        let pidfd = try taken(process)
        for code in [0, 7, 255] {
            let plan = Plan(
                enterDescriptor: 0, enterFlags: 0x2000_0000 | 0x0400_0000,
                operations: [.birth] + shell("[ $$ -lt 50 ] && exit \(code)").operations)
            let outcome = try keeper.run(plan, planned: [pidfd.borrowed])
            #expect(outcome.exit?.status == .exited(UInt8(code)))
            #expect(outcome.failure == nil)
        }
        let missing = Plan(
            enterDescriptor: 0, enterFlags: 0x2000_0000,
            operations: [.birth, .execute(arguments: ["/nowhere"], environment: [])])
        let failure = try #require(try keeper.run(missing, planned: [pidfd.borrowed]).failure)
        #expect(failure == LaunchFailure(phase: .operation, operation: 1, step: .execute, code: ENOENT))
        try keeper.send { try $0.signal(first, .kill) }
        #expect(try keeper.outcome(of: first).exit?.status == .signaled(.kill, coreDumped: false))
        // The namespaces of the dead cannot be joined.
        let dead = Plan(
            enterDescriptor: 0, enterFlags: 0x2000_0000, operations: [.birth] + shell("true").operations)
        let refused = try #require(try keeper.run(dead, planned: [pidfd.borrowed]).failure)
        #expect(refused.phase == .enter)
        #expect(refused.step == .setNamespace || refused.step == .cloneInside)
        #expect(try keeper.zombies().isEmpty)
    }

    @Test func thousandsOfOrphansAreReaped() throws {
        let keeper = try KeeperUnderTest()
        let before = try keeper.orphans()
        // 4 x 5,000 double forks: each leaves a child to the keeper.
        let script = "i=0; while [ $i -lt 5000 ]; do (true &); i=$((i+1)); done"
        let slots = try (0..<4).map { _ in try keeper.spawn(shell(script)) }
        var left = Set(slots)
        while !left.isEmpty {
            if case .exited(let slot, let exit) = try keeper.next(timeout: 120) {
                left.remove(slot)
                #expect(exit.status == .exited(0))
            }
        }
        #expect(try eventually(timeout: 30) { try keeper.orphans() - before == 20_000 })
        #expect(try keeper.zombies().isEmpty)
    }

    @Test func aChildOfARuntimeIsAdoptedAliveOrDead() throws {
        let keeper = try KeeperUnderTest()
        let out = try Pipe()
        let null = try openNull()
        // A double fork, as an OCI runtime's `create` leaves its container's first process.
        let maker = try keeper.spawn(
            shell("sh -c 'sleep 0.3; exit 9' & echo $!; sh -c 'sleep 0.05; exit 5' & echo $!; kill -9 $$"),
            streams: [null.borrowed, out.writing, null.borrowed])
        _ = try keeper.outcome(of: maker)
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = read(out.read.rawValue, &buffer, 64)
        let pids = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
            .compactMap { Int32($0) }
        #expect(pids.count == 2)
        #expect(try eventually { try keeper.orphans() >= 1 })
        for (pid, code) in zip(pids, [UInt8(9), 5]) {
            let slot = keeper.newSlot()
            try keeper.send { try $0.adopt(slot, kind: .container, key: "adopted", processNumber: pid) }
            let outcome = try keeper.outcome(of: slot)
            #expect(outcome.exit?.status == .exited(code))
            #expect(outcome.pid == pid)
        }
        let stranger = keeper.newSlot()
        try keeper.send { try $0.adopt(stranger, kind: .container, key: "", processNumber: getpid()) }
        #expect(try keeper.outcome(of: stranger).failure == LaunchFailure(phase: .request, code: ECHILD))
    }

    @Test(arguments: ["pids", "unified"])
    func theChildIsBornInItsCgroup(hierarchy: String) throws {
        // A hierarchy of version 1, where the kernel cannot do it at the clone, and one of version 2.
        let name = "sereno-keeper-born-\(getpid())"
        TestRun.note(group: name)
        let single = TestFiles.exists("/sys/fs/cgroup/cgroup.controllers")
        let directory = single ? "/sys/fs/cgroup/\(name)" : "/sys/fs/cgroup/\(hierarchy)/\(name)"
        guard !single || hierarchy == "unified", mkdir(directory, 0o755) == 0 else { return }
        defer { rmdir(directory) }
        let group = OwnedDescriptor(adopting: open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        let keeper = try KeeperUnderTest()
        var plan = shell("grep -q /\(name)$ /proc/self/cgroup && exit 12")
        plan.cgroupDescriptor = 0
        #expect(try keeper.run(plan, planned: [group.borrowed]).exit?.status == .exited(12))
        let null = try openNull()
        let failure = try #require(try keeper.run(plan, planned: [null.borrowed]).failure)
        #expect(failure.phase == .clone)
        #expect(failure.step == .joinCgroup)
        #expect(failure.code == ENOTDIR)
    }

    @Test func thousandsOfLaunchesLeaveTheKeeperAsItWas() throws {
        // A small table, every page of which is touched soon.
        let keeper = try KeeperUnderTest(slots: 64)
        func anonymous() throws -> Int {
            let status = try TestFiles.read("/proc/\(keeper.pid)/status")
            let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
            let words = try #require(line).split(whereSeparator: { $0 == " " || $0 == "\t" })
            return try #require(Int(words[1]))
        }
        let plan = Plan(operations: [.execute(arguments: ["/bin/true"], environment: [])])
        let failing = Plan(operations: [.execute(arguments: ["/nowhere"], environment: [])])
        for _ in 0..<200 { _ = try keeper.run(plan) }
        _ = try keeper.orphans()
        let descriptors = try keeper.descriptors()
        let before = try anonymous()
        for _ in 0..<1000 {
            _ = try keeper.run(plan)
            _ = try keeper.run(failing)
        }
        _ = try keeper.orphans()
        #expect(try keeper.descriptors() == descriptors)
        // In KiB; two pages for the depth of a stack.
        #expect(try anonymous() <= before + 8)
    }
}
