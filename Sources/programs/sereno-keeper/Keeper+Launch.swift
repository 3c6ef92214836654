import CLinux
import KeeperProtocolEmbedded

/// What came with a `spawn` frame.
struct SpawnFrame {
    let slot: UInt64
    let kind: SlotKind
    let key: SlotKey
    let kept: Int
}

extension Keeper {
    /// Makes a process; all descriptors are closed afterwards but those to keep.
    mutating func spawn(_ frame: SpawnFrame, _ passed: UnsafeMutableBufferPointer<Int32>) {
        var failure = refusal(frame.slot)
        var made = clinux_spawned()
        if failure == nil { failure = launch(passed, kept: frame.kept, &made) }
        let keptRange = 4..<(4 + frame.kept)
        for index in passed.indices where failure != nil || !keptRange.contains(index) {
            _ = clinux_close(passed[index])
        }
        if let failure {
            outbox.put(.spawnFailed(slot: frame.slot, failure))
            return
        }
        var slot = Slot(
            state: SlotState(slot: frame.slot, kind: frame.kind, key: frame.key, phase: .starting, pid: made.pid))
        slot.pidfd = made.pidfd
        slot.reports = made.reports
        for index in keptRange { slot.kept[index - 4] = passed[index] }
        slot.keptCount = frame.kept
        slot.process = made.pid
        if made.enters != 0 {
            slot.between = made.pid
            slot.process = 0
            slot.state.pid = 0
            entering += 1
        }
        let place = slots.insert(slot)
        slots.add(process: made.pid, to: place)
        let token = Token.firstSlot + UInt64(place)
        let watched = clinux_epoll_add(epoll, made.reports, UInt32(CLINUX_EPOLL_IN), token)
        if watched < 0 {
            _ = clinux_pidfd_send_signal(made.pidfd, 9)
            fail(place, LaunchFailure(phase: .clone, code: -watched))
        }
    }

    /// Why this slot cannot be used, if so.
    func refusal(_ number: UInt64) -> LaunchFailure? {
        if slots.place(number: number) != nil {
            return LaunchFailure(phase: .request, code: Int32(CLINUX_EEXIST))
        }
        if slots.isFull { return LaunchFailure(phase: .request, code: Int32(CLINUX_ENOSPC)) }
        return nil
    }

    private func launch(
        _ passed: UnsafeMutableBufferPointer<Int32>, kept: Int, _ made: inout clinux_spawned
    ) -> LaunchFailure? {
        let length = clinux_sealed_length(passed[0])
        guard length > 0, length <= Int64(ProtocolBounds.planLength) else {
            return LaunchFailure(phase: .plan, code: length < 0 ? Int32(-length) : Int32(CLINUX_EINVAL))
        }
        var mapped: UnsafeRawPointer?
        let failed = clinux_map(passed[0], Int(length), &mapped)
        guard failed == 0, let plan = mapped else { return LaunchFailure(phase: .plan, code: -failed) }
        defer { _ = clinux_unmap(plan, Int(length)) }
        let first = 4 + kept
        let count = Int32(passed.count - first)
        var operation: Int32 = -1
        let bad = clinux_plan_check(plan, Int(length), count, &operation)
        if bad < 0 { return LaunchFailure(phase: .plan, operation: operation, code: -bad) }
        var request = clinux_spawn_request()
        request.plan = plan
        request.streams = (passed[1], passed[2], passed[3])
        request.descriptors = passed.baseAddress.map { UnsafePointer($0 + first) }
        request.descriptor_count = count
        let error = clinux_spawn(&request, &made)
        return error < 0 ? LaunchFailure(phase: .clone, code: -error) : nil
    }

