import CLinux
public import KeeperProtocol
public import LaunchPlan
public import Linux
public import Model
import Synchronization

/// The engine's end of the keeper's socket. Every method may be called from any thread: each sends or receives exactly
/// one packet. Receiving is for one thread, as frames have an order.
public final class KeeperClient: Sendable {
    /// What to spawn. All descriptors stay the caller's, who may close them when `spawn` has returned.
    public struct SpawnRequest: Sendable {
        /// A number not in use.
        public var slot: RunID
        /// What the process is.
        public var kind: SlotKind
        /// At most 64 bytes by which a later engine knows it again.
        public var key: String
        /// What the child does.
        public var plan: Plan
        /// Standard input, output and error of the child.
        public var streams: [BorrowedDescriptor]
        /// At most 8 descriptors that the keeper keeps until the slot is forgotten.
        public var kept: [BorrowedDescriptor]
        /// The descriptors that the plan's indexes mean.
        public var planned: [BorrowedDescriptor]

        /// A request.
        public init(
            slot: RunID, kind: SlotKind, key: String, plan: Plan, standardInput: BorrowedDescriptor,
            standardOutput: BorrowedDescriptor, standardError: BorrowedDescriptor, kept: [BorrowedDescriptor] = [],
            planned: [BorrowedDescriptor] = []
        ) {
            self.slot = slot
            self.kind = kind
            self.key = key
            self.plan = plan
            streams = [standardInput, standardOutput, standardError]
            self.kept = kept
            self.planned = planned
        }
    }

    /// The variable in which the keeper names the engine's descriptor.
    public static let environmentVariable = "SERENO_KEEPER_FD"

    private let socket: OwnedDescriptor
    /// What is spoken: what was offered last, until the keeper has agreed.
    private let version = Atomic<UInt32>(ProtocolBounds.version)
    private let isAgreed = Atomic<Bool>(false)

    /// Takes over a connected SOCK_SEQPACKET socket, sets its buffers and makes it close-on-exec.
    public init(adopting socket: consuming OwnedDescriptor) throws(KeeperError) {
        let number = socket.rawValue
        let kind = clinux_is_seqpacket(number)
        if kind < 0 { throw .system(LinuxError(call: "look at", object: "its socket", code: -kind)) }
        _ = clinux_set_cloexec(number, 1)
        _ = clinux_set_buffers(number, 1 << 20)
        _ = clinux_set_send_timeout(number, 5000)
        self.socket = socket
    }

    /// The keeper that started this process, as `SERENO_KEEPER_FD` names it.
    public static func inherited() throws(KeeperError) -> KeeperClient {
        guard let text = clinux_getenv(environmentVariable), let number = Int32(String(cString: text)), number > 2
        else { throw .notStartedByKeeper }
        return try KeeperClient(adopting: OwnedDescriptor(adopting: number))
    }

    /// The socket, to wait on for readability.
    public var readable: BorrowedDescriptor { socket.borrowed }

    /// Introduces this engine; `KeeperEvent.hello` and the handover answer. The first frame to send.
    public func hello() throws(KeeperError) { try send(.hello(version: spokenVersion)) }

    /// The version of the protocol in use; the newest until the keeper has said that it knows only an older one.
    public var spokenVersion: UInt32 { version.load(ordering: .relaxed) }

    /// The keeper answered hello.
    func agreed() { isAgreed.store(true, ordering: .relaxed) }

    /// Says hello with the version before; `false` when that is too old for this engine, or a version was agreed on.
    func helloWithOlderVersion() throws(KeeperError) -> Bool {
        if isAgreed.load(ordering: .relaxed) { return false }
        let older = spokenVersion - 1
        guard older >= ProtocolBounds.oldestVersion else { return false }
        version.store(older, ordering: .relaxed)
        try hello()
        return true
    }

    /// Tells that this engine has taken over and serves its clients. Says nothing to a keeper of version 1.
    public func ready() throws(KeeperError) { if spokenVersion >= 2 { try send(.ready) } }

    /// Answers a ping of the keeper's.
    public func pong(_ token: UInt64) throws(KeeperError) { try send(.pong(token: token)) }

    /// Asks the keeper to replace this engine by the program that now has its path.
    public func reload() throws(KeeperError) {
        guard spokenVersion >= 2 else { throw .olderKeeper }
        try send(.reload)
    }

    /// Tells why this engine is about to end, as far as 200 bytes go; may come before `hello`. Says nothing to a keeper of
    /// version 1.
    public func failing(_ text: String) throws(KeeperError) {
        guard spokenVersion >= 2 else { return }
        var frame = FrameText()
        for byte in text.utf8 { frame.append(byte) }
        try send(.failing(frame))
    }

