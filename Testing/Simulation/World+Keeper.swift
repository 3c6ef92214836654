import KeeperProtocol
import Linux
import Model

// Deaths of a keeper on a machine that lives: its processes run on, under no parent that would tell of them.
extension World {
    func killKeeper() {
        // A service manager that keeps descriptors does not start again what it is stopping.
        guard !isShuttingDown || !tuning.keepsDescriptors else { return }
        isShuttingDown = false
        statistics.keeperDeaths += 1
        let kept = tuning.keepsDescriptors ? ", and what it held is kept" : ""
        trace.note(now, "keeper", "\(keeper.pid)", "is gone" + kept)
        // What the engine had said it has read, or not.
        if chance.happens(0.5) { while let requests = keeper.hear() { requests.forEach(serve) } }
        if !tuning.keepsDescriptors { checker.lostOutput(of: Set(keeper.slots.keys)) }
        keepers += 1
        let last = keeper
        last.disconnect()
        keeper = tuning.keepsDescriptors ? last.successor(pid: keepers) : SimulatedKeeper(clock: clock, pid: keepers)
        for process in processes.values where process.isAlive {
            process.isOrphan = true
            if keeper.slots[process.slot] == nil {
                // It may begin and print before it is ended.
                process.isLost = true
                process.slot = SimulatedProcess.noSlot
            }
        }
        checker.keeperDied(now, isKept: tuning.keepsDescriptors)
        engineFailures = 0
        if incarnation != nil, chance.happens(0.5) {
            // It learns of that and ends by itself.
            pumpMayHaveWork = true
            return
        }
        endEngine()
        agenda.drop { if case .startEngine = $0 { true } else { false } }
        agenda.add(.startEngine, at: now + chance.span(1_000_000, 10_000_000_000))
    }

    /// The present keeper is to tell how a process ends that an engine found again.
    func watch(_ slot: UInt64, _ pid: Int32) {
        guard let serial = living.found(pid), let process = processes[serial], process.isAlive else {
            keeper.reaped(slot, status: ExitRecord.unknownStatus)
            return
        }
        trace.note(now, "watch", who(process.key), "run \(serial) pid \(pid) slot \(slot)")
        process.slot = slot
        keeper.watched(slot, process: serial)
    }

    /// How an end is told: of an orphan only by kernels that tell it others than the parent, and where somebody listens.
    func told(_ status: ExitStatus, of process: SimulatedProcess) -> ExitStatus {
        guard process.isOrphan else { return status }
        return tuning.tellsEnds && process.slot != SimulatedProcess.noSlot ? status : .unknown
    }
}
