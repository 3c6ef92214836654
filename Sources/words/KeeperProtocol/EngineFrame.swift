/// What the engine says to the keeper.
public enum EngineFrame: Equatable, Sendable {
    /// The first frame of an engine; the keeper answers with its own `hello` and the handover.
    case hello(version: UInt32)
    /// Make a process. Descriptors: the sealed plan, then standard input, output and error of the child,
    /// then `kept` descriptors which the keeper keeps until the slot is forgotten, then those that the plan indexes.
    case spawn(slot: UInt64, kind: SlotKind, key: SlotKey, kept: UInt8, planned: UInt8)
    /// Send a signal to the process of a slot.
    case signal(slot: UInt64, number: Int32)
    /// Let go of a slot whose process has ended or failed. A slot that is not known is forgotten already.
    case forget(slot: UInt64)
    /// Take a child that came to the keeper as its reaper into a slot. Descriptors: those to keep.
    case adopt(slot: UInt64, kind: SlotKind, key: SlotKey, pid: Int32, kept: UInt8)
    /// Keep one descriptor under a name; what was kept under it is replaced.
    case hold(key: SlotKey)
    /// Let go of the descriptor of that name.
    case drop(key: SlotKey)
    /// The engine is about to end on purpose: its exit code 0 ends the keeper too.
    case exit
    /// Ask for `pong` with the same token.
    case ping(token: UInt64)
    /// From version 2: this engine has taken over everything and serves its clients.
    case ready
    /// From version 2: take a process into a slot that is no child of the keeper's, and that the engine has made sure of.
    /// Descriptors: its pidfd, then those to keep. How it ends is read from the pidfd.
    case watch(slot: UInt64, kind: SlotKind, key: SlotKey, pid: Int32, since: Reading, kept: UInt8)
    /// From version 2: the answer to the keeper's `ping`.
    case pong(token: UInt64)
    /// From version 2: replace this engine by the program that now has its path, as HUP does.
    case reload
    /// From version 2, and the only frame but `hello` that may come first: why this engine is about to end. The text is the
    /// reason that is told when it is rolled back.
    case failing(FrameText)

    /// How many descriptors come with this frame.
    public var descriptorCount: Int {
        switch self {
        case .hello, .signal, .forget, .drop, .exit, .ping, .ready, .pong, .reload, .failing: 0
        case .spawn(_, _, _, let kept, let planned): 4 + Int(kept) + Int(planned)
        case .adopt(_, _, _, _, let kept): Int(kept)
        case .watch(_, _, _, _, _, let kept): 1 + Int(kept)
        case .hold: 1
        }
    }

    /// Writes the frame to `buffer`, of at least `ProtocolBounds.frameLength` bytes; its length.
    public func encode(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        switch self {
        case .hello(let version):
            var frame = FrameWriter(buffer, kind: 1)
            frame.put(version)
            return frame.finish()
        case .spawn(let slot, let kind, let key, let kept, let planned):
            var frame = FrameWriter(buffer, kind: 2)
            frame.put(slot)
            frame.put(kind.rawValue)
            frame.put(kept)
            frame.put(planned)
            frame.put(key)
            return frame.finish()
        case .signal(let slot, let number):
            var frame = FrameWriter(buffer, kind: 3)
            frame.put(slot)
            frame.put(number)
            return frame.finish()
        case .forget(let slot):
            var frame = FrameWriter(buffer, kind: 4)
            frame.put(slot)
            return frame.finish()
        case .adopt(let slot, let kind, let key, let pid, let kept):
            var frame = FrameWriter(buffer, kind: 5)
            frame.put(slot)
            frame.put(kind.rawValue)
            frame.put(kept)
            frame.put(pid)
            frame.put(key)
            return frame.finish()
        case .hold(let key):
            var frame = FrameWriter(buffer, kind: 6)
            frame.put(key)
            return frame.finish()
        case .drop(let key):
            var frame = FrameWriter(buffer, kind: 7)
            frame.put(key)
            return frame.finish()
        case .exit:
            return FrameWriter(buffer, kind: 8).finish()
        case .ping(let token):
            var frame = FrameWriter(buffer, kind: 9)
            frame.put(token)
            return frame.finish()
        case .ready:
            return FrameWriter(buffer, kind: 10).finish()
        case .watch(let slot, let kind, let key, let pid, let since, let kept):
            var frame = FrameWriter(buffer, kind: 11)
            frame.put(slot)
            frame.put(kind.rawValue)
            frame.put(kept)
            frame.put(pid)
            frame.put(since)
            frame.put(key)
            return frame.finish()
        case .pong(let token):
            var frame = FrameWriter(buffer, kind: 12)
            frame.put(token)
            return frame.finish()
        case .reload:
            return FrameWriter(buffer, kind: 13).finish()
        case .failing(let text):
            var frame = FrameWriter(buffer, kind: 14)
            frame.put(text)
            return frame.finish()
        }
    }

