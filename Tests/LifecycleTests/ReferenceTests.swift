import Foundation
import Lifecycle
import Model
import Records
import Restart
import Testing

/// What happens in each row of ``Reference/runs``.
private func scenarios() -> [String: (
    program: (Int) -> Program, stopSignal: Signal?, script: (inout World) -> Void
)] {
    let forever = Program()
    func traps(_ signal: Signal, _ code: UInt8) -> Program { Program(traps: [signal: code]) }
    func ends(_ code: UInt8) -> Program { Program(endsAfter: .milliseconds(60), code: code) }
    let nothing: (inout World) -> Void = { _ in }
    func kill(_ signal: Signal) -> (inout World) -> Void {
        { $0.send(.killRequested(signal, by: .process(number: 1, program: nil, uid: 0, user: nil, gid: 0))) }
    }
    func stop(_ timeout: Int = 10) -> (inout World) -> Void {
        {
            $0.send(
                .stopRequested(
                    StopSequence(signal: .terminate, timeout: timeout),
                    by: .process(number: 1, program: nil, uid: 0, user: nil, gid: 0)))
        }
    }
    let restart: (inout World) -> Void = {
        $0.send(.restartRequested(StopSequence(signal: .terminate, timeout: 1)))
    }
    let hostKill: (inout World) -> Void = { $0.hostSignal(.kill) }
    func after(_ steps: (inout World) -> Void...) -> (inout World) -> Void {
        { world in
            for step in steps {
                step(&world)
                world.run(for: .milliseconds(1500))
            }
        }
    }
    return [
        "exits 0": ({ _ in ends(0) }, nil, nothing), "exits 3": ({ _ in ends(3) }, nil, nothing),
        "exits 143": ({ _ in ends(143) }, nil, nothing),
        "SIGKILL from the host": ({ _ in forever }, nil, hostKill),
        "kill (KILL)": ({ _ in forever }, nil, kill(.kill)),
        "kill -s TERM, trap exits 0": ({ _ in traps(.terminate, 0) }, nil, kill(.terminate)),
        "kill -s TERM, trap exits 7": ({ _ in traps(.terminate, 7) }, nil, kill(.terminate)),
        "kill -s INT, trap exits 7": ({ _ in traps(.interrupt, 7) }, nil, kill(.interrupt)),
        "kill -s INT, --stop-signal=INT, trap exits 7": (
            { _ in traps(.interrupt, 7) }, .interrupt, kill(.interrupt)
        ),
        "kill -s USR1, trap exits 7": ({ _ in traps(.user1, 7) }, nil, kill(.user1)),
        "exec kill -TERM 1, trap exits 7": ({ _ in traps(.terminate, 7) }, nil, { $0.hostSignal(.terminate) }),
        "stop, trap exits 0": ({ _ in traps(.terminate, 0) }, nil, stop()),
        "stop, trap exits 7": ({ _ in traps(.terminate, 7) }, nil, stop()),
        "stop -t 1, ignores TERM": ({ _ in forever }, nil, stop(1)),
        "restart, trap exits 7": ({ _ in traps(.terminate, 7) }, nil, restart),
        "host KILL twice (1.5 s apart)": ({ _ in forever }, nil, after(hostKill, hostKill)),
        "host KILL, then stop, then start": (
            { _ in traps(.terminate, 0) }, nil, after(hostKill, stop(), { $0.send(.startRequested) })
        ),
        "host KILL, then restart": ({ _ in traps(.terminate, 0) }, nil, after(hostKill, restart)),
        "OOM (memory=20m, touches 100m)": (
            { _ in Program(endsAfter: .milliseconds(60), outOfMemory: true) }, nil, nothing
        ),
        "kill -s TERM, --stop-signal=INT, trap exits 7": (
            { _ in traps(.terminate, 7) }, .interrupt, kill(.terminate)
        ),
        "kill -s USR1 caught, process lives on; then host KILL": (
            { _ in forever }, nil, after(kill(.user1), hostKill)
        ),
    ]
}

