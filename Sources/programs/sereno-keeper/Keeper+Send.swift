import CLinux
import KeeperProtocolEmbedded

extension Keeper {
    private enum Sent { case done, later }

    /// Sends what is untold until all is said or the socket has no room: then what is left stays where it is.
    mutating func flush() {
        guard engine.socket >= 0, engine.hasGreeted, outbox.retryAt == 0 else { return }
        while sendNext() == .done {}
        updateInterest(force: false)
    }

    /// `later` when nothing is left or nothing fits.
    private mutating func sendNext() -> Sent {
        if case .hello = outbox.handover {
            let frame = KeeperFrame.hello(
                version: engine.version, pid: clinux_getpid(), now: Reading.now, slots: UInt32(slots.capacity))
            guard send(frame) == .done else { return .later }
            outbox.handover = engine.version >= 2 ? .lineage : .slots
            return .done
        }
        if case .lineage = outbox.handover {
            guard send(.lineage(number: lineage, keepers: keepers)) == .done else { return .later }
            outbox.handover = .slots
            return .done
        }
        // Answers first: the warnings of a launch come before its end.
        if let frame = outbox.next {
            guard send(frame) == .done else { return .later }
            outbox.removeNext()
            return .done
        }
        if let place = slots.untold { return tell(place) }
        switch outbox.handover {
        case .slots:
            // All slots of the handover were in the queue that is empty now.
            outbox.handover = .held(next: 0)
            return .done
        case .held(let next):
            return handOverHeld(next)
        case .none, .hello, .lineage:
            break
        }
        return .later
    }

    private mutating func handOverHeld(_ next: Int) -> Sent {
        if next < held.count {
            guard send(.held(key: held[next].key), held[next].descriptor) == .done else { return .later }
            outbox.handover = .held(next: next + 1)
            return .done
        }
        let frame = KeeperFrame.handoverDone(slots: UInt32(handoverSize), held: UInt32(held.count))
        guard send(frame) == .done else { return .later }
        outbox.handover = .none
        outbox.put(.orphans(reaped: orphans.reaped))
        if engine.version >= 2 {
            if let lastReplacement { outbox.put(.replaced(lastReplacement)) }
        } else {
            engineReady()
        }
        return .done
    }

    /// Sends one thing about the first slot in the queue, and takes it out when that was the last.
    private mutating func tell(_ place: Int) -> Sent {
        let slot = slots[place]
        var told: Untold = []
        var sent = Sent.done
        if slot.untold.contains(.state) {
            // The state says it all.
            told = slot.untold
            sent = sendState(place)
        } else if slot.untold.contains(.spawned) {
            told = .spawned
            let frame = KeeperFrame.spawned(slot: slot.state.slot, pid: slot.state.pid, at: slot.state.spawned)
            sent = slot.pidfd >= 0 ? send(frame, slot.pidfd) : send(frame)
        } else if slot.untold.contains(.failed) {
            told = .failed
            sent = send(.spawnFailed(slot: slot.state.slot, slot.state.failure))
        } else if slot.untold.contains(.exited) {
            told = .exited
            sent = send(.exited(slot: slot.state.slot, slot.state.exit))
        }
        if sent == .later { return .later }
        slots[place].untold.subtract(told)
        if slots[place].untold.isEmpty {
            slots.dequeue()
            collect(place)
        }
        return .done
    }

    private mutating func sendState(_ place: Int) -> Sent {
        let slot = slots[place]
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: 1 + ProtocolBounds.keptDescriptors) { fds in
            var count = 0
            let isAlive = slot.state.phase == .running || slot.state.phase == .starting
            if isAlive && slot.pidfd >= 0 {
                fds[0] = slot.pidfd
                count = 1
            }
            for index in 0..<slot.keptCount {
                fds[count] = slot.kept[index]
                count += 1
            }
            return send(
                .slot(slot.state, kept: UInt8(slot.keptCount)), fds.baseAddress.map { UnsafePointer($0) }, count)
        }
    }

    private mutating func send(_ frame: KeeperFrame, _ descriptor: Int32) -> Sent {
        var one = descriptor
        return withUnsafePointer(to: &one) { send(frame, $0, 1) }
    }

    private mutating func send(
        _ frame: KeeperFrame, _ descriptors: UnsafePointer<Int32>? = nil, _ count: Int = 0
    ) -> Sent {
        let socket = engine.socket
        let result = withUnsafeTemporaryAllocation(byteCount: ProtocolBounds.frameLength, alignment: 8) { buffer in
            let length = frame.encode(into: buffer)
            return clinux_send_packet(socket, buffer.baseAddress, length, descriptors, Int32(count), 0)
        }
        if result >= 0 { return .done }
        if result == -Int(CLINUX_EAGAIN) {
            outbox.awaitsRoom = true
        } else if result != -Int(CLINUX_EPIPE) && result != -Int(CLINUX_ECONNRESET) {
            // No memory, or too many descriptors under way: there may be some in a moment.
            outbox.retryAt = clinux_clock_boottime() + 20 * millisecond
        }
        return .later
    }

    /// Watches the socket for room while something waits for it, and for frames while their answers fit.
    mutating func updateInterest(force: Bool) {
        guard engine.socket >= 0 else { return }
        let isDeaf = !outbox.hasRoom
        let awaitsRoom = outbox.awaitsRoom
        outbox.awaitsRoom = false
        let wanted =
            (isDeaf ? 0 : UInt32(CLINUX_EPOLL_IN)) | (awaitsRoom ? UInt32(CLINUX_EPOLL_OUT) : 0)
        if !force && wanted == interest { return }
        interest = wanted
        _ = clinux_epoll_change(epoll, engine.socket, wanted, Token.engine)
    }
}
