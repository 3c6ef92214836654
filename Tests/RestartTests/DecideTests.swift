import Model
import Restart
import Testing

@Suite struct DecideTests {
    /// policy x max x exit code or signal x who stopped it x how long it ran x count: every combination against the table.
    @Test func everyCombinationDecidesAsTheTable() {
        let runs: [Nanoseconds] = [
            .zero, Nanoseconds(9_999_999_999), .seconds(10), Nanoseconds(10_000_000_001), .seconds(86_400),
        ]
        var visited = 0
        for row in TruthTable.rows {
            for (status, failed) in everyEnd {
                for stopper in everyStopper {
                    let userStop = stop(from: stopper)
                    for ranFor in runs {
                        for count in 0...6 {
                            visited += 1
                            let history = RestartHistory(
                                count: count, delay: count == 0 ? nil : delay(of: count), userStop: userStop)
                            let decision = decide(
                                policy: row.policy, backoff: .docker,
                                ended: .exited(status: status, ranFor: ranFor, outOfMemory: false), history: history)
                            let maximum = row.policy.maximumRetryCount
                            let column = !failed ? 0 : maximum > 0 && count >= maximum ? 2 : 1
                            let expected = (stopper.counts ? row.stopped : row.untouched)[column]
                            guard answer(decision) == expected else {
                                Issue.record("\(row.policy) \(status) \(stopper) \(ranFor) \(count): \(decision)")
                                return
                            }
                            if expected == .restart {
                                check(decision, count: count, ranFor: ranFor)
                            } else {
                                if decision.history != history {
                                    Issue.record("a decision to stay forgot: \(decision)")
                                }
                            }
                        }
                    }
                }
            }
        }
        #expect(visited == 7 * 321 * 21 * 5 * 7)
    }

    private func stop(
        from stopper: (signal: Signal?, verb: UserStop.Verb?, stopSignal: Signal?, counts: Bool)
    ) -> UserStop? {
        guard let signal = stopper.signal, let verb = stopper.verb else { return nil }
        let counts =
            switch verb {
            case .stop, .remove: true
            case .kill: marksUserStop(signal, stopSignal: stopper.stopSignal)
            }
        return counts ? UserStop(verb: verb, signal: signal, time: WallTime(nanoseconds: 1)) : nil
    }

    private func delay(of restart: Int) -> Nanoseconds { .milliseconds(TruthTable.delays[restart - 1]) }

    private func answer(_ decision: Decision) -> TruthTable.Answer {
        switch decision.action {
        case .restart: .restart
        case .stay: .stay
        case .giveUp: .giveUp
        }
    }

    private func check(_ decision: Decision, count: Int, ranFor: Nanoseconds) {
        let span = ranFor >= .seconds(10) ? delay(of: 1) : delay(of: count + 1)
        let basis: Reason.Delay.Basis =
            count == 0
            ? .first
            : ranFor >= .seconds(10) ? .reset(threshold: .seconds(10)) : .grown(from: delay(of: count))
        if decision.action != .restart(after: span, count: count + 1)
            || decision.reason.outcome != .restart(count: count + 1, delay: Reason.Delay(span: span, basis: basis))
            || decision.history.count != count + 1 || decision.history.delay != span
        {
            Issue.record("count \(count), ran \(ranFor): \(decision)")
        }
    }

    /// A failing container waits 0.1 0.2 0.4 ... 51.2 60 60 s, as was measured against dockerd.
    @Test func delaysGrowAsDockersDo() {
        var history = RestartHistory()
        var spans: [Int64] = []
        var bases: [Reason.Delay.Basis] = []
        for _ in TruthTable.delays {
            let decision = decide(
                policy: .always, backoff: .docker,
                ended: .exited(status: .exited(1), ranFor: .milliseconds(5), outOfMemory: false), history: history)
            history = decision.history
            guard case .restart(_, let delay) = decision.reason.outcome else {
                Issue.record("\(decision)")
                return
            }
            spans.append(delay.span.count / 1_000_000)
            bases.append(delay.basis)
        }
        #expect(spans == TruthTable.delays)
        #expect(bases.first == .first && bases[1] == .grown(from: .milliseconds(100)))
        #expect(bases.suffix(3) == [.capped, .capped, .capped])
    }

