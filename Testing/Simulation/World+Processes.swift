import KeeperProtocol
import Linux
import Model

// The kernel: processes, signals and control groups.
extension World {
    /// How many process numbers there are, so that they soon come again.
    static let pidLimit: Int32 = 40

    /// What the keeper asks for.
    func serve(_ request: SimulatedKeeper.Request) {
        switch request {
        case .clone(let slot, let key, _, let output): clone(slot, key, output)
        case .signal(let slot, let serial, let signal):
            guard let process = processes[serial] else { return }
            trace.note(now, "signal", who(process.key), "\(signal.name) to run \(serial), slot \(slot)")
            checker.signalled(process, signal, now)
            deliver(signal, to: process)
        case .forgotten(let slot): trace.note(now, "forget", "-", "slot \(slot)")
        case .leaving: trace.note(now, "goodbye", "-")
        case .watch(let slot, let pid): watch(slot, pid)
        }
    }

    private func clone(_ slot: UInt64, _ key: String, _ output: [SharedDescriptor?]) {
        guard let pid = freePid() else {
            keeper.failed(slot, LaunchFailure(phase: .clone, code: 11))
            checker.refusedClone(key, now)
            return
        }
        lastSerial += 1
        let behaviour = Behaviour.draw(&chance, calm: false)
        // Most are so small that they fill, and a writer has to wait for the pump.
        let capacity: Int32 = chance.pick([4096, 4096, 16_384, 262_144]) ?? 4096
        for case let end? in output {
            Nonblocking.set(end.rawValue)
            PipeCapacity.set(end.rawValue, capacity)
        }
        let process = SimulatedProcess(
            serial: lastSerial, pid: pid, slot: slot, key: key, cloned: now, behaviour: behaviour, output: output)
        processes[lastSerial] = process
        if tuning.keeperDeath != nil { living.add(process) }
        statistics.runs += 1
        checker.require(
            !runtime.hasLeft(key), now, "run \(lastSerial) is made of a container of which something runs already")
        keeper.cloned(slot, process: lastSerial, pid: pid)
        setPopulated(key)
        trace.note(now, "clone", who(key), "run \(lastSerial) pid \(pid) slot \(slot)")
        checker.cloned(process, now, injected)
        var delay = chance.span(10_000, 5_000_000)
        if !isCalm, chance.happens(0.02) { delay = chance.span(5_000_000, 8_000_000_000) }
        agenda.add(.launch(process: lastSerial), at: now + delay)
    }

    private func freePid() -> Int32? {
        let used = Set(processes.values.filter(\.isAlive).map(\.pid))
        for _ in 0..<Self.pidLimit {
            lastPid = lastPid >= Self.pidLimit ? 2 : lastPid + 1
            if !used.contains(lastPid) { return lastPid }
        }
        return nil
    }

    func launch(_ serial: Int) {
        guard let process = processes[serial], process.isAlive else { return }
        guard !process.isFrozen else {
            process.deferred.append(.launched)
            return
        }
        if !isCalm, chance.happens(tuning.launchFailure) {
            let code: Int32 = chance.pick([2, 13, 12, 8, 26]) ?? 2
            fail(process, LaunchFailure(phase: .operation, operation: 0, step: .execute, code: code))
            return
        }
        process.executed = now
        keeper.executed(process.slot)
        trace.note(now, "exec", who(process.key), "run \(serial)")
        checker.executed(process, now)
        let life = process.behaviour
        if let lifetime = life.lifetime { agenda.add(.process(serial, .ends), at: now + lifetime) }
        if life.lines > 0 { agenda.add(.process(serial, .prints), at: now + max(1, life.interval)) }
    }

    private func fail(_ process: SimulatedProcess, _ failure: LaunchFailure) {
        statistics.launchFailures += 1
        process.isAlive = false
        living.remove(process)
        process.output = []
        keeper.failed(process.slot, failure)
        trace.note(now, "no exec", who(process.key), "run \(process.serial) errno \(failure.code)")
        checker.launchFailed(process, now)
        processes[process.serial] = nil
        setPopulated(process.key)
    }

    /// A process does what it had in mind.
    func act(_ serial: Int, _ step: SimulatedProcess.Step) {
        guard let process = processes[serial] else { return }
        guard !process.isFrozen else {
            process.deferred.append(step)
            return
        }
        switch step {
        case .launched: launch(serial)
        case .prints:
            guard process.isAlive, process.printed < process.behaviour.lines else { return }
            let written = process.printLine()
            pumpMayHaveWork = true
            if !written { statistics.fullPipes += 1 }
            let pause = written ? process.behaviour.interval : chance.span(100_000, 20_000_000)
            agenda.add(.process(serial, .prints), at: now + max(1, pause))
        case .ends:
            if process.behaviour.outOfMemory, process.isAlive { countOutOfMemory(process.key) }
            die(process, process.behaviour.ending)
        case .ended(let status): die(process, status)
        case .childEnds:
            process.output = []
            processes[serial] = nil
            pumpMayHaveWork = true
        }
    }

