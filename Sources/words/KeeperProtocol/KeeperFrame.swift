/// What the keeper says to the engine.
public enum KeeperFrame: Equatable, Sendable {
    /// The answer to `hello`; the handover follows.
    case hello(version: UInt32, pid: Int32, now: Reading, slots: UInt32)
    /// Handover of one slot. Descriptors: the pidfd in the phases `starting` and `running`, then `kept` ones.
    case slot(SlotState, kept: UInt8)
    /// Handover of a descriptor held by name, which comes with it.
    case held(key: SlotKey)
    /// The handover is complete: everything that was known has been said.
    case handoverDone(slots: UInt32, held: UInt32)
    /// The process executes its program. Descriptor: its pidfd.
    case spawned(slot: UInt64, pid: Int32, at: Reading)
    /// An operation that is allowed to fail did.
    case spawnWarning(slot: UInt64, operation: Int32, step: LaunchStep, error: Int32)
    /// The process never executed its program, and what there was of it was reaped. The slot, if there is one yet, stays
    /// until forgotten; forgetting a slot that never was is harmless.
    case spawnFailed(slot: UInt64, LaunchFailure)
    /// The process has ended; the slot stays until forgotten.
    case exited(slot: UInt64, ExitRecord)
    /// A signal could not be sent: ESRCH when the process has ended or the slot is not known.
    case signalFailed(slot: UInt64, number: Int32, error: Int32)
    /// Children of nobody's slot that were reaped, since the keeper started.
    case orphans(reaped: UInt64)
    /// The answer to `ping`.
    case pong(token: UInt64)
    /// End, please: another engine takes over.
    case replace
    /// A frame was not understood or did not fit; `kind` is its number when it has one.
    case protocolError(FrameError, kind: UInt16)
    /// From version 2, in the handover: which keeper this is. `number` is the same for a keeper and for those that took up
    /// what it had left with the service manager; `keepers` counts them.
    case lineage(number: UInt64, keepers: UInt32)
    /// From version 2, at the end of the handover and after `ready`: how the last replacement of the engine went.
    case replaced(Replacement)
    /// From version 2: answer with `pong` and the same token.
    case ping(token: UInt64)

    /// Writes the frame to `buffer`, of at least `ProtocolBounds.frameLength` bytes; its length.
    public func encode(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var frame = FrameWriter(buffer, kind: number)
        switch self {
        case .hello(let version, let pid, let now, let slots):
            frame.put(version)
            frame.put(pid)
            frame.put(now)
            frame.put(slots)
        case .slot(let state, let kept):
            frame.put(state)
            frame.put(kept)
        case .held(let key):
            frame.put(key)
        case .handoverDone(let slots, let held):
            frame.put(slots)
            frame.put(held)
        case .spawned(let slot, let pid, let at):
            frame.put(slot)
            frame.put(pid)
            frame.put(at)
        case .spawnWarning(let slot, let operation, let step, let error):
            frame.put(slot)
            frame.put(operation)
            frame.put(step.rawValue)
            frame.put(error)
        case .spawnFailed(let slot, let failure):
            frame.put(slot)
            frame.put(failure)
        case .exited(let slot, let record):
            frame.put(slot)
            frame.put(record)
        case .signalFailed(let slot, let number, let error):
            frame.put(slot)
            frame.put(number)
            frame.put(error)
        case .orphans(let reaped):
            frame.put(reaped)
        case .pong(let token):
            frame.put(token)
        case .replace:
            break
        case .protocolError(let error, let kind):
            frame.put(error.rawValue)
            frame.put(kind)
        case .lineage(let number, let keepers):
            frame.put(number)
            frame.put(keepers)
        case .replaced(let replacement):
            frame.put(replacement)
        case .ping(let token):
            frame.put(token)
        }
        return frame.finish()
    }

    private var number: UInt16 {
        switch self {
        case .hello: 101
        case .slot: 102
        case .held: 103
        case .handoverDone: 104
        case .spawned: 105
        case .spawnWarning: 106
        case .spawnFailed: 107
        case .exited: 108
        case .signalFailed: 109
        case .orphans: 110
        case .pong: 111
        case .replace: 112
        case .protocolError: 113
        case .lineage: 114
        case .replaced: 115
        case .ping: 116
        }
    }

    /// Reads a frame; bytes that are no frame, too many bytes and values out of bounds are errors.
    public init(decoding bytes: UnsafeRawBufferPointer) throws(FrameError) {
        var frame = try FrameReader(bytes)
        switch frame.kind {
        case 101:
            self = .hello(
                version: try frame.take(), pid: try frame.take(), now: try frame.takeReading(),
                slots: try frame.take())
        case 102: self = .slot(try frame.takeState(), kept: try frame.take())
        case 103: self = .held(key: try frame.takeKey())
        case 104: self = .handoverDone(slots: try frame.take(), held: try frame.take())
        case 105: self = .spawned(slot: try frame.take(), pid: try frame.take(), at: try frame.takeReading())
        case 106:
            self = .spawnWarning(
                slot: try frame.take(), operation: try frame.take(), step: try frame.takeStep(),
                error: try frame.take())
        case 107: self = .spawnFailed(slot: try frame.take(), try frame.takeFailure())
        case 108: self = .exited(slot: try frame.take(), try frame.takeExit())
        case 109: self = .signalFailed(slot: try frame.take(), number: try frame.take(), error: try frame.take())
        case 110: self = .orphans(reaped: try frame.take())
        case 111: self = .pong(token: try frame.take())
        case 112: self = .replace
        case 113:
            let raw = try frame.take(UInt8.self)
            guard let error = FrameError(rawValue: raw) else { throw .badValue }
            self = .protocolError(error, kind: try frame.take())
        case 114: self = .lineage(number: try frame.take(), keepers: try frame.take())
        case 115: self = .replaced(try frame.takeReplacement())
        case 116: self = .ping(token: try frame.take())
        default: throw .unknownKind
        }
        try frame.finish()
    }
}
