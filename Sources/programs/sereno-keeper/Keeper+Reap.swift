import CLinux
import KeeperProtocolEmbedded

extension Keeper {
    /// A child that is not the engine was reaped.
    mutating func childEnded(_ pid: Int32, _ record: ExitRecord) {
        reaped = pid
        defer { reaped = 0 }
        var found = slots.place(process: pid)
        if found == nil && entering > 0 {
            // It may have been born inside a container a moment ago, with the report still in the pipe.
            for place in 0..<slots.used where slots[place].isInUse && slots[place].between != 0 { readReports(place) }
            found = slots.place(process: pid)
        }
        guard let place = found else {
            orphans.put(pid, record)
            return
        }
        slots.remove(process: pid)
        readReports(place)
        if slots[place].between == pid {
            betweenEnded(place, record)
        } else {
            processEnded(place, record)
        }
        collect(place)
    }

    private mutating func betweenEnded(_ place: Int, _ record: ExitRecord) {
        slots[place].between = 0
        entering -= 1
        if slots[place].process == 0 && slots[place].state.phase == .starting {
            closeReports(place)
            slots[place].state.phase = .failed
            slots[place].state.failure = LaunchFailure(phase: .died, code: record.status)
        }
        settle(place)
    }

    private mutating func processEnded(_ place: Int, _ record: ExitRecord) {
        slots[place].process = 0
        if slots[place].state.phase == .starting {
            // The process between may still have the pipe open, so its end cannot be waited for.
            closeReports(place)
            if slots[place].isExecuting {
                run(place)
            } else {
                slots[place].state.phase = .failed
                slots[place].state.failure = LaunchFailure(phase: .died, code: record.status)
            }
        }
        if slots[place].state.phase == .running {
            slots[place].state.phase = .exited
            slots[place].state.exit = record
            slots.note(.exited, at: place)
        }
        settle(place)
    }

    /// Takes a child that came here as its reaper into a slot.
    mutating func adopt(_ frame: SpawnFrame, pid: Int32, _ passed: UnsafeMutableBufferPointer<Int32>) {
        var failure = refusal(frame.slot)
        var pidfd: Int32 = -1
        var ended: ExitRecord?
        if failure == nil {
            ended = orphans.take(pid)
            if ended == nil { failure = open(child: pid, &pidfd) }
        }
        if let failure {
            for descriptor in passed { _ = clinux_close(descriptor) }
            outbox.put(.spawnFailed(slot: frame.slot, failure))
            return
        }
        var slot = Slot(
            state: SlotState(slot: frame.slot, kind: frame.kind, key: frame.key, phase: .running, pid: pid))
        slot.pidfd = pidfd
        slot.process = ended == nil ? pid : 0
        for index in passed.indices { slot.kept[index] = passed[index] }
        slot.keptCount = passed.count
        let place = slots.insert(slot)
        run(place)
        if let ended {
            slots[place].state.phase = .exited
            slots[place].state.exit = ended
            slots.note(.exited, at: place)
        } else {
            slots.add(process: pid, to: place)
        }
    }

    private func open(child pid: Int32, _ pidfd: inout Int32) -> LaunchFailure? {
        if pid == engine.pid || slots.place(process: pid) != nil {
            return LaunchFailure(phase: .request, code: Int32(CLINUX_EEXIST))
        }
        let stranger = clinux_is_child(pid)
        if stranger < 0 { return LaunchFailure(phase: .request, code: -stranger) }
        pidfd = clinux_pidfd_open(pid, 0)
        return pidfd < 0 ? LaunchFailure(phase: .clone, code: -pidfd) : nil
    }

    /// Lets go of a slot: at once, or when its last process was reaped.
    mutating func forget(_ place: Int) {
        slots[place].isForgotten = true
        slots[place].untold = []
        closeDescriptors(place)
        slots.change(place)
        collect(place)
    }

    func closeDescriptors(_ place: Int) {
        closeReports(place)
        if slots[place].pidfd >= 0 { _ = clinux_close(slots[place].pidfd) }
        slots[place].pidfd = -1
        for index in 0..<slots[place].keptCount { _ = clinux_close(slots[place].kept[index]) }
        slots[place].keptCount = 0
    }

    /// Frees a forgotten slot when nothing of it is left.
    mutating func collect(_ place: Int) {
        let slot = slots[place]
        guard slot.isInUse, slot.isForgotten, !slot.hasProcesses, !slot.isQueued else { return }
        // The service manager's names are those of the places.
        if !slot.isUnstored { slots.release(place) }
    }

    /// After the queue was emptied: slots that waited only for that.
    mutating func collectForgotten() {
        for place in 0..<slots.used { collect(place) }
    }
}