    /// Reads what a launch reports until nothing is there; the end of the pipe ends the launch.
    mutating func readReports(_ place: Int) {
        guard slots[place].isInUse else { return }
        while slots[place].reports >= 0 {
            var report = clinux_report()
            let size = MemoryLayout<clinux_report>.size
            let got = withUnsafeMutableBytes(of: &report) { clinux_read(slots[place].reports, $0.baseAddress, size) }
            if got == size {
                slots[place].reported += 1
                if slots[place].reported > Slot.mostReports {
                    _ = clinux_pidfd_send_signal(slots[place].pidfd, 9)
                    return fail(place, flooded)
                }
                take(report, place)
            } else if got == 0 {
                closeReports(place)
                launchEnded(place)
            } else {
                return
            }
        }
    }

    /// Whoever took the launch over talks without end.
    private var flooded: LaunchFailure { LaunchFailure(phase: .operation, code: Int32(CLINUX_EINVAL)) }

    private mutating func take(_ report: clinux_report, _ place: Int) {
        let step = LaunchStep(rawValue: UInt16(truncatingIfNeeded: report.step)) ?? .none
        switch clinux_report_kind(rawValue: report.kind) {
        case CLINUX_REPORT_WARNING:
            outbox.put(
                .spawnWarning(
                    slot: slots[place].state.slot, operation: report.operation, step: step, error: report.error))
        case CLINUX_REPORT_FAILURE:
            var phase = LaunchPhase.operation
            if report.operation < 0 { phase = slots[place].between != 0 ? .enter : .clone }
            slots[place].state.phase = .failed
            slots[place].state.failure = LaunchFailure(
                phase: phase, operation: report.operation, step: step, code: report.error)
        case CLINUX_REPORT_PROCESS:
            learn(Int32(truncatingIfNeeded: report.value), place)
        case CLINUX_REPORT_EXECUTING:
            slots[place].isExecuting = true
        case CLINUX_REPORT_FILTERED:
            slots[place].isFiltered = true
        default:
            break
        }
    }

    /// The process between told who the process is; it is our child and cannot have been reaped before this.
    private mutating func learn(_ pid: Int32, _ place: Int) {
        // Said once, and of a child of ours that is in no other slot: whoever took the launch over may say anything.
        guard slots[place].between != 0, slots[place].process == 0, pid == reaped || clinux_is_child(pid) == 0,
            slots.place(process: pid) == nil
        else { return }
        slots[place].process = pid
        slots[place].state.pid = pid
        slots.add(process: pid, to: place)
        let pidfd = clinux_pidfd_open(pid, 0)
        if pidfd < 0 {
            // No descriptor for it, so it cannot be held: it must not run.
            _ = clinux_kill(pid, 9)
            slots[place].state.phase = .failed
            slots[place].state.failure = LaunchFailure(phase: .clone, code: -pidfd)
            return
        }
        _ = clinux_close(slots[place].pidfd)
        slots[place].pidfd = pidfd
    }

    func closeReports(_ place: Int) {
        if slots[place].reports < 0 { return }
        _ = clinux_close(slots[place].reports)
        slots[place].reports = -1
    }

    /// Nobody can report any more: either the program runs, or the launch failed, or its processes died.
    private mutating func launchEnded(_ place: Int) {
        if slots[place].state.phase == .failed {
            settle(place)
        } else if slots[place].isExecuting || (slots[place].isFiltered && slots[place].process != 0) {
            run(place)
        }
        // Else it died without a word: its reaping tells.
    }

    mutating func run(_ place: Int) {
        slots[place].state.phase = .running
        slots[place].state.spawned = Reading.now
        slots.note(.spawned, at: place)
    }

    private mutating func fail(_ place: Int, _ failure: LaunchFailure) {
        closeReports(place)
        slots[place].state.phase = .failed
        slots[place].state.failure = failure
        settle(place)
    }

    /// A failure is told when all there was of the launch has been reaped.
    mutating func settle(_ place: Int) {
        if slots[place].state.phase == .failed && !slots[place].hasProcesses { slots.note(.failed, at: place) }
    }
}