    /// `on-failure:3` and exit 7: four runs, count 3, for a lifetime budget that a healthy run does not refill.
    @Test func theBudgetOfOnFailureIsNotRefilledByALongRun() {
        var history = RestartHistory()
        var runs = 1
        while true {
            let decision = decide(
                policy: .onFailure(maximumRetryCount: 3), backoff: .docker,
                ended: .exited(status: .exited(7), ranFor: .seconds(3600), outOfMemory: false), history: history)
            history = decision.history
            guard case .restart = decision.action else {
                #expect(decision.action == .giveUp && decision.reason.rule == .retriesExhausted(maximum: 3))
                break
            }
            runs += 1
        }
        #expect(runs == 4 && history.count == 3)
    }

    /// Docker gives up for ever here (moby issue 28211).
    @Test func aFailedAutomaticStartIsRetriedAndCountsAgainstTheBound() {
        let failure = RunEnd.startFailed(StartFailure(exitCode: 128, message: "mount: /srv: no such file or directory"))
        for policy in [RestartPolicy.always, .unlessStopped, .onFailure(maximumRetryCount: nil)] {
            let history = RestartHistory(count: 2, delay: .milliseconds(200))
            let decision = decide(policy: policy, backoff: .docker, ended: failure, history: history)
            #expect(decision.action == .restart(after: .milliseconds(400), count: 3))
        }
        let spent = decide(
            policy: .onFailure(maximumRetryCount: 2), backoff: .docker, ended: failure,
            history: RestartHistory(count: 2, delay: .milliseconds(200)))
        #expect(spent.action == .giveUp)
        #expect(decide(policy: .no, backoff: .docker, ended: failure, history: RestartHistory()).action == .stay)
    }

    @Test func everySignalIsClassified() {
        let marking: Set<Int32> = [2, 3, 9, 15]
        for number in Int32(1)...64 {
            guard let signal = Signal(number: number) else { continue }
            #expect(marksUserStop(signal, stopSignal: nil) == marking.contains(number))
            #expect(marksUserStop(signal, stopSignal: signal))
            #expect(marksUserStop(signal, stopSignal: .hangup) == (marking.contains(number) || number == 1))
        }
    }
}

@Suite struct SupervisorStartTests {
    @Test func everyCombinationDecidesAsTheTable() {
        var visited = 0
        for row in TruthTable.atSupervisorStart {
            for end in SupervisorEnd.allCases {
                for (status, failed) in everyEnd {
                    for stopper in everyStopper where stopper.signal == nil || stopper.counts {
                        for count in 0...6 {
                            visited += 1
                            let stopped = stopper.counts
                            let maximum = row.policy.maximumRetryCount
                            let column = !failed ? 0 : maximum > 0 && count >= maximum ? 2 : 1
                            let cell = Array(stopped ? row.stopped : row.untouched)[column]
                            let userStop = stopper.signal.map {
                                UserStop(verb: .kill, signal: $0, time: WallTime(nanoseconds: 1))
                            }
                            let decision = decideAtSupervisorStart(
                                policy: row.policy, found: DownRecord(startedBefore: true, lastExit: status),
                                after: end, history: RestartHistory(count: count, userStop: userStop))
                            let expected = cell == "+" && end != .handover
                            let starts = decision.action == .restart(after: .zero, count: 0)
                            guard starts == expected else {
                                Issue.record("\(row.policy) \(end) \(status) \(stopper) \(count): \(decision)")
                                return
                            }
                            if starts, decision.history != RestartHistory() { Issue.record("\(decision)") }
                        }
                    }
                }
            }
        }
        #expect(visited == 7 * 4 * 321 * 13 * 7)
    }

    @Test func aContainerThatNeverRanIsLeftAlone() {
        for row in TruthTable.rows {
            for end in SupervisorEnd.allCases {
                let decision = decideAtSupervisorStart(
                    policy: row.policy, found: DownRecord(startedBefore: false, lastExit: nil), after: end,
                    history: RestartHistory())
                #expect(decision.action == .stay)
            }
        }
    }

    /// Docker's count already includes the restart that never came, so that on-failure:3 misses its third.
    @Test func aRestartThatWasOwedIsMade() {
        for count in 1...3 {
            let decision = decideAtSupervisorStart(
                policy: .onFailure(maximumRetryCount: 3),
                found: DownRecord(startedBefore: true, lastExit: .exited(1), restartPending: true), after: .reboot,
                history: RestartHistory(count: count, delay: .milliseconds(400)))
            #expect(decision.action == .restart(after: .zero, count: 0))
            #expect(decision.reason.rule == .restartPending)
        }
    }
}