@Suite struct ReferenceTests {
    /// Every cell measured on a real dockerd, or the row of the differences that replaces it. A container that goes on
    /// restarting must pass through the cell (how far it got depends on how quickly dockerd starts things); one that
    /// has come to rest must rest in it.
    @Test func everyPolicyAndEventAnswersAsDocker() throws {
        let rows = Reference.cells(Reference.runs)
        let scenarios = scenarios()
        var differing = 0
        for row in rows {
            let event = row[0]
            let scenario = try #require(scenarios[event], "no scenario for \(event)")
            try #require(row.count == Reference.policies.count + 1)
            for (column, (name, policy)) in Reference.policies.enumerated() {
                var expected = row[column + 1]
                if let difference = Difference.runs.first(where: { $0.event == event && $0.policies.contains(name) }) {
                    #expect(expected != difference.cell, "a difference that is none: \(event), \(name)")
                    expected = difference.cell
                    differing += 1
                }
                var world = World(
                    LifecycleSettings(policy: policy, stopSignal: scenario.stopSignal), program: scenario.program)
                world.send(.startRequested)
                world.run(for: .seconds(1))
                scenario.script(&world)
                world.run(for: .milliseconds(4500))
                let end = world.shown.description
                #expect(world.seen.contains { $0.description == expected }, "\(event), \(name): \(world.seen)")
                if expected.contains("exited") { #expect(end == expected, "\(event), \(name)") }
            }
        }
        #expect(rows.count == scenarios.count && rows.count == 21)
        #expect(differing == 4 + 4 + 3)
    }

    /// Every case of a supervisor that ended and came back, likewise.
    @Test(arguments: 0..<4) func everySupervisorRestartAnswersAsDocker(column: Int) throws {
        let rows = Reference.cells(Reference.supervisorRestarts)
        #expect(rows.count == 8 * 4)
        var used = 0
        for row in rows {
            try #require(row.count == 7)
            let (situation, name, before) = (row[0], row[1], row[2])
            let policy = try #require(Reference.policies.first { $0.name == name }?.policy)
            var world = try reach(situation, policy)
            #expect(cell(world) == before, "\(situation), \(name)")

            var expected = row[3 + column]
            if let difference = Difference.supervisorRestarts.first(where: {
                $0.situation == situation && $0.policy == name && $0.columns.contains(column)
            }) {
                #expect(expected != difference.cell, "a difference that is none: \(situation), \(name)")
                expected = difference.cell
                used += 1
            }
            try comeBack(&world, situation, column: column)
            let passed = world.seen.map { "\($0.status)/\($0.code)/\($0.count)/\($0.starts)" }
            if expected.hasSuffix("(same process)") {
                #expect(world.alive && "\(cell(world)) (same process)" == expected, "\(situation), \(name)")
            } else if expected.hasPrefix("restarting") {
                #expect(passed.contains(expected), "\(situation), \(name): \(passed)")
            } else if column == 2, expected.hasPrefix("exited"), before.hasPrefix("running") {
                // dockerd ends the survivors of a crash itself and sees their codes; here nobody saw them.
                #expect(cell(world) == "exited/255/0/1", "\(situation), \(name)")
            } else {
                #expect(cell(world) == expected, "\(situation), \(name)")
            }
        }
        #expect(used == Difference.supervisorRestarts.count { $0.columns.contains(column) })
    }

    private func cell(_ world: World) -> String {
        let shown = world.shown
        return "\(shown.status)/\(shown.code)/\(shown.count)/\(shown.starts)"
    }

    private func reach(_ situation: String, _ policy: RestartPolicy) throws -> World {
        let quick = Program(endsAfter: .milliseconds(60), code: 3)
        let restarts = policy == .always || policy == .unlessStopped
        let program: (Int) -> Program =
            switch situation {
            case "running": { _ in Program(traps: [.terminate: 7]) }
            case "ignoresTERM": { _ in Program() }
            case "exitsWhileDown": { $0 == 1 ? Program() : quick }
            case "exited0":
                { _ in restarts ? Program(traps: [.terminate: 0]) : Program(endsAfter: .milliseconds(60), code: 0) }
            default: { _ in Program(traps: [.terminate: 0]) }
            }
        var world = World(LifecycleSettings(policy: policy), program: program)
        if situation == "created" { return world }
        world.send(.startRequested)
        world.run(for: .seconds(1))
        switch situation {
        case "hostkilled1": world.hostSignal(.kill)
        case "stopped":
            world.send(
                .stopRequested(
                    StopSequence(signal: .terminate, timeout: 2),
                    by: .process(number: 1, program: nil, uid: 0, user: nil, gid: 0)))
        case "killed":
            world.send(.killRequested(.kill, by: .process(number: 1, program: nil, uid: 0, user: nil, gid: 0)))
        default: break
        }
        world.run(for: .seconds(1))
        return world
    }

    private func comeBack(_ world: inout World, _ situation: String, column: Int) throws {
        if column == 0 {
            world.send(.supervisorStopping(StopSequence(signal: .terminate, timeout: 2)))
            world.run(for: .seconds(3))
            #expect(!world.alive)
        }
        let end: SupervisorEnd = column == 0 ? .graceful : column == 2 ? .crash : .handover
        let bytes = try JSONEncoder().encode(StoredForm(world.lifecycle.record))
        world.restartSupervisor(end, record: try JSONDecoder().decode(StoredForm<RunRecord>.self, from: bytes).value)
        if situation == "exitsWhileDown", end == .handover {
            world.alive = false
            world.send(.exited(.exited(3), outOfMemory: false))
        }
        world.run(for: .seconds(6))
    }

    /// The crash of everything at once, and a reboot: nobody saw the end, which counts as a failure with code 255.
    @Test(arguments: [SupervisorEnd.crash, .reboot]) func whatNobodySawCountsAsAFailure(end: SupervisorEnd) {
        let after: [(RestartPolicy, String)] = [
            (.no, "exited/255/0/1"), (.always, "running/0/0/2"), (.unlessStopped, "running/0/0/2"),
            (.onFailure(maximumRetryCount: nil), "running/0/0/2"), (.onFailure(maximumRetryCount: 1), "running/0/0/2"),
        ]
        for (policy, expected) in after {
            var world = World(LifecycleSettings(policy: policy)) { _ in Program() }
            world.send(.startRequested)
            world.run(for: .seconds(20))
            world.restartSupervisor(end, record: world.lifecycle.record)
            world.run(for: .seconds(1))
            #expect(cell(world) == expected)
        }
    }
}
