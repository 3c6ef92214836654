import CLinux
import KeeperProtocolEmbedded

extension Keeper {
    /// The engine's socket is ready for something.
    mutating func talk(_ events: UInt32) {
        if engine.socket < 0 { return }
        let input = UInt32(CLINUX_EPOLL_IN) | UInt32(CLINUX_EPOLL_HANGUP)
        if events & (input | UInt32(CLINUX_EPOLL_ERROR)) != 0, readFrames(atMost: 64) { engineHungUp() }
    }

    /// Reads frames until none is there or the answers have no room; whether the engine closed its end. The bound keeps
    /// an engine that never pauses from keeping the dead waiting.
    @discardableResult
    mutating func readFrames(atMost limit: Int) -> Bool {
        var count = 0
        while engine.socket >= 0 && count < limit {
            count += 1
            // An engine that does not listen is not listened to: its answers have no place.
            if engine.pid != 0 && !outbox.hasRoom {
                flush()
                if !outbox.hasRoom { return false }
            }
            let more = withUnsafeTemporaryAllocation(byteCount: ProtocolBounds.frameLength + 256, alignment: 8) {
                memory in
                let descriptors = memory.baseAddress.map {
                    ($0 + ProtocolBounds.frameLength).assumingMemoryBound(to: Int32.self)
                }
                guard let descriptors else { return Received.nothing }
                var count: Int32 = 0
                let length = clinux_receive_packet(
                    engine.socket, memory.baseAddress, ProtocolBounds.frameLength, descriptors, &count, 0)
                let passed = UnsafeMutableBufferPointer(start: descriptors, count: Int(max(0, count)))
                if length == -Int(CLINUX_EMSGSIZE) {
                    refuse(.wrongLength, 0, passed)
                    return .frame
                }
                if length <= 0 {
                    for descriptor in passed { _ = clinux_close(descriptor) }
                    // Without memory for it the frame stays in the socket, which is ready again at once.
                    return length == -Int(CLINUX_EAGAIN) || length == -Int(CLINUX_ENOMEM) ? .nothing : .end
                }
                take(UnsafeRawBufferPointer(start: memory.baseAddress, count: length), passed, lost: count < 0)
                return .frame
            }
            switch more {
            case .frame: continue
            case .nothing: return false
            case .end: return true
            }
        }
        return false
    }

    private enum Received { case frame, nothing, end }

    private mutating func refuse(_ error: FrameError, _ kind: UInt16, _ passed: UnsafeMutableBufferPointer<Int32>) {
        for descriptor in passed { _ = clinux_close(descriptor) }
        outbox.put(.protocolError(error, kind: kind))
    }

    private mutating func take(
        _ bytes: UnsafeRawBufferPointer, _ passed: UnsafeMutableBufferPointer<Int32>, lost: Bool
    ) {
        let kind = bytes.count >= 2 ? UInt16(littleEndian: bytes.loadUnaligned(as: UInt16.self)) : 0
        let frame: EngineFrame
        do throws(FrameError) {
            frame = try EngineFrame(decoding: bytes)
        } catch {
            return refuse(error, kind, passed)
        }
        switch frame {
        case .hello, .failing: break
        case .spawn, .signal, .forget, .adopt, .hold, .drop, .exit, .ping, .ready, .watch, .pong, .reload:
            if !engine.hasGreeted { return refuse(.outOfPlace, kind, passed) }
        }
        if lost, let slot = frame.launchedSlot {
            let failure = LaunchFailure(phase: .request, code: Int32(CLINUX_EMFILE))
            return outbox.put(.spawnFailed(slot: slot, failure))
        }
        guard passed.count == frame.descriptorCount else { return refuse(.wrongDescriptors, kind, passed) }
        carryOut(frame, kind, passed)
    }

    private mutating func carryOut(
        _ frame: EngineFrame, _ kind: UInt16, _ passed: UnsafeMutableBufferPointer<Int32>
    ) {
        switch frame {
        case .hello(let version):
            guard version >= ProtocolBounds.oldestVersion, version <= ProtocolBounds.version else {
                return refuse(.wrongVersion, kind, passed)
            }
            engine.version = version
            greet()
        case .spawn(let slot, let slotKind, let key, let kept, _):
            spawn(SpawnFrame(slot: slot, kind: slotKind, key: key, kept: Int(kept)), passed)
        case .signal(let slot, let number):
            signal(slot, number)
        case .forget(let slot):
            guard let place = slots.place(number: slot), !slots[place].isForgotten else { return }
            switch slots[place].state.phase {
            case .starting, .running: refuse(.outOfPlace, kind, passed)
            case .exited, .failed: forget(place)
            }
        case .adopt(let slot, let slotKind, let key, let pid, let kept):
            adopt(SpawnFrame(slot: slot, kind: slotKind, key: key, kept: Int(kept)), pid: pid, passed)
        case .hold(let key):
            if !held.put(key, passed[0]) { refuse(.full, kind, passed) }
        case .drop(let key):
            held.drop(key)
        case .exit:
            engine.isLeaving = true
        case .ping(let token):
            outbox.put(.orphans(reaped: orphans.reaped))
            outbox.put(.pong(token: token))
        case .ready:
            engineReady()
        case .watch(let slot, let slotKind, let key, let pid, let since, let kept):
            watch(SpawnFrame(slot: slot, kind: slotKind, key: key, kept: Int(kept)), pid: pid, since: since, passed)
        case .pong(let token):
            engineWatch.answered(token)
        case .reload:
            replaceEngine()
        case .failing(let text):
            engine.lastWords = text
        }
    }

    private mutating func signal(_ number: UInt64, _ signal: Int32) {
        var error = Int32(CLINUX_ESRCH)
        if let place = slots.place(number: number), slots[place].process != 0, slots[place].pidfd >= 0 {
            error = -clinux_pidfd_send_signal(slots[place].pidfd, signal)
        }
        if error != 0 { outbox.put(.signalFailed(slot: number, number: signal, error: error)) }
    }

    /// An engine said hello: it gets everything that is known.
    private mutating func greet() {
        engine.hasGreeted = true
        engine.anyGreeted = true
        slots.forgetUntold()
        collectForgotten()
        outbox.clear()
        updateInterest(force: true)
        var left = 0
        for place in 0..<slots.used where slots[place].isInUse && !slots[place].isForgotten {
            slots.note(.state, at: place)
            left += 1
        }
        handoverSize = left
        outbox.handover = .hello
        // An earlier engine may have ended over the signal, or this one was not ready for it yet.
        if engine.isStopping && engine.pid != 0 { _ = clinux_pidfd_send_signal(engine.pidfd, engine.stopSignal) }
    }
}

extension EngineFrame {
    /// The slot that this frame wants a process in.
    var launchedSlot: UInt64? {
        switch self {
        case .spawn(let slot, _, _, _, _), .adopt(let slot, _, _, _, _), .watch(let slot, _, _, _, _, _): slot
        case .hello, .signal, .forget, .hold, .drop, .exit, .ping, .ready, .pong, .reload, .failing: nil
        }
    }
}
