import CLinux
import DequeModule
import KeeperProtocol
import LaunchPlan
import Linux
import Model

/// The other end of the engine's socket: it holds, spawns and reaps as docs/keeper.md says, and may be slow.
final class SimulatedKeeper {
    /// A slot of its table.
    struct Slot {
        var state: SlotState
        var kept: [SharedDescriptor]
        var process: Int
    }

    /// What it wants of the world.
    enum Request {
        /// A process, and the descriptors of its output.
        case clone(slot: UInt64, key: String, kind: SlotKind, output: [SharedDescriptor?])
        case signal(slot: UInt64, process: Int, Signal)
        case forgotten(slot: UInt64)
        /// The engine has found a process that a keeper before this one had made.
        case watch(slot: UInt64, pid: Int32)
        /// The engine said goodbye.
        case leaving
    }

    private(set) var slots: [UInt64: Slot] = [:]
    private(set) var held: [String: SharedDescriptor] = [:]
    private var outbox: Deque<(frame: KeeperFrame, descriptors: [SharedDescriptor])> = []
    private var socket: SharedDescriptor?
    private let clock: SimulatedClock
    let pid: Int32
    /// The first keeper whose state this one has, and how many there were since.
    private var lineage: (number: UInt64, keepers: UInt32)

    init(clock: SimulatedClock, pid: Int32) {
        self.clock = clock
        self.pid = pid
        lineage = (UInt64(pid), 1)
    }

    /// The keeper that takes up what this one held, out of a service manager's store. A start under way is let go.
    func successor(pid: Int32) -> SimulatedKeeper {
        let next = SimulatedKeeper(clock: clock, pid: pid)
        next.lineage = (lineage.number, lineage.keepers + 1)
        next.slots = slots.filter { $0.value.state.phase != .starting }
        next.held = held
        return next
    }

    private var reading: Reading { Reading(monotonic: clock.now, wall: clock.wallNow) }

    /// The socket for a new engine.
    func connect() throws -> OwnedDescriptor {
        var ends: [Int32] = [-1, -1]
        let result = clinux_seqpacket_pair(&ends)
        guard result == 0 else { throw LinuxError(call: "socketpair", object: "keeper socket", code: -result) }
        _ = clinux_set_buffers(ends[0], 1 << 20)
        socket = SharedDescriptor(takingOwnershipOf: ends[0])
        outbox = []
        return OwnedDescriptor(adopting: ends[1])
    }

    /// The engine has ended.
    func disconnect() {
        socket = nil
        outbox = []
    }

    var hasNews: Bool { socket != nil && !outbox.isEmpty }

    /// Sends one frame, if there is room for it.
    func tell() {
        guard let socket, let (frame, descriptors) = outbox.first else { return }
        let numbers = descriptors.map(\.rawValue)
        let sent = withUnsafeTemporaryAllocation(byteCount: ProtocolBounds.frameLength, alignment: 8) { buffer in
            let length = frame.encode(into: buffer)
            return clinux_send_packet(socket.rawValue, buffer.baseAddress, length, numbers, Int32(numbers.count), 0)
        }
        if sent != -Int(CLINUX_EAGAIN) { outbox.removeFirst() }
    }

    /// Takes one frame of the engine's; `nil` when none waits, an empty answer when it asks nothing of the world.
    func hear() -> [Request]? {
        guard let socket else { return nil }
        var numbers = [Int32](repeating: -1, count: ProtocolBounds.descriptorsPerFrame)
        var count: Int32 = 0
        let decoded: EngineFrame? = withUnsafeTemporaryAllocation(byteCount: ProtocolBounds.frameLength, alignment: 8) {
            let length = clinux_receive_packet(socket.rawValue, $0.baseAddress, $0.count, &numbers, &count, 0)
            return length > 0 ? try? EngineFrame(decoding: UnsafeRawBufferPointer(rebasing: $0[..<length])) : nil
        }
        guard let frame = decoded else { return nil }
        return carryOut(frame, numbers.prefix(Int(max(0, count))).map { SharedDescriptor(takingOwnershipOf: $0) })
    }

