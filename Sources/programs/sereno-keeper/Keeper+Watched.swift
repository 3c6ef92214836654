import CLinux
import KeeperProtocolEmbedded

// Processes that are no children of the keeper's: those of an earlier keeper, which the machine's init or a subreaper has
// now. Their pidfds tell their ends, and the kernel how they ended where it can.
extension Keeper {
    /// How often a process is looked at again that has ended and that nobody has reaped.
    private static let pause = 20 * millisecond

    /// Waits for the end of a slot's process; `false` when that is not possible.
    mutating func watch(_ place: Int) -> Bool {
        let token = Token.firstWatched + UInt64(place)
        return clinux_epoll_add(epoll, slots[place].pidfd, UInt32(CLINUX_EPOLL_IN), token) == 0
    }

    /// Takes a process that the engine found by its records into a slot.
    mutating func watch(
        _ frame: SpawnFrame, pid: Int32, since: Reading, _ passed: UnsafeMutableBufferPointer<Int32>
    ) {
        var failure = refusal(frame.slot)
        if failure == nil, pid == engine.pid || slots.place(process: pid) != nil {
            failure = LaunchFailure(phase: .request, code: Int32(CLINUX_EEXIST))
        }
        if failure == nil, clinux_pidfd_send_signal(passed[0], 0) == -Int32(CLINUX_EBADF) {
            failure = LaunchFailure(phase: .request, code: Int32(CLINUX_EBADF))
        }
        if let failure {
            for descriptor in passed { _ = clinux_close(descriptor) }
            outbox.put(.spawnFailed(slot: frame.slot, failure))
            return
        }
        var slot = Slot(
            state: SlotState(
                slot: frame.slot, kind: frame.kind, key: frame.key, phase: .running, pid: pid, spawned: since))
        slot.pidfd = passed[0]
        slot.process = pid
        slot.isWatched = true
        for index in 1..<passed.count { slot.kept[index - 1] = passed[index] }
        slot.keptCount = passed.count - 1
        let place = slots.insert(slot)
        slots.note(.spawned, at: place)
        if !watch(place) { settleWatched(place, status: ExitRecord.unknownStatus) }
    }

    /// A watched pidfd is ready: its process has ended.
    mutating func watchedEnded(_ place: Int) {
        guard place < slots.used, slots[place].isInUse, slots[place].isWatched, slots[place].process != 0 else {
            return
        }
        let slot = slots[place]
        var status: Int32 = 0
        if let known = exitStatus(slot.pidfd) {
            settleWatched(place, status: known)
        } else if clinux_zombie_status(slot.process, slot.pidfd, &status) == 0 {
            settleWatched(place, status: status)
        } else if clinux_pidfd_send_signal(slot.pidfd, 0) == -Int32(CLINUX_ESRCH) {
            // Reaped by its parent: before Linux 6.15 nobody else is told how it ended.
            settleWatched(place, status: exitStatus(slot.pidfd) ?? ExitRecord.unknownStatus)
        } else {
            // Ready until it is reaped: looked at now and then instead.
            if !slot.isEnding { _ = clinux_epoll_remove(epoll, slot.pidfd) }
            slots[place].isEnding = true
            watchAgainAt = clinux_clock_boottime() + Self.pause
        }
    }

    /// How the process of a pidfd ended, from the kernel, once it was reaped (PIDFD_INFO_EXIT).
    private func exitStatus(_ pidfd: Int32) -> Int32? {
        var info = clinux_pidfd_info()
        guard clinux_pidfd_get_info(pidfd, &info) == 0, info.mask & CLINUX_PIDFD_INFO_EXIT != 0 else { return nil }
        return info.exit_code
    }

    /// Looks again at those that had ended and were not reaped.
    mutating func lookAgain() {
        watchAgainAt = 0
        for place in 0..<slots.used where slots[place].isInUse && slots[place].isEnding { watchedEnded(place) }
    }

    private mutating func settleWatched(_ place: Int, status: Int32) {
        // Others have this open file too, so closing it would not take it out.
        if !slots[place].isEnding { _ = clinux_epoll_remove(epoll, slots[place].pidfd) }
        slots[place].isEnding = false
        slots[place].process = 0
        slots[place].state.phase = .exited
        slots[place].state.exit = ExitRecord(status: status, at: Reading.now)
        slots.note(.exited, at: place)
        collect(place)
    }
}
