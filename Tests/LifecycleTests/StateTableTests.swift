import Lifecycle
import Model
import Restart
import TestSupport
import Testing

@Suite struct StateTableTests {
    static let policies: [RestartPolicy] = [
        .no, .onFailure(maximumRetryCount: nil), .onFailure(maximumRetryCount: 1), .always, .unlessStopped,
    ]

    @Test func theSamplesReachEveryStateAndEvent() {
        let states = Samples.states(.always)
        #expect(Set(states.map(\.lifecycle.state.kind)) == Set(ContainerState.Kind.allCases))
        #expect(Set(Samples.events.map(\.event.kind)) == Set(LifecycleEvent.Kind.allCases))
        #expect(Set(states.map(\.name)).count == states.count)
        for state in states {
            #expect(
                state.name.hasPrefix(state.lifecycle.state.kind.rawValue), "\(state.name): \(state.lifecycle.state)")
        }
    }

    /// Every pair of a state and an event, under every policy, with and without `--rm`.
    @Test(arguments: policies, [false, true]) func everyPairKeepsTheRulesOfEffects(
        policy: RestartPolicy, autoRemove: Bool
    ) {
        var visited = 0
        for state in Samples.states(policy, autoRemove: autoRemove) {
            for sample in Samples.events {
                visited += 1
                var lifecycle = state.lifecycle
                let effects = lifecycle.handle(sample.event, at: moment(100))
                let pair: Comment = "\(state.name) + \(sample.name): \(effects) -> \(lifecycle.state)"

                let changed = lifecycle != state.lifecycle
                #expect((effects.first == .persist) == changed, pair)
                #expect(effects.count { $0 == .persist } <= 1, pair)
                if effects.contains(where: \.isRefusal) { #expect(effects.count == 1 && !changed, pair) }

                let launches = effects.count(where: \.isLaunch)
                #expect(launches <= 1, pair)
                if launches == 1 {
                    #expect(lifecycle.state.kind == .starting, pair)
                    #expect(!effects.contains(.releaseResources) && !effects.contains(.remove), pair)
                }
                if effects.contains(.remove) { #expect(lifecycle.state == .removing, pair) }
                if effects.contains(.forget) { #expect(effects.contains(.emit(.destroy)), pair) }
                let died = effects.contains(where: \.isDeath)
                if case .exited = sample.event { #expect(died == state.lifecycle.state.mayHaveProcess, pair) }
                if effects.contains(where: \.signalsProcess), sample.event != .spawned {
                    #expect(state.lifecycle.state.mayHaveProcess, pair)
                }
                if lifecycle.state.kind == .backingOff, state.lifecycle.state.kind != .backingOff {
                    #expect(
                        effects.contains { if case .armTimer(.backoff, _) = $0 { true } else { false } }
                            || state.name.contains("shutdown"), pair)
                }
            }
        }
        #expect(visited == 30 * 36)
    }

    /// Whatever is asked, there is an answer: a refusal, or something that is done.
    @Test func noRequestIsIgnored() {
        for state in Samples.states(.always) {
            for sample in Samples.events {
                switch sample.event {
                case .startRequested, .stopRequested, .killRequested, .pauseRequested, .unpauseRequested,
                    .restartRequested, .removeRequested, .updateRequested, .startRequestedByInit:
                    // A stop that finds a removal under way waits for the end that is coming anyhow.
                    if case .stopRequested = sample.event, state.name == "stopping (rm -f)" { continue }
                    var lifecycle = state.lifecycle
                    #expect(!lifecycle.handle(sample.event, at: moment(100)).isEmpty, "\(state.name) + \(sample.name)")
                case .spawned, .spawnFailed, .exited, .outOfMemory, .stopTimerFired, .frozen, .backoffElapsed,
                    .removed, .removeFailed, .supervisorStarted, .supervisorStopping, .watchdogExpired, .handedOver:
                    break
                }
            }
        }
    }

    /// A timer or report that comes twice does not act twice.
    @Test func aReportThatComesTwiceChangesNothingMore() {
        for state in Samples.states(.always) {
            for event in [LifecycleEvent.exited(.exited(3), outOfMemory: false), .backoffElapsed, .frozen, .removed] {
                var lifecycle = state.lifecycle
                _ = lifecycle.handle(event, at: moment(100))
                let once = lifecycle
                let effects = lifecycle.handle(event, at: moment(100))
                if case .exited = event, once.state.mayHaveProcess { continue }
                if event == .removed { continue }
                #expect(lifecycle == once && (effects.isEmpty || effects == [.thaw]), "\(state.name) + \(event)")
            }
        }
    }

    @Test func everyRefusalHasDockersStatusAndText() {
        for refusal in LifecycleRefusal.allCases {
            #expect([304, 409, 412, 500, 503].contains(refusal.status))
            #expect(refusal.message(id: "4f1c", reference: "web").count > 10)
        }
        #expect(
            LifecycleRefusal.removeRunning.message(id: "4f1c", reference: "web")
                == "cannot remove container \"web\": container is running: stop the container before removing or force remove"
        )
        #expect(
            LifecycleRefusal.isRestarting.message(id: "4f1c", reference: "web")
                == "Container 4f1c is restarting, wait until the container is running")
        #expect(
            LifecycleRefusal.startPaused.message(id: "4f1c", reference: "web")
                == "cannot start a paused container, try unpause instead")
    }

    @Test func theDocumentOfStatesIsInStep() throws {
        let inStep = try GeneratedPage.isInStep("docs/states.md", with: StateDocument.render())
        #expect(inStep, "run the tests with SERENO_REGENERATE=1")
    }

    @Test func theDocumentOfDifferencesIsInStep() throws {
        let page = try GeneratedPage.isInStep("docs/differences.md", with: Difference.document())
        let readme = try GeneratedPage.isInStep(
            "README.md", with: Difference.table(), between: "<!-- differences -->\n", and: "<!-- end of differences -->"
        )
        #expect(page && readme, "run the tests with SERENO_REGENERATE=1")
    }
}

extension Effect {
    var isRefusal: Bool { if case .reject = self { true } else { false } }
    var isLaunch: Bool { if case .launch = self { true } else { false } }
    var isDeath: Bool { if case .emit(.die) = self { true } else { false } }
    var signalsProcess: Bool {
        switch self {
        case .signal, .killAll, .freeze: true
        default: false
        }
    }
}
