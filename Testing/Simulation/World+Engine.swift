import Engine
import Linux
import Model
import Supervision
import Synchronization

// The engine's comings and goings.
extension World {
    func startEngine() {
        guard incarnation == nil, !isOver else { return }
        incarnations += 1
        // What it starts before it is ready has waited for it, too.
        injected += now - goneAt
        goneAt = now
        let seed = seed
        let view = FaultyDisk(disk, chance: Chance(seed: seed, stream: 1000 + UInt64(incarnations)))
        if isDiskBad { view.set(tuning.disk) }
        if lies.sync > 0 {
            var rates = FaultyDisk.Rates()
            rates.lyingSync = lies.sync
            view.set(rates)
        }
        var configuration = EngineConfiguration()
        configuration.dataRoot = root
        configuration.execRoot = directory + "/run"
        configuration.defaultRuntime = .host
        trace.note(now, "engine", "#\(incarnations)", "starts under keeper \(keeper.pid)")
        do {
            let made = try Incarnation(
                number: incarnations, clock: clock, disk: view, keeper: keeper, runtime: runtime,
                processes: tuning.keeperDeath == nil ? .none : living.finder, boot: "boot \(boot)",
                configuration: configuration,
                identities: { [identities] in identities.make() }, log: log)
            incarnation = made
            let (engine, answers) = (made.engine, answers)
            Task(executorPreference: made.tasks) {
                do {
                    _ = try await engine.recover()
                    let list = await engine.list()
                    answers.put(.recovered(list))
                } catch {
                    answers.put(.failedToStart("\(error)"))
                }
            }
            // The keeper tells each new engine to stop until one does, and one that is not ready for it yet.
            if isShuttingDown { tellToStop(made) }
        } catch {
            trace.note(now, "engine", "#\(incarnations)", "cannot start: \(error)")
            engineEnded()
        }
    }

    /// The engine dies where it stands.
    func killEngine(afterwards: Bool = false) {
        guard let dying = incarnation else { return }
        trace.note(now, "engine", "#\(dying.number)", "is gone")
        statistics.deaths += 1
        // What it had sent before is in the socket, and the keeper reads it.
        while let requests = keeper.hear() { requests.forEach(serve) }
        endEngine()
        engineEnded()
    }

    func endEngine() {
        guard let dying = incarnation else { return }
        if dying.isReady {
            goneAt = now
            // The next waits anew for the output of what has ended.
            injected += min(2_050_000_000, now - readyAt)
        }
        dropLanes()
        incarnation = nil
        statistics.diskFaults += dying.disk.faults
        checker.engineGone(now, unsaved: dying.disk.unsaved)
        keeper.disconnect()
        dying.die()
        collectAnswers()
        for index in commands.indices where commands[index].answered == nil { settle(index, .lost) }
    }

    /// The keeper starts the next, after 100 ms at first.
    func engineEnded() {
        engineFailures += 1
        agenda.add(.startEngine, at: now + min(10_000_000_000, 100_000_000 << Int64(min(8, engineFailures - 1))))
    }

    func recovered(_ list: [ContainerSnapshot]) {
        guard let incarnation, !incarnation.isReady else { return }
        incarnation.isReady = true
        injected += now - goneAt
        readyAt = now
        engineFailures = 0
        trace.note(now, "engine", "#\(incarnation.number)", "is ready with \(list.count) containers")
        checker.recovered(list, now)
    }

    func failedToStart(_ why: String) {
        trace.note(now, "engine", "#\(incarnations)", "cannot start: \(why)")
        endEngine()
        engineEnded()
    }

    // MARK: Faults

