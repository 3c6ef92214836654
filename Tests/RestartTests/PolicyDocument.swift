import Model
import Restart
import TestSupport
import Testing

/// docs/policies.md: what each policy decides, asked from the code.
enum PolicyDocument {
    static let policies: [(String, RestartPolicy)] = [
        ("no", .no), ("on-failure", .onFailure(maximumRetryCount: nil)),
        ("on-failure:3", .onFailure(maximumRetryCount: 3)), ("always", .always), ("unless-stopped", .unlessStopped),
    ]

    static func render() -> String {
        """
        # What the restart policies decide

        Written by the tests from the code (`SERENO_REGENERATE=1 scripts/test`); a test fails when it is stale.

        ## When a run has ended

        `on-failure:3` is shown with none and with three restarts made since the last manual start.

        \(table(of: ends(), columns: columns) { decide(policy: $0, backoff: .docker, ended: $2, history: $1) })

        A user's stop is `stop`, `rm -f`, or `kill` with KILL, TERM, INT, QUIT or the container's own stop signal. It holds until
        the container is started again.

        ## How long a restart waits

        \(delays())

        ## When a supervisor comes up

        A start made here is at once and sets the count of restarts back to 0. When only the engine was replaced nothing is
        decided: the containers lived on.

        \(table(of: found(), columns: columns) { policy, history, found in
            decideAtSupervisorStart(policy: policy, found: found, after: .reboot, history: history)
        })

        ## When an init system makes the restarts

        A container can be handed to a unit of systemd, upstart or supervisord. The policy decides as above when a run has ended,
        but the engine starts nothing, neither then nor when it comes up: the unit does, and `sereno start-condition` tells it
        whether it may.

        \(initStarts())

        Each automatic restart by the unit counts against the bound of `on-failure`; a start by a user begins anew.

        ## Which signals of `kill` are a user's stop

        \(signals())

        """
    }

    private static let columns: [(String, RestartPolicy, RestartHistory)] =
        policies.map { ($0.0, $0.1, RestartHistory()) }
        + [
            (
                "on-failure:3, spent", .onFailure(maximumRetryCount: 3),
                RestartHistory(count: 3, delay: .milliseconds(400))
            )
        ]

    private static let stop = UserStop(verb: .stop, signal: .terminate, time: WallTime(nanoseconds: 1))

    private static func ends() -> [(String, Bool, RunEnd)] {
        func ran(_ status: Model.ExitStatus, outOfMemory: Bool = false) -> RunEnd {
            .exited(status: status, ranFor: .seconds(1), outOfMemory: outOfMemory)
        }
        return [
            ("exits 0", false, ran(.exited(0))), ("exits 1 to 255", false, ran(.exited(3))),
            ("is killed by a signal", false, ran(.signaled(.kill, coreDumped: false))),
            ("runs out of memory", false, ran(.signaled(.kill, coreDumped: false), outOfMemory: true)),
            ("an end that nobody saw", false, ran(.unknown)),
            (
                "an automatic start fails", false,
                .startFailed(StartFailure(exitCode: 127, message: "exec: no such file or directory"))
            ),
            ("exits 0 after a user's stop", true, ran(.exited(0))),
            ("exits 137 after a user's stop", true, ran(.exited(137))),
        ]
    }

    private static func found() -> [(String, Bool, DownRecord)] {
        [
            ("was never started", false, DownRecord(startedBefore: false, lastExit: nil)),
            ("had exited 0", false, DownRecord(startedBefore: true, lastExit: .exited(0))),
            ("had failed", false, DownRecord(startedBefore: true, lastExit: .exited(3))),
            ("was running, nobody saw its end", false, DownRecord(startedBefore: true, lastExit: .unknown)),
            (
                "waited for its restart", false,
                DownRecord(startedBefore: true, lastExit: .exited(3), restartPending: true)
            ),
            ("was stopped by a user, exited 0", true, DownRecord(startedBefore: true, lastExit: .exited(0))),
            ("was stopped by a user, exited 137", true, DownRecord(startedBefore: true, lastExit: .exited(137))),
        ]
    }

    private static func table<Situation>(
        of rows: [(String, Bool, Situation)], columns: [(String, RestartPolicy, RestartHistory)],
        _ decide: (RestartPolicy, RestartHistory, Situation) -> Decision
    ) -> String {
        var text = "| the container |" + columns.map { " \($0.0) |" }.joined() + "\n"
        text += "|---|" + columns.map { _ in "---|" }.joined() + "\n"
        for (name, stopped, situation) in rows {
            text += "| \(name) |"
            for (_, policy, history) in columns {
                var history = history
                if stopped { history.userStop = stop }
                text += " \(word(decide(policy, history, situation))) |"
            }
            text += "\n"
        }
        text.removeLast()
        return text
    }

    private static func initStarts() -> String {
        var text = "| the unit starts it |" + columns.map { " \($0.0) |" }.joined() + "\n"
        text += "|---|" + columns.map { _ in "---|" }.joined() + "\n"
        let starts: [(String, InitStart)] = [
            ("for a user", .user), ("again, after it ended", .restart), ("as the machine comes up", .boot),
        ]
        for stopped in [false, true] {
            for (name, start) in starts {
                text += "| \(name)\(stopped ? ", stopped by a user" : "") |"
                for (_, policy, history) in columns {
                    var history = history
                    if stopped { history.userStop = stop }
                    let refusal = refusalOfInitStart(start, policy: policy, history: history)
                    text += refusal == nil ? " may |" : " may not |"
                }
                text += "\n"
            }
        }
        text.removeLast()
        return text
    }

    private static func word(_ decision: Decision) -> String {
        switch decision.action {
        case .restart(let span, _): span == .zero ? "starts" : "restarts in \(span)"
        case .stay: "stays down"
        case .giveUp: "gives up"
        }
    }

    private static func delays() -> String {
        var text = "| restart | delay | why |\n|---|---|---|\n"
        var history = RestartHistory()
        for run in 1...14 {
            let long = run == 13
            let decision = decide(
                policy: .always, backoff: .docker,
                ended: .exited(status: .exited(1), ranFor: long ? .seconds(10) : .seconds(1), outOfMemory: false),
                history: history)
            history = decision.history
            guard case .restart(let count, let delay) = decision.reason.outcome else { continue }
            text += "| \(count)\(long ? ", after a run of 10 s" : "") | \(delay.span) | \(decision.reason) |\n"
        }
        text.removeLast()
        return text
    }

    private static func signals() -> String {
        var text = "| signal | a user's stop |\n|---|---|\n"
        for signal in (1...31).compactMap({ Signal(number: $0) }) {
            let marks = marksUserStop(signal, stopSignal: nil)
            text += "| \(signal) | \(marks ? "yes" : "only as the container's stop signal") |\n"
        }
        text.removeLast()
        return text
    }
}

@Suite struct PolicyDocumentTests {
    @Test func theDocumentOfPoliciesIsInStep() throws {
        let inStep = try GeneratedPage.isInStep("docs/policies.md", with: PolicyDocument.render())
        #expect(inStep, "run the tests with SERENO_REGENERATE=1")
    }
}