    /// Reads a frame; bytes that are no frame, too many bytes and values out of bounds are errors.
    public init(decoding bytes: UnsafeRawBufferPointer) throws(FrameError) {
        var frame = try FrameReader(bytes)
        switch frame.kind {
        case 1: self = .hello(version: try frame.take())
        case 2: self = try Self.decodeSpawn(&frame)
        case 3:
            let slot = try frame.take(UInt64.self)
            let number = try frame.take(Int32.self)
            guard number >= 1, number <= 64 else { throw .badValue }
            self = .signal(slot: slot, number: number)
        case 4: self = .forget(slot: try frame.take())
        case 5: self = try Self.decodeAdopt(&frame)
        case 6: self = .hold(key: try frame.takeKey())
        case 7: self = .drop(key: try frame.takeKey())
        case 8: self = .exit
        case 9: self = .ping(token: try frame.take())
        case 10: self = .ready
        case 11: self = try Self.decodeWatch(&frame)
        case 12: self = .pong(token: try frame.take())
        case 13: self = .reload
        case 14: self = .failing(try frame.takeText())
        default: throw .unknownKind
        }
        try frame.finish()
    }

    private static func decodeSpawn(_ frame: inout FrameReader) throws(FrameError) -> EngineFrame {
        let slot = try frame.take(UInt64.self)
        let kind = SlotKind(rawValue: try frame.take())
        let kept = try frame.take(UInt8.self)
        let planned = try frame.take(UInt8.self)
        let key = try frame.takeKey()
        guard let kind, Int(kept) <= ProtocolBounds.keptDescriptors,
            4 + Int(kept) + Int(planned) <= ProtocolBounds.descriptorsPerFrame
        else { throw .badValue }
        return .spawn(slot: slot, kind: kind, key: key, kept: kept, planned: planned)
    }

    private static func decodeAdopt(_ frame: inout FrameReader) throws(FrameError) -> EngineFrame {
        let slot = try frame.take(UInt64.self)
        let kind = SlotKind(rawValue: try frame.take())
        let kept = try frame.take(UInt8.self)
        let pid = try frame.take(Int32.self)
        let key = try frame.takeKey()
        guard let kind, Int(kept) <= ProtocolBounds.keptDescriptors, pid > 1 else { throw .badValue }
        return .adopt(slot: slot, kind: kind, key: key, pid: pid, kept: kept)
    }

    private static func decodeWatch(_ frame: inout FrameReader) throws(FrameError) -> EngineFrame {
        let slot = try frame.take(UInt64.self)
        let kind = SlotKind(rawValue: try frame.take())
        let kept = try frame.take(UInt8.self)
        let pid = try frame.take(Int32.self)
        let since = try frame.takeReading()
        let key = try frame.takeKey()
        guard let kind, Int(kept) <= ProtocolBounds.keptDescriptors, pid > 1 else { throw .badValue }
        return .watch(slot: slot, kind: kind, key: key, pid: pid, since: since, kept: kept)
    }
}