    private func deliver(_ signal: Signal, to process: SimulatedProcess) {
        guard process.isAlive else { return }
        if signal == .kill {
            die(process, .signaled(.kill, coreDumped: false))
            return
        }
        guard process.executed != nil else {
            // Before its program it has no handlers.
            if signal == .terminate || signal == .interrupt || signal == .quit || signal == .hangup {
                die(process, .signaled(signal, coreDumped: false))
            }
            return
        }
        let endsIt = [.terminate, .interrupt, .quit].contains(signal)
        guard endsIt else { return }
        switch process.behaviour.termination {
        case .dies:
            if process.isFrozen {
                process.deferred.append(.ended(.signaled(signal, coreDumped: false)))
            } else {
                die(process, .signaled(signal, coreDumped: false))
            }
        case .exits(let code, let after): agenda.add(.process(process.serial, .ended(.exited(code))), at: now + after)
        case .ignores: break
        }
    }

    func die(_ process: SimulatedProcess, _ status: ExitStatus) {
        guard process.isAlive else { return }
        let told = told(status, of: process)
        process.isAlive = false
        living.remove(process)
        process.ended = now
        process.isFrozen = false
        trace.note(now, "exit", who(process.key), "run \(process.serial) \(status) after \(process.printed) lines")
        statistics.logLines += process.written.count
        if process.executed == nil {
            keeper.failed(process.slot, LaunchFailure(phase: .died, code: word(status)))
            checker.launchFailed(process, now)
        } else {
            keeper.reaped(process.slot, status: told == .unknown ? ExitRecord.unknownStatus : word(told))
            checker.ended(process, told, now, injected)
        }
        if tuning.leftBehind > 0, !isCalm, checker.isContainer(process.key), chance.happens(tuning.leftBehind) {
            trace.note(now, "left", who(process.key), "something of run \(process.serial) runs on")
            runtime.leaveBehind(process.key)
        }
        if let lingering = process.behaviour.lingering, process.executed != nil {
            agenda.add(.process(process.serial, .childEnds), at: now + lingering)
        } else {
            process.output = []
            processes[process.serial] = nil
        }
        setPopulated(process.key)
        pumpMayHaveWork = true
    }

    private func word(_ status: ExitStatus) -> Int32 {
        switch status {
        case .exited(let code): Int32(code) << 8
        case .signaled(let signal, _): signal.number
        case .unknown: 255 << 8
        }
    }

    // MARK: Control groups

    private func file(_ key: String, _ name: String) -> String { runtime.groups + "/" + key + "/" + name }

    private func setPopulated(_ key: String) {
        let isPopulated = runtime.hasLeft(key) || processes.values.contains { $0.key == key && $0.isAlive }
        try? HostFile.write(isPopulated ? "populated 1" : "populated 0", to: file(key, "cgroup.events"))
    }

    private func countOutOfMemory(_ key: String) {
        let text = (try? HostFile.read(file(key, "memory.events"))) ?? ""
        let count = text.split(separator: " ").last.flatMap { Int($0) } ?? 0
        try? HostFile.write("oom_kill \(count + 1)", to: file(key, "memory.events"))
    }

    /// Does what a worker may have written into the groups' files.
    func lookAtGroups() {
        let names = tuning.leftBehind > 0 ? (try? HostFile.list(runtime.groups)) ?? [] : []
        for name in names where runtime.hasLeft(name) {
            guard (try? HostFile.read(file(name, "cgroup.kill"))) == "1" else { continue }
            runtime.endLeft(name)
            setPopulated(name)
        }
        for process in processes.values.sorted(by: { $0.serial < $1.serial }) where process.isAlive {
            let freeze = ((try? HostFile.read(file(process.key, "cgroup.freeze"))) ?? "0") == "1"
            if freeze != process.isFrozen { set(process, frozen: freeze) }
            if (try? HostFile.read(file(process.key, "cgroup.kill"))) == "1" {
                trace.note(now, "kill group", who(process.key), "run \(process.serial)")
                // What was still starting when its keeper died is ended before its policy decides.
                if process.slot != SimulatedProcess.noSlot { checker.signalled(process, .kill, now) }
                die(process, .signaled(.kill, coreDumped: false))
            }
        }
    }

    private func set(_ process: SimulatedProcess, frozen: Bool) {
        process.isFrozen = frozen
        trace.note(now, frozen ? "frozen" : "thawed", who(process.key), "run \(process.serial)")
        guard !frozen else { return }
        let steps = process.deferred
        process.deferred = []
        for step in steps { agenda.add(.process(process.serial, step), at: now + 1) }
    }

    /// A container's short identity, or an exec's.
    func who(_ key: String) -> String { String(key.prefix(12)) }
}