    /// Takes a process into a slot that is no child of the keeper's; `spawned` (and later `exited`) answers, or
    /// `spawnFailed`. The caller has made sure that the pidfd is that process.
    public func watch(
        _ slot: RunID, kind: SlotKind, key: String, processNumber: Int32, pidfd: BorrowedDescriptor,
        since: MonotonicInstant, started: WallTime, kept: [BorrowedDescriptor]
    ) throws(KeeperError) {
        guard spokenVersion >= 2 else { throw .olderKeeper }
        guard kept.count <= ProtocolBounds.keptDescriptors else { throw .tooManyDescriptors(kept.count) }
        let frame = EngineFrame.watch(
            slot: slot.value, kind: kind, key: try slotKey(key), pid: processNumber,
            since: Reading(monotonic: since.nanoseconds, wall: started.nanoseconds), kept: UInt8(kept.count))
        try send(frame, [pidfd] + kept)
    }

    /// Makes a process; `spawned` or `spawnFailed` answers.
    public func spawn(_ request: SpawnRequest) throws(KeeperError) {
        let key = try slotKey(request.key)
        let bytes: [UInt8]
        do { bytes = try request.plan.encoded() } catch { throw .plan(error) }
        guard request.streams.count == 3, request.kept.count <= ProtocolBounds.keptDescriptors,
            4 + request.kept.count + request.planned.count <= ProtocolBounds.descriptorsPerFrame
        else { throw .tooManyDescriptors(request.kept.count + request.planned.count) }
        let memory = clinux_sealed_memfd("sereno-plan", bytes, bytes.count)
        if memory < 0 { throw .system(LinuxError(call: "make", object: "the description of a process", code: -memory)) }
        let plan = OwnedDescriptor(adopting: memory)
        let frame = EngineFrame.spawn(
            slot: request.slot.value, kind: request.kind, key: key, kept: UInt8(request.kept.count),
            planned: UInt8(request.planned.count))
        try send(frame, [plan.borrowed] + request.streams + request.kept + request.planned)
    }

    /// Sends a signal to a slot's process; only a failure is answered (`signalFailed`).
    public func signal(_ slot: RunID, _ signal: Signal) throws(KeeperError) {
        try send(.signal(slot: slot.value, number: signal.number))
    }

    /// Lets go of a slot whose process ended or failed, and of what is kept with it.
    public func forget(_ slot: RunID) throws(KeeperError) { try send(.forget(slot: slot.value)) }

    /// Takes a process that an OCI runtime left to the keeper into a slot; `spawned` (and, when it has ended
    /// already, `exited`) or `spawnFailed` answers.
    public func adopt(
        _ slot: RunID, kind: SlotKind, key: String, processNumber: Int32, kept: [BorrowedDescriptor] = []
    ) throws(KeeperError) {
        guard kept.count <= ProtocolBounds.keptDescriptors else { throw .tooManyDescriptors(kept.count) }
        let key = try slotKey(key)
        let frame = EngineFrame.adopt(
            slot: slot.value, kind: kind, key: key, pid: processNumber, kept: UInt8(kept.count))
        try send(frame, kept)
    }

    /// Leaves a descriptor, such as the listening socket, with the keeper for the next engine.
    public func hold(_ descriptor: BorrowedDescriptor, name: String) throws(KeeperError) {
        try send(.hold(key: try slotKey(name)), [descriptor])
    }

    /// Ends the holding of that name.
    public func drop(name: String) throws(KeeperError) { try send(.drop(key: try slotKey(name))) }

    /// Announces that this engine ends on purpose: its exit code 0 then ends the keeper.
    public func exit() throws(KeeperError) { try send(.exit) }

    /// Asks for a sign of life.
    public func ping(_ token: UInt64) throws(KeeperError) { try send(.ping(token: token)) }

    /// Sends one frame; for tests and tools, as the methods above know what belongs to which frame.
    public func send(_ frame: EngineFrame, _ descriptors: [BorrowedDescriptor] = []) throws(KeeperError) {
        let result = withUnsafeTemporaryAllocation(byteCount: ProtocolBounds.frameLength, alignment: 8) { buffer in
            let count = frame.encode(into: buffer)
            let numbers = descriptors.map(\.rawValue)
            return clinux_send_packet(socket.rawValue, buffer.baseAddress, count, numbers, Int32(numbers.count), 1)
        }
        if result == -CLINUX_EPIPE || result == -CLINUX_ECONNRESET { throw .closed }
        if result < 0 {
            throw .system(LinuxError(call: "send to", object: "its socket", code: Int32(-result)))
        }
    }

    private func slotKey(_ text: String) throws(KeeperError) -> SlotKey {
        var copy = text
        let key = copy.withUTF8 { SlotKey(UnsafeRawBufferPointer($0)) }
        guard let key else { throw .keyTooLong(text) }
        return key
    }
}