    private func carryOut(_ frame: EngineFrame, _ passed: [SharedDescriptor]) -> [Request] {
        switch frame {
        case .hello(let version): greet(version)
        case .spawn(let slot, let kind, let key, let kept, _):
            if slots[slot] != nil {
                say(.spawnFailed(slot: slot, LaunchFailure(phase: .request, code: Int32(CLINUX_EEXIST))))
                return []
            }
            let state = SlotState(slot: slot, kind: kind, key: key, phase: .starting, pid: 0)
            slots[slot] = Slot(state: state, kept: Array(passed[4..<4 + Int(kept)]), process: 0)
            return [.clone(slot: slot, key: text(key), kind: kind, output: [passed[2], passed[3]])]
        case .signal(let slot, let number):
            guard let found = slots[slot], found.process != 0, let signal = Signal(number: number) else {
                say(.signalFailed(slot: slot, number: number, error: Int32(CLINUX_ESRCH)))
                return []
            }
            return [.signal(slot: slot, process: found.process, signal)]
        case .forget(let slot):
            guard let found = slots[slot] else { return [] }
            switch found.state.phase {
            case .starting, .running: say(.protocolError(.outOfPlace, kind: 4))
            case .exited, .failed:
                slots[slot] = nil
                return [.forgotten(slot: slot)]
            }
        case .adopt: say(.protocolError(.unknownKind, kind: 5))
        case .hold(let key):
            if held.count >= 4096 + ProtocolBounds.heldDescriptors, held[text(key)] == nil {
                say(.protocolError(.full, kind: 6))
            } else {
                held[text(key)] = passed[0]
            }
        case .drop(let key): held[text(key)] = nil
        case .exit: return [.leaving]
        case .ping(let token): say(.pong(token: token))
        case .watch(let slot, let kind, let key, let pid, let since, _):
            if slots[slot] != nil {
                say(.spawnFailed(slot: slot, LaunchFailure(phase: .request, code: Int32(CLINUX_EEXIST))))
                return []
            }
            let state = SlotState(slot: slot, kind: kind, key: key, phase: .running, pid: pid, spawned: since)
            slots[slot] = Slot(state: state, kept: Array(passed.dropFirst()), process: 0)
            return [.watch(slot: slot, pid: pid)]
        case .ready, .pong, .failing: break
        case .reload: replace()
        }
        return []
    }

    private func text(_ key: SlotKey) -> String { String(decoding: (0..<key.count).map { key[$0] }, as: UTF8.self) }

    private func say(_ frame: KeeperFrame, _ descriptors: [SharedDescriptor] = []) {
        if socket != nil { outbox.append((frame, descriptors)) }
    }

    private func greet(_ version: UInt32) {
        outbox = []
        guard version <= ProtocolBounds.version else {
            say(.protocolError(.wrongVersion, kind: 1))
            return
        }
        say(.hello(version: version, pid: pid, now: reading, slots: 4096))
        if version >= 2 { say(.lineage(number: lineage.number, keepers: lineage.keepers)) }
        for slot in slots.values.sorted(by: { $0.state.slot < $1.state.slot }) {
            let isAlive = slot.state.phase == .starting || slot.state.phase == .running
            say(.slot(slot.state, kept: UInt8(slot.kept.count)), (isAlive ? pidfd : []) + slot.kept)
        }
        for (key, descriptor) in held.sorted(by: { $0.key < $1.key }) {
            var key = key
            if let name = key.withUTF8({ SlotKey(UnsafeRawBufferPointer($0)) }) { say(.held(key: name), [descriptor]) }
        }
        say(.handoverDone(slots: UInt32(slots.count), held: UInt32(held.count)))
        say(.orphans(reaped: 0))
    }

    /// Something in the place of a pidfd: nothing in the simulation waits on it.
    private var pidfd: [SharedDescriptor] { (try? SharedDescriptor.openNull()).map { [$0] } ?? [] }

    // MARK: What the world tells

    /// A process was cloned for a slot.
    func cloned(_ slot: UInt64, process: Int, pid: Int32) {
        slots[slot]?.process = process
        slots[slot]?.state.pid = pid
    }

    /// A process of another keeper's is this one's to tell about.
    func watched(_ slot: UInt64, process: Int) {
        slots[slot]?.process = process
        if let state = slots[slot]?.state { say(.spawned(slot: slot, pid: state.pid, at: state.spawned), pidfd) }
    }

    /// It executes its program.
    func executed(_ slot: UInt64) {
        slots[slot]?.state.phase = .running
        slots[slot]?.state.spawned = reading
        if let state = slots[slot]?.state { say(.spawned(slot: slot, pid: state.pid, at: state.spawned), pidfd) }
    }

    /// It never got there.
    func failed(_ slot: UInt64, _ failure: LaunchFailure) {
        guard slots[slot] != nil else { return }
        slots[slot]?.state.phase = .failed
        slots[slot]?.state.failure = failure
        slots[slot]?.process = 0
        say(.spawnFailed(slot: slot, failure))
    }

    /// It ended and was reaped.
    func reaped(_ slot: UInt64, status: Int32) {
        slots[slot]?.state.phase = .exited
        slots[slot]?.state.exit = ExitRecord(status: status, at: reading)
        slots[slot]?.process = 0
        if let record = slots[slot]?.state.exit { say(.exited(slot: slot, record)) }
    }

    /// Another engine shall take over.
    func replace() { say(.replace) }
}
