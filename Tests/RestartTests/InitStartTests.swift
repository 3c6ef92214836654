import Model
import Restart
import Testing

@Suite struct InitStartTests {
    @Test func everyCombinationIsGrantedAsTheTable() {
        var visited = 0
        for row in TruthTable.atInitStart {
            for stopper in everyStopper where stopper.signal == nil || stopper.counts {
                for count in 0...6 {
                    visited += 1
                    let maximum = row.policy.maximumRetryCount
                    let spent = maximum > 0 && count >= maximum
                    let cell = Array(stopper.counts ? row.stopped : row.untouched)[spent ? 1 : 0]
                    let stop = stopper.signal.map {
                        UserStop(verb: .stop, signal: $0, time: WallTime(nanoseconds: 1))
                    }
                    let refusal = refusalOfInitStart(
                        row.start, policy: row.policy, history: RestartHistory(count: count, userStop: stop))
                    #expect((refusal == nil) == (cell == "+"), "\(row) \(count): \(String(describing: refusal))")
                }
            }
        }
        #expect(visited == TruthTable.atInitStart.count * 13 * 7)
    }

    /// Whatever happened: with an owner nothing but staying down is decided, and the history is kept.
    @Test func withAnOwnerNothingIsStarted() {
        let unit = InitUnit(system: .upstart, name: "web")
        for row in TruthTable.rows {
            for (status, failed) in everyEnd {
                for count in 0...6 {
                    let history = RestartHistory(count: count)
                    let decision = decide(
                        policy: row.policy, backoff: .docker,
                        ended: .exited(status: status, ranFor: .zero, outOfMemory: false), history: history,
                        owner: unit)
                    let maximum = row.policy.maximumRetryCount
                    let column = !failed ? 0 : maximum > 0 && count >= maximum ? 2 : 1
                    let wouldRestart = row.untouched[column] == .restart
                    #expect(decision.action == (row.untouched[column] == .giveUp ? .giveUp : .stay))
                    #expect((decision.reason.rule == .leftToInit(unit)) == wouldRestart)
                    #expect(decision.history == history)
                    for end in SupervisorEnd.allCases {
                        let found = DownRecord(startedBefore: true, lastExit: status, restartPending: true)
                        let boot = decideAtSupervisorStart(
                            policy: row.policy, found: found, after: end, history: history, owner: unit)
                        #expect(boot.action == .stay && boot.history == history)
                    }
                }
            }
        }
    }
}
