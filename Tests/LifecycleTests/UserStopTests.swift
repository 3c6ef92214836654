import Lifecycle
import Model
import Restart
import TestSupport
import Testing

@Suite struct UserStopTests {
    /// Requests, exits, crashes and reboots in random order: once a user has stopped the container, nothing starts it but a
    /// user, or under `always` a supervisor that came up. And no timer outlives its purpose.
    @Test(arguments: StateTableTests.policies, [false, true])
    func aUsersStopIsNeverUndone(policy: RestartPolicy, autoRemove: Bool) {
        var random = SeededGenerator(seed: 20_260_101)
        var stops = 0
        for _ in 0..<400 {
            var lifecycle = ContainerLifecycle(
                settings: LifecycleSettings(policy: policy, stopSignal: .quit, autoRemove: autoRemove))
            var stopped = false
            var timers: Set<TimerKind> = []
            var clock: Int64 = 100
            for _ in 0..<60 {
                clock += Int64.random(in: 0...15, using: &random)
                guard var event = Samples.events.randomElement(using: &random)?.event else { return }
                if case .updateRequested = event { continue }
                // Rare, as a removal ends the walk.
                if event.kind == .removeRequested, Int.random(in: 0..<20, using: &random) > 0 { continue }
                if case .exited = event, !lifecycle.state.mayHaveProcess { continue }
                if event == .spawned, lifecycle.state.kind != .starting { event = .spawnFailed(.interrupted) }
                if case .supervisorStarted(let end, _) = event {
                    if end != .handover { timers = [] }
                    event = .supervisorStarted(after: end, alive: end == .handover && lifecycle.state.mayHaveProcess)
                }
                let before = lifecycle
                let effects = lifecycle.handle(event, at: moment(clock))
                let accepted = !effects.contains(where: \.isRefusal)
                let launches = effects.contains(where: \.isLaunch)
                switch event {
                case .startRequested where accepted: stopped = false
                case .restartRequested where accepted: stopped = false
                case .startRequestedByInit(.user) where accepted: stopped = false
                // An enabled unit says more than `no`.
                case .startRequestedByInit(.boot) where accepted && [.always, .no].contains(policy): stopped = false
                case .stopRequested where accepted:
                    stopped = true
                    stops += 1
                case .killRequested(let signal, _) where accepted && marksUserStop(signal, stopSignal: .quit):
                    if case .stopping(let stopping) = before.state, stopping.purpose == .restart { break }
                    if case .starting(let launch) = before.state, launch.stop?.purpose == .restart { break }
                    stopped = true
                    stops += 1
                case .supervisorStarted(let end, _) where end != .handover && policy == .always && launches:
                    stopped = false
                default: break
                }
                if launches, stopped {
                    Issue.record("\(policy): \(before.state) + \(event) -> \(effects)")
                    return
                }
                if stopped, lifecycle.state.kind == .backingOff {
                    Issue.record("\(policy): \(before.state) + \(event) waits to restart")
                    return
                }
                for effect in effects {
                    if case .armTimer(let kind, _) = effect { timers.insert(kind) }
                    if case .cancelTimer(let kind) = effect { timers.remove(kind) }
                }
                if event == .backoffElapsed { timers.remove(.backoff) }
                if event == .stopTimerFired, !effects.contains(where: \.isArming) { timers.remove(.stop) }
                if timers.contains(.stop), !lifecycle.state.mayHaveProcess {
                    Issue.record("\(before.state) + \(event) left the stop timer armed: \(effects)")
                    return
                }
            }
        }
        #expect(stops > (autoRemove ? 100 : 500))
    }

