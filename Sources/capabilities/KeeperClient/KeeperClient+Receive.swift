import CLinux
import KeeperProtocol
import Linux
internal import Model

extension KeeperClient {
    /// The next event, or `nil` when none waits; never blocks. Throws `closed` when the keeper is gone.
    public func receive() throws(KeeperError) -> KeeperEvent? {
        while let (frame, descriptors) = try receiveFrame() {
            // An older keeper: what it speaks is spoken.
            if case .protocolError(.wrongVersion, kind: 1) = frame, try helloWithOlderVersion() { continue }
            return event(frame, descriptors)
        }
        return nil
    }

    private func receiveFrame() throws(KeeperError) -> (KeeperFrame, [Int32])? {
        var numbers = [Int32](repeating: -1, count: ProtocolBounds.descriptorsPerFrame)
        var count: Int32 = 0
        var decoded: Result<KeeperFrame, FrameError>?
        let socket = readable.rawValue
        let length = withUnsafeTemporaryAllocation(byteCount: ProtocolBounds.frameLength, alignment: 8) { buffer in
            let length = clinux_receive_packet(socket, buffer.baseAddress, buffer.count, &numbers, &count, 0)
            if length > 0 {
                let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<length])
                do throws(FrameError) {
                    decoded = .success(try KeeperFrame(decoding: bytes))
                } catch {
                    decoded = .failure(error)
                }
            }
            return length
        }
        let received = Array(numbers.prefix(Int(max(0, count))))
        switch decoded {
        case .success(let frame):
            return (frame, received)
        case .failure(let error):
            for number in received { _ = clinux_close(number) }
            throw .malformed(error)
        case nil:
            if length == 0 || length == -CLINUX_ECONNRESET { throw .closed }
            // Without memory for it the frame stays in the socket, which is ready again at once.
            if length == -CLINUX_EAGAIN || length == -CLINUX_ENOMEM { return nil }
            throw .system(LinuxError(call: "receive from", object: "its socket", code: Int32(-length)))
        }
    }

    private func event(_ frame: KeeperFrame, _ numbers: [Int32]) -> KeeperEvent {
        let descriptors = PassedDescriptors(adopting: numbers)
        switch frame {
        case .hello(_, let pid, let now, let slots):
            agreed()
            return .hello(processNumber: pid, now: Moment(now), slots: Int(slots))
        case .slot(let state, _):
            return .slot(handed(state, descriptors))
        case .held(let key):
            return .held(name: text(key), descriptor: descriptors)
        case .handoverDone(let slots, let held):
            return .handoverDone(slots: Int(slots), held: Int(held))
        case .spawned(let slot, let pid, let at):
            return .spawned(RunID(slot), processNumber: pid, at: Moment(at), process: descriptors)
        case .spawnWarning(let slot, let operation, let step, let error):
            return .spawnWarning(RunID(slot), operation: Int(operation), step: step, errno: error)
        case .spawnFailed(let slot, let failure):
            return .spawnFailed(RunID(slot), failure)
        case .exited(let slot, let record):
            return .exited(RunID(slot), ProcessExit(record))
        case .signalFailed(let slot, let number, let error):
            return .signalFailed(RunID(slot), signal: number, errno: error)
        case .orphans(let reaped):
            return .orphans(reaped: reaped)
        case .pong(let token):
            return .pong(token)
        case .replace:
            return .replace
        case .protocolError(let error, let kind):
            return .refused(error, kind: kind)
        case .lineage(let number, let keepers):
            return .lineage(number: number, keepers: Int(keepers))
        case .replaced(let replacement):
            return .replaced(EngineReplacement(replacement))
        case .ping(let token):
            return .ping(token)
        }
    }

    private func handed(_ state: SlotState, _ descriptors: PassedDescriptors) -> HandedSlot {
        let since = Moment(state.spawned)
        let handedState: HandedSlot.State
        var process: [Int32] = []
        switch state.phase {
        case .starting:
            handedState = .starting
        case .running:
            handedState = .running(since: since)
        case .exited:
            handedState = .exited(ProcessExit(state.exit), since: since)
        case .failed:
            handedState = .failed(state.failure)
        }
        var first = 0
        if state.phase == .starting || state.phase == .running {
            if let pidfd = descriptors.take(0) { process.append(pidfd.release()) }
            first = 1
        }
        var kept: [Int32] = []
        for index in first..<max(first, descriptors.count) {
            if let descriptor = descriptors.take(index) { kept.append(descriptor.release()) }
        }
        return HandedSlot(
            slot: RunID(state.slot), kind: state.kind, key: text(state.key), processNumber: state.pid,
            state: handedState, process: PassedDescriptors(adopting: process),
            kept: PassedDescriptors(adopting: kept))
    }

    private func text(_ key: SlotKey) -> String {
        String(decoding: (0..<key.count).map { key[$0] }, as: UTF8.self)
    }
}
