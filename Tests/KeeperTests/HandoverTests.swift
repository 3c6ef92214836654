import CLinux
import Glibc
import KeeperClient
import KeeperProtocol
import LaunchPlan
import Linux
import Model
import TestSupport
import Testing

/// The engine dies or is replaced; nothing that the keeper holds is lost.
@Suite struct HandoverTests {
    private func slots(_ events: [KeeperEvent]) -> [RunID: HandedSlot] {
        var slots: [RunID: HandedSlot] = [:]
        for case .slot(let handed) in events { slots[handed.slot] = handed }
        return slots
    }

    @Test func aCrashLosesNoProcessNoOutputAndNoExit() throws {
        let keeper = try KeeperUnderTest()
        let null = try openNull()
        var out = try Pipe()
        let key = String(repeating: "c", count: 64)
        let script = "echo before; sleep 0.5; echo after; exit 42"
        let running = try keeper.spawn(
            shell(script), key: key, streams: [null.borrowed, out.writing, out.writing],
            kept: [out.read.borrowed, null.borrowed])
        out.closeWriting()
        let lasting = try keeper.spawn(shell("exec sleep 100"), key: "lasting")
        let failed = try keeper.spawn(
            Plan(operations: [.execute(arguments: ["/nowhere"], environment: [])]), key: "failed")
        _ = try keeper.outcome(of: failed)
        try keeper.send { try $0.hold(null.borrowed, name: "listen") }
        try keeper.send { try $0.hold(null.borrowed, name: "other") }
        try keeper.send { try $0.drop(name: "other") }
        let dead = keeper.engine
        keeper.killEngine()
        let events = try keeper.connect(excluding: dead)
        let handed = slots(events)
        #expect(Set(handed.keys) == [running, lasting, failed])
        guard case .failed(let failure)? = handed[failed]?.state else {
            Issue.record("the failure was lost")
            return
        }
        #expect(failure.code == ENOENT)
        #expect(handed[running]?.key == key)
        guard case .running? = handed[running]?.state, case .running(let since)? = handed[lasting]?.state else {
            Issue.record("not handed over as running")
            return
        }
        #expect(since.monotonic < .now)
        var held: [String] = []
        for case .held(let name, let descriptor) in events {
            held.append(name)
            _ = try taken(descriptor)
        }
        // Where this host's mounts are shared there are the engine's own, too.
        #expect(held.filter { $0 != "mounts" } == ["listen"])
        guard case .handoverDone(3, held.count)? = events.last else {
            Issue.record("wrong counts at the end of the handover")
            return
        }
        let kept = try #require(handed[running]?.kept)
        #expect(kept.count == 2)
        #expect(try keeper.outcome(of: running).exit?.status == .exited(42))
        let reader = try taken(kept, 0)
        #expect(readAll(reader) == "before\nafter\n")
        let process = Pidfd(adopting: try taken(try #require(handed[lasting]?.process)))
        try process.send(.terminate)
        #expect(try keeper.outcome(of: lasting).exit?.status == .signaled(.terminate, coreDumped: false))
    }

    @Test func exitsThatNoEngineSawAreHandedOverUntilForgotten() throws {
        let keeper = try KeeperUnderTest()
        let start = try (0..<50).map { code in try keeper.spawn(shell("sleep 0.3; exit \(code)")) }
        _ = try keeper.orphans()
        var dead = keeper.engine
        keeper.killEngine()
        usleep(700_000)
        for round in 0..<2 {
            let handed = slots(try keeper.connect(excluding: dead))
            #expect(handed.count == 50)
            for (code, slot) in start.enumerated() {
                guard case .exited(let exit, let since)? = handed[slot]?.state else {
                    Issue.record("slot \(slot) has lost its exit")
                    continue
                }
                #expect(exit.status == .exited(UInt8(code)))
                #expect(since.monotonic < exit.at.monotonic)
                if round == 1 { try keeper.send { try $0.forget(slot) } }
            }
            _ = try keeper.orphans()
            dead = keeper.engine
            keeper.killEngine()
        }
        #expect(slots(try keeper.connect(excluding: dead)).isEmpty)
    }

    @Test func framesSentJustBeforeTheDeathStillCount() throws {
        let keeper = try KeeperUnderTest()
        for _ in 0..<10 {
            let slot = try keeper.spawn(shell("exec sleep 100"))
            let dead = keeper.engine
            keeper.killEngine()
            let handed = try #require(
                slots(try keeper.connect(excluding: dead))[slot], "the keeper said: \(keeper.command.error)")
            switch handed.state {
            case .starting, .running: break
            case .exited, .failed: Issue.record("not running: \(handed.state)")
            }
            try keeper.send { try $0.signal(slot, .kill) }
            #expect(try keeper.outcome(of: slot).exit?.status == .signaled(.kill, coreDumped: false))
            try keeper.send { try $0.forget(slot) }
            // Good runs are short here; the delay between engines would only grow.
            if keeper.command.error.split(separator: "\n").count >= 3 { break }
        }
    }

    /// The kernel tells of packets that the dead left unread (ECONNRESET) ahead of those that they had sent.
    @Test func whatAnEngineSaidLastCountsThoughItLeftAnswersUnread() throws {
        let keeper = try KeeperUnderTest()
        let null = try openNull()
        try keeper.send { client in
            try client.ping(1)
            #expect(clinux_poll_in(client.readable.rawValue, 20_000) == 1, "no answer to leave unread")
        }
        keeper.command.signal(SIGSTOP)
        try keeper.send { try $0.hold(null.borrowed, name: "listen") }
        let slot = try keeper.spawn(shell("exit 7"))
        let dead = keeper.engine
        keeper.killEngine()
        let ended = try eventually(timeout: 10) { try keeper.zombies().contains(dead) }
        #expect(ended)
        keeper.command.signal(SIGCONT)
        let events = try keeper.connect(excluding: dead)
        #expect(slots(events)[slot] != nil, "the spawn was lost; the keeper said: \(keeper.command.error)")
        let names = events.compactMap { if case .held(let name, _) = $0 { name } else { nil } }
        #expect(names.contains("listen"))
    }

    @Test func whatAKeeperSaidLastCountsThoughItLeftFramesUnread() throws {
        var ends: [Int32] = [-1, -1]
        try #require(clinux_seqpacket_pair(&ends) == 0)
        let client = try KeeperClient(adopting: OwnedDescriptor(adopting: ends[1]))
        try client.ping(1)
        var bytes = [UInt8](repeating: 0, count: ProtocolBounds.frameLength)
        let length = bytes.withUnsafeMutableBytes { KeeperFrame.pong(token: 9).encode(into: $0) }
        let sent = clinux_send_packet(ends[0], bytes, length, nil, 0, 0)
        _ = clinux_close(ends[0])
        #expect(sent == length)
        guard case .pong(9)? = try client.receive() else {
            Issue.record("the last frame was lost")
            return
        }
        #expect(throws: KeeperError.closed) { _ = try client.receive() }
    }

    @Test func anEngineThatDoesNotReadHoldsNothingUp() throws {
        let keeper = try KeeperUnderTest()
        let slots = try (0..<300).map { _ in try keeper.spawn(shell("exit 1")) }
        // Thousands of answers that nobody reads, until the keeper stops listening: sending then fails in time.
        var sent = 0
        try keeper.send { client in
            for token in 0..<20_000 {
                do { try client.ping(UInt64(token)) } catch { break }
                sent += 1
            }
        }
        var exits: Set<RunID> = []
        var pongs = 0
        while exits.count < slots.count || pongs < sent {
            switch try keeper.next() {
            case .exited(let slot, _): exits.insert(slot)
            case .pong(let token):
                #expect(token == UInt64(pongs))
                pongs += 1
            default: break
            }
        }
        #expect(exits == Set(slots))
        #expect(try keeper.zombies().isEmpty)
    }

    @Test func hangUpReplacesTheEngineAndTerminateEndsBoth() throws {
        let keeper = try KeeperUnderTest()
        let slot = try keeper.spawn(shell("exec sleep 100"))
        let first = keeper.engine
        keeper.command.signal(SIGHUP)
        while true {
            if case .replace = try keeper.next() { break }
        }
        // As an engine that obeys: it ends by itself.
        keeper.killEngine()
        let before = MonotonicInstant.now
        #expect(slots(try keeper.connect(excluding: first))[slot] != nil)
        #expect(MonotonicInstant.now.since(before) < .seconds(3))
        try keeper.send { try $0.signal(slot, .kill) }
        _ = try keeper.outcome(of: slot)
    }

    @Test func theExitCodeOfTheFirstEngineIsTheKeepersWhenItCannotStart() throws {
        let keeper = try BuiltProgram.path("sereno-keeper")
        for code in [64, 70, 78] {
            let ended = try Command.run([keeper, "--engine", BusyboxRootfs.busybox, "sh", "-c", "exit \(code)"])
            #expect(ended.status == .exited(UInt8(code)))
        }
        #expect(try Command.run([keeper, "--engine", "/no/such/engine"]).status == .exited(127))
    }

    @Test func terminateIsForwardedAndAnOrderlyEndEndsTheKeeper() throws {
        let keeper = try BuiltProgram.path("sereno-keeper")
        for signal in [SIGTERM, SIGINT] {
            let script = "trap 'echo stopped; exit 0' TERM INT; echo ready; while :; do sleep 0.05; done"
            let command = try BackgroundCommand([keeper, "--engine", BusyboxRootfs.busybox, "sh", "-c", script])
            #expect(eventually { command.output == "ready\n" })
            command.signal(signal)
            let ended = command.wait(timeout: 10)
            #expect(ended.status == .exited(0))
            #expect(ended.output == "ready\nstopped\n")
        }
    }

    @Test func anEngineThatKeepsDyingIsStartedAgainWithGrowingDelays() throws {
        let keeper = try BuiltProgram.path("sereno-keeper")
        let directory = try TemporaryDirectory()
        let log = directory.child("starts")
        let script = "read up rest < /proc/uptime; echo $up >> \(log); exit 1"
        let command = try BackgroundCommand([keeper, "--engine", BusyboxRootfs.busybox, "sh", "-c", script])
        let found = try eventually(timeout: 20) {
            try TestFiles.exists(log) && TestFiles.read(log).split(separator: "\n").count >= 6
        }
        #expect(found)
        let starts = try TestFiles.read(log).split(separator: "\n").compactMap { Double($0) }
        for (index, delay) in [0.1, 0.2, 0.4, 0.8, 1.6].enumerated() where index + 1 < starts.count {
            // /proc/uptime counts hundredths.
            #expect(starts[index + 1] - starts[index] > delay - 0.02)
        }
        // Asked to stop, it gives up after some that fail.
        command.signal(SIGTERM)
        #expect(command.wait(timeout: 30).status == .exited(70))
    }
}