    /// `stop` while a restart waits takes effect at once, with the last run's code.
    @Test func aStopDuringTheBackoffEndsItWithTheLastCode() {
        var world = World(LifecycleSettings(policy: .always)) { _ in Program(endsAfter: .milliseconds(10), code: 9) }
        world.send(.startRequested)
        world.run(for: .milliseconds(2500))
        #expect(world.shown.status == "restarting")
        let starts = world.starts
        world.send(.startRequested)
        #expect(world.refusals == [.alreadyStarted])
        world.send(.stopRequested(Samples.term, by: .process(number: 1, program: nil, uid: 0, user: nil, gid: 0)))
        #expect(world.shown.status == "exited" && world.shown.code == 9)
        #expect(world.last.contains(.notify(.exited(code: 9))))
        world.run(for: .seconds(100))
        #expect(world.starts == starts)
        #expect(
            world.lifecycle.record.reason?.description == "stop with SIGTERM by uid 0, process 1 was requested; "
                + "a user's stop with SIGTERM by uid 0, process 1 holds until the next start; no start")
    }

    @Test func restartDuringTheBackoffStartsAtOnceWithAFreshCount() {
        var world = World(LifecycleSettings(policy: .always)) {
            $0 < 7 ? Program(endsAfter: .milliseconds(10), code: 9) : Program()
        }
        world.send(.startRequested)
        world.run(for: .seconds(5))
        #expect(world.shown.count == 6 && world.shown.status == "restarting")
        world.send(.restartRequested(Samples.term))
        world.run(for: .milliseconds(10))
        #expect(world.shown == World.Seen(starts: 7, status: "running", code: 0, count: 0))
    }

    @Test func updateToNoDuringTheBackoffLetsTheOneRestartHappen() {
        var world = World(LifecycleSettings(policy: .always)) { _ in Program(endsAfter: .milliseconds(10), code: 9) }
        world.send(.startRequested)
        world.run(for: .milliseconds(2500))
        let starts = world.starts
        world.send(.updateRequested(policy: .no, backoff: nil))
        world.run(for: .seconds(100))
        #expect(world.starts == starts + 1 && world.shown.status == "exited")
    }

    @Test func aFailedFirstStartIsNotRetriedAndAFailedAutomaticOneIs() {
        var first = World(LifecycleSettings(policy: .always)) { _ in Program() }
        first.failingLaunches = [1]
        first.send(.startRequested)
        first.run(for: .seconds(100))
        #expect(first.shown == World.Seen(starts: 0, status: "created", code: 127, count: 0))
        #expect(first.lifecycle.snapshot.error == "exec /srv/run: no such file or directory")

        var later = World(LifecycleSettings(policy: .onFailure(maximumRetryCount: 4))) { run in
            run == 1 ? Program(endsAfter: .milliseconds(10), code: 1) : Program()
        }
        later.failingLaunches = [2, 3]
        later.send(.startRequested)
        later.run(for: .seconds(100))
        #expect(later.shown == World.Seen(starts: 2, status: "running", code: 0, count: 3))

        var spent = World(LifecycleSettings(policy: .onFailure(maximumRetryCount: 2))) { _ in
            Program(endsAfter: .milliseconds(10), code: 1)
        }
        spent.failingLaunches = [2, 3]
        spent.send(.startRequested)
        spent.run(for: .seconds(100))
        #expect(spent.shown == World.Seen(starts: 1, status: "exited", code: 127, count: 2))
    }

    @Test func aStopThatIsIgnoredEndsInKillAndIsRepeatedWhileTheProcessStays() {
        var lifecycle = ContainerLifecycle(settings: LifecycleSettings(policy: .always))
        let events: [LifecycleEvent] = [.startRequested, .spawned, .stopRequested(Samples.term, by: nil)]
        for event in events { _ = lifecycle.handle(event, at: moment(1)) }
        #expect(
            lifecycle.handle(.stopTimerFired, at: moment(11))
                == [.persist, .killAll, .emit(.kill(.kill)), .armTimer(.stop, after: .seconds(10))])
        for round in 2...4 {
            #expect(
                lifecycle.handle(.stopTimerFired, at: moment(Int64(round) * 10 + 1))
                    == [.persist, .killAll, .notify(.killOverdue), .armTimer(.stop, after: .seconds(10))])
        }
    }

    /// Who asked for the end is told of it, also when the process never came to be.
    @Test func aStopOrKillDuringAStartIsAnsweredWhenTheStartFails() {
        for event in [LifecycleEvent.stopRequested(Samples.term, by: nil), .killRequested(.kill, by: nil)] {
            for automatic in [false, true] {
                var lifecycle = ContainerLifecycle(settings: LifecycleSettings(policy: .always))
                var events: [LifecycleEvent] = [.startRequested]
                if automatic { events += [.spawned, .exited(.exited(1), outOfMemory: false), .backoffElapsed] }
                for event in events + [event] { _ = lifecycle.handle(event, at: moment(1)) }
                let effects = lifecycle.handle(.spawnFailed(.interrupted), at: moment(2))
                #expect(effects.contains(.notify(.exited(code: 128))), "\(effects)")
                #expect(lifecycle.state == (automatic ? .exited : .created))
                #expect(effects.filter(\.isLaunch).isEmpty)
            }
        }
    }

    /// A restart that overtakes a stop, or a KILL, during a start: its own start is another.
    @Test func aStopOrKillThatARestartOvertakesIsAnsweredWhenTheStartFails() {
        for event in [LifecycleEvent.stopRequested(Samples.term, by: nil), .killRequested(.kill, by: nil)] {
            var lifecycle = ContainerLifecycle(settings: LifecycleSettings(policy: .always))
            for event in [.startRequested, event, .restartRequested(Samples.term)] {
                _ = lifecycle.handle(event, at: moment(1))
            }
            let effects = lifecycle.handle(.spawnFailed(.interrupted), at: moment(2))
            #expect(effects.contains(.notify(.startEnded)), "\(effects)")
            #expect(effects.contains(.launch(.restartCommand)))
            #expect(!effects.contains { if case .notify(.exited) = $0 { true } else { false } }, "no run has ended")
        }
    }

    /// The keeper died within an ordered shutdown, and another supervisor finds the process that was sent TERM: whether it
    /// ends of that or not, its policy counts again.
    @Test(arguments: [true, false]) func aShutdownThatWasCutShortEndsNoContainerForGood(duringStart: Bool) {
        var lifecycle = ContainerLifecycle(settings: LifecycleSettings(policy: .always))
        let first: [LifecycleEvent] = duringStart ? [.startRequested] : [.startRequested, .spawned]
        for event in first + [.supervisorStopping(Samples.term)] { _ = lifecycle.handle(event, at: moment(1)) }
        let effects = lifecycle.handle(.supervisorStarted(after: .crash, alive: true), at: moment(2))
        #expect(effects.allSatisfy { !$0.signalsProcess && !$0.isArming }, "\(effects)")
        #expect(lifecycle.state == .running)
        _ = lifecycle.handle(.exited(.exited(143), outOfMemory: false), at: moment(3))
        #expect(lifecycle.state.kind == .backingOff)
    }

    @Test func aStopThatWaitsForEverIsStillBoundedByAShutdown() {
        var lifecycle = ContainerLifecycle(settings: LifecycleSettings(policy: .always))
        let forever = StopSequence(signal: .terminate, timeout: -1)
        for event in [LifecycleEvent.startRequested, .spawned] { _ = lifecycle.handle(event, at: moment(1)) }
        #expect(
            lifecycle.handle(.stopRequested(forever, by: nil), at: moment(1))
                == [.persist, .signal(.terminate), .emit(.kill(.terminate)), .cancelTimer(.stop)])
        #expect(
            lifecycle.handle(.supervisorStopping(Samples.term), at: moment(2))
                == [.persist, .armTimer(.stop, after: .seconds(10))])
    }
}

extension Effect {
    var isArming: Bool { if case .armTimer = self { true } else { false } }
}
