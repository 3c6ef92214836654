import CLinux
import Glibc
import KeeperClient
import KeeperProtocol
import LaunchPlan
import Linux
import Model
import TestSupport

/// A real keeper whose engine is a sleeping busybox: the test takes a copy of the engine's socket out of it
/// (pidfd_getfd(2)) and speaks in its place, so that killing the sleeper is the death of an engine.
final class KeeperUnderTest {
    let command: BackgroundCommand
    private(set) var client: KeeperClient?
    private(set) var engine: Int32 = 0
    /// The events of the first handover.
    private(set) var greeting: [KeeperEvent] = []
    private var nextSlot: UInt64 = 1
    private var waiting: [KeeperEvent] = []

    var pid: Int32 { command.processID }

    /// Starts a keeper and says hello; `prefix` comes before the program, such as `prlimit`.
    init(slots: Int = 4096, prefix: [String] = []) throws {
        let keeper = try BuiltProgram.path("sereno-keeper")
        command = try BackgroundCommand(
            prefix + [keeper, "--slots", String(slots), "--engine", BusyboxRootfs.busybox, "sleep", "100000"])
        greeting = try connect()
    }

    deinit {
        // Stopped first, so that it starts no other engine meanwhile.
        command.signal(SIGSTOP)
        let children = (try? childProcesses()) ?? []
        command.signal(SIGKILL)
        _ = command.wait(timeout: 5)
        for child in children { kill(child, SIGKILL) }
    }

    /// The keeper's children, the engine included.
    func childProcesses() throws -> [Int32] {
        try TestFiles.read("/proc/\(pid)/task/\(pid)/children").split(separator: " ").compactMap { Int32($0) }
    }

    /// Takes the engine's socket and says hello; the events of the handover up to its end.
    @discardableResult
    func connect(excluding old: Int32 = 0, timeout: Double = 15) throws -> [KeeperEvent] {
        client = nil
        waiting = []
        var socket: Int32 = -1
        let found = try eventually(timeout: timeout) {
            for child in (try? childProcesses()) ?? [] where child != old {
                let line = (try? TestFiles.read("/proc/\(child)/cmdline")) ?? ""
                // Before it executes, the child still has the keeper's own words.
                guard line.hasPrefix(BusyboxRootfs.busybox + "\u{0}sleep") else { continue }
                let process = try Pidfd(process: child)
                guard let copy = try? process.descriptor(number: 3) else { continue }
                socket = copy.release()
                engine = child
                return true
            }
            return false
        }
        guard found else { throw TestFailure("no engine under keeper \(pid): \(command.error)") }
        let client = try KeeperClient(adopting: OwnedDescriptor(adopting: socket))
        self.client = client
        try client.hello()
        var events: [KeeperEvent] = []
        while true {
            let event = try next()
            events.append(event)
            if case .handoverDone = event { return events }
        }
    }

    /// Kills the engine as a crash would, without waiting for the next one.
    func killEngine() {
        client = nil
        kill(engine, SIGKILL)
    }

    func send(_ body: (KeeperClient) throws -> Void) throws {
        guard let client else { throw TestFailure("not connected") }
        try body(client)
    }

    /// The next event; counts of orphans are left out.
    func next(timeout: Double = 20) throws -> KeeperEvent {
        guard let client else { throw TestFailure("not connected") }
        while true {
            if let event = try client.receive() {
                if case .orphans = event { continue }
                return event
            }
            if clinux_poll_in(client.readable.rawValue, Int32(timeout * 1000)) != 1 {
                throw TestFailure("no event of keeper \(pid) in \(timeout) s: \(command.error)")
            }
        }
    }

    /// How many orphans were reaped: asks with a ping, and leaves events before the answer out.
    func orphans() throws -> UInt64 {
        guard let client else { throw TestFailure("not connected") }
        try client.ping(99)
        var reaped: UInt64 = 0
        while true {
            if let event = try client.receive() {
                if case .orphans(let count) = event { reaped = count }
                if case .pong(99) = event { return reaped }
            } else if clinux_poll_in(client.readable.rawValue, 20_000) != 1 {
                throw TestFailure("no pong of keeper \(pid)")
            }
        }
    }

    func newSlot() -> RunID {
        nextSlot += 1
        return RunID(nextSlot)
    }

