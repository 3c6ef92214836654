import Engine
import Linux
import Model

// When clients and faults have ceased, everything comes to where its policy says.
extension World {
    func calmDown() {
        isCalm = true
        trace.note(now, "calm", "-", "clients and faults cease")
        setDisk(isBad: false)
        runtime.fail(0)
        incarnation?.disk.die(after: nil)
        agenda.add(.judge, at: now + 300_000_000_000)
    }

    /// Everything had time.
    func judge() {
        guard let incarnation, incarnation.isReady else {
            checker.fail(now, "no engine is ready five minutes after the last fault")
            return
        }
        for command in commands where command.answered == nil {
            if case .wait = command.what { continue }
            checker.fail(now, "#\(command.number) \(command.what.verb) was never answered")
        }
        let (engine, answers) = (incarnation.engine, answers)
        Task(executorPreference: incarnation.tasks) { await answers.put(.judged(engine.list(), engine.census())) }
    }

    func judged(_ list: [ContainerSnapshot], _ census: EngineCensus) {
        trace.note(now, "judge", "-", "\(list.count) containers")
        checker.looked(list, census, now, injected)
        checker.judge(list, now)
        checker.require(census.unsaved == 0, now, "changes are not on the disk that has been well for five minutes")
        for container in checker.containers.values.sorted(by: { $0.id < $1.id }) where !container.isGone {
            let path = root + "/containers/" + container.id.text + "/log/container.log"
            checker.readLog((try? HostFile.read(path)) ?? "", of: container, now)
        }
        agenda.add(.cleanUp, at: now + 1)
    }

    /// Everything is removed, with force.
    func cleanUp() {
        for id in checker.known { ask(.remove(force: true), id, 0) }
        agenda.add(.end, at: now + 100_000_000_000)
    }

    func finish() {
        for command in commands where command.answered == nil {
            checker.fail(now, "#\(command.number) \(command.what.verb) was never answered, and its container is gone")
        }
        guard let incarnation else {
            checker.fail(now, "the engine is gone at the end")
            return
        }
        let (engine, answers) = (incarnation.engine, answers)
        Task(executorPreference: incarnation.tasks) { await answers.put(.emptied(engine.list(), engine.census())) }
    }

    private var incarnationFaults: Int { incarnation?.disk.faults ?? 0 }

    /// Nothing is left.
    func emptied(_ list: [ContainerSnapshot], _ census: EngineCensus) {
        isOver = true
        checker.require(list.isEmpty, now, "\(list.count) containers are left after all were removed")
        checker.require(census == EngineCensus(), now, "the engine holds on to something: \(census)")
        checker.require(keeper.slots.isEmpty, now, "the keeper has \(keeper.slots.count) slots left")
        // What belongs to no container stays for the next engine.
        let held = keeper.held.keys.filter { !$0.hasPrefix("output/") }.sorted()
        checker.require(held.isEmpty, now, "the keeper holds \(held)")
        checker.require(!processes.values.contains(where: \.isAlive), now, "processes are left")
        // What a bad disk refused to delete goes when the next engine starts.
        let records = disk.image.entries(of: root + "/containers").filter {
            statistics.diskFaults + incarnationFaults == 0 || !$0.hasPrefix(".")
        }
        checker.require(records.isEmpty, now, "records are left: \(records)")
        let groups = (try? HostFile.list(runtime.groups)) ?? []
        checker.require(groups.isEmpty, now, "control groups are left: \(groups)")
    }
}
