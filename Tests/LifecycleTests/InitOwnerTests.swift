import Lifecycle
import Model
import Restart
import Testing

/// A container whose restarts an init system makes: the engine decides as ever and starts nothing by itself.
@Suite struct InitOwnerTests {
    private static let unit = Samples.unit

    private func lifecycle(_ policy: RestartPolicy, _ events: [LifecycleEvent]) -> ContainerLifecycle {
        var lifecycle = ContainerLifecycle(settings: LifecycleSettings(policy: policy))
        for event in [.handedOver(to: Self.unit), .startRequested, .spawned] + events {
            _ = lifecycle.handle(event, at: moment(1))
        }
        return lifecycle
    }

    /// From every state, by every event but a request for a start or a restart.
    @Test(arguments: StateTableTests.policies) func noEventStartsWhatAnInitOwns(policy: RestartPolicy) {
        var visited = 0
        for state in Samples.states(policy) {
            var owned = state.lifecycle
            _ = owned.handle(.handedOver(to: Self.unit), at: moment(99))
            guard owned.record.owner != nil else { continue }
            for sample in Samples.events {
                var lifecycle = owned
                let effects = lifecycle.handle(sample.event, at: moment(100))
                switch sample.event {
                case .startRequested, .restartRequested, .startRequestedByInit, .handedOver: continue
                case .spawned, .spawnFailed, .exited, .outOfMemory, .stopRequested, .stopTimerFired, .killRequested,
                    .pauseRequested, .frozen, .unpauseRequested, .backoffElapsed, .removeRequested, .removed,
                    .removeFailed, .updateRequested, .supervisorStarted, .supervisorStopping, .watchdogExpired:
                    break
                }
                // A start that the engine had begun before it was handed over is made.
                if case .starting = owned.state { continue }
                if case .stopping(let stopping) = owned.state, stopping.purpose == .restart { continue }
                visited += 1
                let launches = effects.contains(where: \.isLaunch)
                #expect(!launches, "\(state.name) + \(sample.name): \(effects)")
                #expect(lifecycle.state.kind != .backingOff, "\(state.name) + \(sample.name)")
            }
        }
        #expect(visited > 300)
    }

    @Test func theDecisionSaysWhoRestarts() {
        let failed = lifecycle(.always, [.exited(.exited(3), outOfMemory: false)])
        #expect(failed.state == .exited)
        #expect(
            failed.record.reason?.description
                == "exited with code 3 after 0 ms; systemd's web.service decides about restarts; no start")
        let well = lifecycle(.onFailure(maximumRetryCount: nil), [.exited(.exited(0), outOfMemory: false)])
        #expect(well.record.reason?.rule == .endedWell)
    }

    /// Three restarts by the init system, and then none: whether it asks or not. A user begins anew.
    @Test func theBudgetOfOnFailureIsCountedAcrossTheInitsStarts() {
        let end = LifecycleEvent.exited(.exited(3), outOfMemory: false)
        var container = lifecycle(.onFailure(maximumRetryCount: 3), [end])
        for count in 1...3 {
            #expect(container.refusal(ofInitStart: .restart) == nil)
            let effects = container.handle(.startRequestedByInit(.restart), at: moment(2))
            #expect(effects.contains(.launch(.user)))
            #expect(container.record.history.count == count)
            #expect(container.record.reason?.outcome == .restartByInit(count: count))
            for event in [.spawned, end] { _ = container.handle(event, at: moment(3)) }
        }
        #expect(container.record.reason?.rule == .retriesExhausted(maximum: 3))
        for start in [InitStart.restart, .boot] {
            #expect(container.refusal(ofInitStart: start)?.rule == .retriesExhausted(maximum: 3))
            #expect(container.handle(.startRequestedByInit(start), at: moment(4)) == [.reject(.initStartExhausted)])
        }
        #expect(container.handle(.startRequestedByInit(.user), at: moment(4)).contains(.launch(.user)))
        #expect(container.record.history.count == 0)
    }

    @Test func aRestartThatTheEngineOwesIsCalledOffWhenAnInitTakesOver() {
        var container = ContainerLifecycle(settings: LifecycleSettings(policy: .always))
        for event in [LifecycleEvent.startRequested, .spawned, .exited(.exited(3), outOfMemory: false)] {
            _ = container.handle(event, at: moment(1))
        }
        #expect(container.state.kind == .backingOff)
        let effects = container.handle(.handedOver(to: Self.unit), at: moment(2))
        #expect(effects.contains(.cancelTimer(.backoff)) && container.state == .exited)
        #expect(container.handle(.backoffElapsed, at: moment(3)).isEmpty)
        _ = container.handle(.handedOver(to: nil), at: moment(4))
        #expect(container.record.owner == nil)
        let boot = container.handle(.supervisorStarted(after: .reboot, alive: false), at: moment(5))
        #expect(boot.contains(.launch(.supervisorStart)))
    }

    @Test func aContainerThatIsRemovedWhenItEndsIsHandedToNobody() {
        var container = ContainerLifecycle(settings: LifecycleSettings(autoRemove: true))
        #expect(container.handle(.handedOver(to: Self.unit), at: moment(1)) == [.reject(.updateAutoRemove)])
    }
}