    /// Asks for a process with /dev/null as its streams unless others are given.
    @discardableResult
    func spawn(
        _ plan: Plan, slot: RunID? = nil, key: String = "test", streams: [BorrowedDescriptor]? = nil,
        kept: [BorrowedDescriptor] = [], planned: [BorrowedDescriptor] = []
    ) throws -> RunID {
        let null = try openNull()
        let streams = streams ?? [null.borrowed, null.borrowed, null.borrowed]
        let slot = slot ?? newSlot()
        try send {
            try $0.spawn(
                KeeperClient.SpawnRequest(
                    slot: slot, kind: .container, key: key, plan: plan, standardInput: streams[0],
                    standardOutput: streams[1], standardError: streams[2], kept: kept, planned: planned))
        }
        return slot
    }

    /// Runs a plan to its end and forgets it.
    func run(_ plan: Plan, planned: [BorrowedDescriptor] = []) throws -> Outcome {
        let slot = try spawn(plan, planned: planned)
        defer { try? send { try $0.forget(slot) } }
        return try outcome(of: slot)
    }

    /// How a launch went.
    struct Outcome {
        var warnings: [(operation: Int, step: LaunchStep, errno: Int32)] = []
        var failure: LaunchFailure?
        var exit: ProcessExit?
        var pid: Int32 = 0
    }

    /// Reads events until this slot's process has ended or failed.
    func outcome(of slot: RunID) throws -> Outcome {
        var outcome = Outcome()
        while true {
            switch try next() {
            case .spawned(slot, let pid, _, _): outcome.pid = pid
            case .spawnWarning(slot, let operation, let step, let errno):
                outcome.warnings.append((operation, step, errno))
            case .spawnFailed(slot, let failure):
                outcome.failure = failure
                return outcome
            case .exited(slot, let exit):
                outcome.exit = exit
                return outcome
            case .hello, .slot, .held, .handoverDone, .spawned, .spawnWarning, .spawnFailed, .exited, .signalFailed,
                .orphans, .pong, .replace, .refused, .lineage, .replaced, .ping:
                continue
            }
        }
    }

    /// The numbers of the keeper's open descriptors, and what they are.
    func descriptors() throws -> [String] {
        try TestFiles.list("/proc/\(pid)/fd").map { name in
            var target = [CChar](repeating: 0, count: 256)
            let length = readlink("/proc/\(pid)/fd/\(name)", &target, 255)
            let bytes = target.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
            return name + " " + String(decoding: bytes, as: UTF8.self)
        }.sorted()
    }

    /// The keeper's children that have ended and were not reaped.
    func zombies() throws -> [Int32] {
        try childProcesses().filter { child in
            let status = (try? TestFiles.read("/proc/\(child)/stat")) ?? ""
            return status.contains(") Z ")
        }
    }
}

func openNull() throws -> OwnedDescriptor {
    let null = clinux_open("/dev/null", O_RDWR, 0)
    guard null >= 0 else { throw TestFailure("open /dev/null") }
    return OwnedDescriptor(adopting: null)
}

/// Both ends of a pipe.
struct Pipe: ~Copyable {
    let read: OwnedDescriptor
    private var write: OwnedDescriptor?
    /// The writing end, until `closeWriting`.
    let writing: BorrowedDescriptor

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard clinux_pipe(&ends) == 0 else { throw TestFailure("pipe") }
        read = OwnedDescriptor(adopting: ends[0])
        write = OwnedDescriptor(adopting: ends[1])
        writing = BorrowedDescriptor(rawValue: ends[1])
    }

    mutating func closeWriting() { write = nil }
}

/// The descriptor that was passed at that place.
func taken(_ passed: PassedDescriptors, _ index: Int = 0) throws -> OwnedDescriptor {
    guard let descriptor = passed.take(index) else { throw TestFailure("no descriptor \(index)") }
    return descriptor
}

/// A plan that runs a shell script with busybox, after other operations.
func shell(_ script: String, after operations: [Operation] = []) -> Plan {
    Plan(
        operations: operations + [
            .execute(arguments: [BusyboxRootfs.busybox, "sh", "-c", script], environment: ["PATH=/bin:/usr/bin"])
        ])
}

/// Reads all that comes until the end of a pipe.
func readAll(_ descriptor: borrowing OwnedDescriptor) -> String {
    var all: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = clinux_read(descriptor.rawValue, &chunk, chunk.count)
        if count <= 0 { return String(decoding: all, as: UTF8.self) }
        all += chunk[..<count]
    }
}