    func strike(_ fault: Agenda.Fault) {
        switch fault {
        case .engineDeath:
            guard let incarnation else { return }
            // Between two steps of its disk, or between two of anything.
            if chance.happens(0.5) {
                incarnation.disk.die(after: Int.random(in: 0..<12, using: &chance))
            } else {
                killEngine()
            }
        case .replacement:
            guard let incarnation, incarnation.isReady else { return }
            trace.note(now, "keeper", "-", "asks for another engine")
            keeper.replace()
        case .powerCut: cutPower()
        case .keeperDeath: killKeeper()
        case .shutdown: shutDown()
        case .clockStep:
            let span = chance.span(1, 400_000_000_000_000_000) * (chance.happens(0.5) ? 1 : -1)
            trace.note(now, "clock", "-", "wall clock moved by \(span / 1_000_000_000) s")
            clock.stepWall(by: span)
        }
    }

    private func cutPower() {
        statistics.powerCuts += 1
        trace.note(now, "power", "-", "is cut")
        while let requests = keeper.hear() { requests.forEach(serve) }
        endEngine()
        disk.cutPower { step in
            guard chance.happens(0.5) else { return nil }
            guard case .write(let inode, let offset, let bytes) = step, chance.happens(0.5) else { return step }
            return .write(
                inode: inode, offset: offset,
                Array(bytes.prefix(512 * Int.random(in: 0...bytes.count / 512, using: &chance))))
        }
        boot += 1
        newKeeper(after: .powerCut)
    }

    /// All processes are gone with their keeper; another comes.
    func newKeeper(after fault: Agenda.Fault) {
        keeper.disconnect()
        checker.lostOutput(of: Set(keeper.slots.keys))
        for process in processes.values.sorted(by: { $0.serial < $1.serial }) {
            statistics.logLines += process.isAlive ? process.written.count : 0
            checker.vanished(process, now)
            process.output = []
        }
        processes = [:]
        living.clear()
        runtime.endAllLeft()
        agenda.drop { occurrence in
            switch occurrence {
            case .launch, .process, .startEngine: true
            case .client, .fault, .disk, .calm, .judge, .cleanUp, .end: false
            }
        }
        for name in (try? HostFile.list(runtime.groups)) ?? [] {
            let group = runtime.groups + "/" + name
            for file in (try? HostFile.list(group)) ?? [] { try? HostFile.remove(group + "/" + file) }
            try? HostFile.removeDirectory(group)
        }
        keepers += 1
        isShuttingDown = false
        keeper = SimulatedKeeper(clock: clock, pid: keepers)
        engineFailures = 0
        checker.newKeeper(after: fault, now)
        agenda.add(.startEngine, at: now + chance.span(1_000_000, 5_000_000_000))
    }

    private func shutDown() {
        guard !isShuttingDown, !isOver else { return }
        isShuttingDown = true
        statistics.shutdowns += 1
        trace.note(now, "supervisor", "-", "is stopped in order")
        checker.shuttingDown(now, injected)
        if let incarnation {
            tellToStop(incarnation)
        } else {
            agenda.drop { if case .startEngine = $0 { true } else { false } }
            agenda.add(.startEngine, at: now)
        }
    }

    private func tellToStop(_ incarnation: Incarnation) {
        let (engine, answers, number) = (incarnation.engine, answers, incarnation.number)
        Task(executorPreference: incarnation.tasks) {
            await engine.shutdown()
            answers.put(.shutDown(number))
        }
    }

    func shutDownDone(_ number: Int) {
        guard let incarnation, incarnation.number == number else { return }
        isShuttingDown = false
        trace.note(now, "supervisor", "-", "has stopped")
        while let requests = keeper.hear() { requests.forEach(serve) }
        if processes.values.contains(where: { $0.isAlive && checker.isContainer($0.key) }) {
            checker.fail(now, "the supervisor has stopped in order, and containers are alive")
        }
        endEngine()
        newKeeper(after: .shutdown)
    }

    func setDisk(isBad: Bool) {
        guard !isCalm || !isBad else { return }
        isDiskBad = isBad
        trace.note(now, "disk", "-", isBad ? "goes bad" : "is well again")
        incarnation?.disk.set(isBad ? tuning.disk : FaultyDisk.Rates())
        let next = now + chance.span(1_000_000, 60_000_000_000)
        if !isCalm { agenda.add(.disk(isBad: !isBad), at: next) }
    }
}
