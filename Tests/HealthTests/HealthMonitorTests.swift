import Health
import Model
import Testing

@Suite struct HealthMonitorTests {
    private static func moment(_ milliseconds: Int64) -> Moment {
        Moment(
            monotonic: MonotonicInstant(nanoseconds: milliseconds * 1_000_000),
            wall: WallTime(nanoseconds: 1_000_000_000_000 + milliseconds * 1_000_000))
    }

    private static func spec(_ change: (inout HealthcheckSpec) -> Void = { _ in }) -> HealthcheckSpec {
        var spec = HealthcheckSpec()
        spec.test = ["CMD-SHELL", "check me"]
        spec.interval = 1_000_000_000
        spec.timeout = 200_000_000
        spec.retries = 2
        change(&spec)
        return spec
    }

    private static func plan(_ change: (inout HealthcheckSpec) -> Void = { _ in }) throws -> HealthPlan {
        try #require(HealthPlan(spec(change), shell: []))
    }

    private static func arm(_ milliseconds: Int64) -> HealthEffect { .arm(due: moment(milliseconds).monotonic) }

    private static func exited(_ code: Int32, _ text: String = "") -> ProbeEnd {
        var output = ProbeOutput()
        output.append(Array(text.utf8))
        return .exited(code: code, output)
    }

    // MARK: What a specification means

    @Test func silenceMeansDockersDefaults() throws {
        var spec = HealthcheckSpec()
        spec.test = ["CMD", "/check", "-x"]
        let plan = try #require(HealthPlan(spec, shell: ["/bin/ash"]))
        #expect(plan.arguments == ["/check", "-x"])
        #expect(plan.interval == .seconds(30) && plan.timeout == .seconds(30))
        #expect(plan.startPeriod == .zero && plan.startInterval == .seconds(5))
        #expect(plan.retries == 3)
    }

    @Test func theShellIsTheImagesOrBinSh() throws {
        #expect(try Self.plan().arguments == ["/bin/sh", "-c", "check me"])
        let other = try #require(HealthPlan(Self.spec(), shell: ["/bin/ash", "-e", "-c"]))
        #expect(other.arguments == ["/bin/ash", "-e", "-c", "check me"])
    }

    @Test(arguments: [[], ["NONE"], ["WHAT", "is this"]]) func nothingToCheckIsNoPlan(_ test: [String]) {
        #expect(HealthPlan(Self.spec { $0.test = test }, shell: []) == nil)
    }

    // MARK: Checks and verdicts

    @Test func aCheckBeginsAnIntervalAfterTheRunAndAfterTheLast() throws {
        var monitor = HealthMonitor(try Self.plan())
        #expect(monitor.shown == nil)
        #expect(monitor.handle(.began(run: RunID(7)), at: Self.moment(50)) == [Self.arm(1050), .remember])
        #expect(monitor.shown?.status == .starting)
        #expect(monitor.handle(.timerFired, at: Self.moment(1050)) == [.probe(1)])
        #expect(monitor.handle(.probeStarted(1), at: Self.moment(1060)) == [Self.arm(1260)])
        #expect(
            monitor.handle(.probeEnded(1, Self.exited(0, "fine")), at: Self.moment(1100))
                == [.disarm, Self.arm(2100), .remember, .announce(.healthy)])
        let result = try #require(monitor.shown?.log.first)
        #expect(result.start == Self.moment(1050).wall && result.end == Self.moment(1100).wall)
        #expect(result.exitCode == 0 && result.output == "fine")
        // A second success is no news.
        #expect(monitor.handle(.timerFired, at: Self.moment(2100)) == [.probe(2)])
        #expect(
            monitor.handle(.probeEnded(2, Self.exited(0)), at: Self.moment(2200))
                == [.disarm, Self.arm(3200), .remember])
    }

    /// Runs checks that end with these codes, a second apart; the verdicts after each.
    private func verdicts(_ plan: HealthPlan, _ codes: [Int32]) -> [(HealthSnapshot.Status?, Int)] {
        var monitor = HealthMonitor(plan)
        var time: Int64 = 0
        _ = monitor.handle(.began(run: RunID(1)), at: Self.moment(0))
        return codes.enumerated().map { index, code in
            time += 1000
            _ = monitor.handle(.timerFired, at: Self.moment(time))
            _ = monitor.handle(.probeEnded(UInt64(index + 1), Self.exited(code)), at: Self.moment(time))
            return (monitor.shown?.status, monitor.shown?.failingStreak ?? -1)
        }
    }

    @Test func retriesInARowMakeItUnhealthyAndOneSuccessHealthy() throws {
        let plan = try Self.plan { $0.retries = 3 }
        let found = verdicts(plan, [0, 1, 2, 0, 1, 1, 1, 1, 0])
        #expect(
            found.map(\.0) == [
                .healthy, .healthy, .healthy, .healthy, .healthy, .healthy, .unhealthy, .unhealthy, .healthy,
            ])
        #expect(found.map(\.1) == [0, 1, 2, 0, 1, 2, 3, 4, 0])
    }

    @Test func failuresOfTheStartPeriodDoNotCountUntilASuccess() throws {
        let plan = try Self.plan {
            $0.startPeriod = 3_500_000_000
            $0.retries = 1
        }
        #expect(verdicts(plan, [1, 1, 1, 1]).map(\.0) == [.starting, .starting, .starting, .unhealthy])
        #expect(verdicts(plan, [1, 1, 1, 1]).map(\.1) == [0, 0, 0, 1])
        #expect(verdicts(plan, [0, 1]).map(\.0) == [.healthy, .unhealthy])
    }

    @Test func theStartPeriodHasAnIntervalOfItsOwnUntilItIsOverOrItIsHealthy() throws {
        let plan = try Self.plan {
            $0.startPeriod = 2_000_000_000
            $0.startInterval = 100_000_000
        }
        var monitor = HealthMonitor(plan)
        #expect(monitor.handle(.began(run: RunID(1)), at: Self.moment(0)).first == Self.arm(100))
        _ = monitor.handle(.timerFired, at: Self.moment(100))
        let early = monitor.handle(.probeEnded(1, Self.exited(1)), at: Self.moment(110))
        #expect(early.contains(Self.arm(210)))
        _ = monitor.handle(.timerFired, at: Self.moment(210))
        #expect(monitor.handle(.probeEnded(2, Self.exited(0)), at: Self.moment(220)).contains(Self.arm(1220)))

        var late = HealthMonitor(plan)
        _ = late.handle(.began(run: RunID(1)), at: Self.moment(0))
        _ = late.handle(.timerFired, at: Self.moment(100))
        #expect(late.handle(.probeEnded(1, Self.exited(1)), at: Self.moment(2000)).contains(Self.arm(3000)))
    }

    @Test func theLogRemembersTheLastFive() throws {
        var monitor = HealthMonitor(try Self.plan())
        _ = monitor.handle(.began(run: RunID(1)), at: Self.moment(0))
        for number in 1...8 as ClosedRange<UInt64> {
            _ = monitor.handle(.timerFired, at: Self.moment(Int64(number)))
            _ = monitor.handle(.probeEnded(number, Self.exited(0, "\(number)")), at: Self.moment(Int64(number)))
        }
        #expect(monitor.shown?.log.map(\.output) == ["4", "5", "6", "7", "8"])
    }

    @Test func outputIsCutAtDockersBound() {
        var output = ProbeOutput()
        for _ in 0..<4095 { output.append([UInt8(ascii: "x")]) }
        #expect(output.text.utf8.count == 4095)
        output.append([UInt8(ascii: "y")])
        #expect(output.text.hasSuffix("xy") && output.text.utf8.count == 4096)
        output.append([UInt8(ascii: "z")])
        #expect(output.text.hasSuffix("xy...") && output.text.utf8.count == 4099)
    }

    @Test func aCheckThatTakesTooLongIsKilledAndFails() throws {
        var monitor = HealthMonitor(try Self.plan { $0.retries = 1 })
        _ = monitor.handle(.began(run: RunID(1)), at: Self.moment(0))
        _ = monitor.handle(.timerFired, at: Self.moment(1000))
        _ = monitor.handle(.probeStarted(1), at: Self.moment(1000))
        #expect(monitor.handle(.timerFired, at: Self.moment(1200)) == [.endProbe(1)])
        #expect(monitor.handle(.timerFired, at: Self.moment(1201)) == [])
        // Its code would be a success: too late.
        let effects = monitor.handle(.probeEnded(1, Self.exited(0, "slow")), at: Self.moment(1210))
        #expect(effects.contains(.announce(.unhealthy)))
        #expect(monitor.shown?.log.last?.exitCode == -1)
        #expect(monitor.shown?.log.last?.output == "Health check exceeded timeout (200ms): slow")
    }

    @Test func aCheckThatCannotBeStartedFailsWithItsReason() throws {
        var monitor = HealthMonitor(try Self.plan { $0.retries = 1 })
        _ = monitor.handle(.began(run: RunID(1)), at: Self.moment(0))
        _ = monitor.handle(.timerFired, at: Self.moment(1000))
        let effects = monitor.handle(.probeEnded(1, .notStarted("no such file")), at: Self.moment(1001))
        #expect(effects.contains(.announce(.unhealthy)))
        #expect(monitor.shown?.log.map(\.exitCode) == [-1] && monitor.shown?.log.map(\.output) == ["no such file"])
    }

    @Test func nothingIsLearnedWithoutAContainer() throws {
        var monitor = HealthMonitor(try Self.plan { $0.retries = 1 })
        _ = monitor.handle(.began(run: RunID(1)), at: Self.moment(0))
        _ = monitor.handle(.timerFired, at: Self.moment(1000))
        let effects = monitor.handle(.probeEnded(1, .noContainer), at: Self.moment(1001))
        #expect(monitor.shown?.log == [] && monitor.shown?.status == .starting)
        #expect(!effects.contains(.announce(.unhealthy)))
    }

    // MARK: Runs, pauses and engines

    /// A watch in each of its phases, by name.
    private func phases(_ plan: HealthPlan) -> [(String, HealthMonitor)] {
        var monitor = HealthMonitor(plan)
        var all = [("never ran", monitor)]
        _ = monitor.handle(.began(run: RunID(1)), at: Self.moment(0))
        all.append(("waiting", monitor))
        var suspended = monitor
        _ = suspended.handle(.suspended, at: Self.moment(10))
        all.append(("suspended", suspended))
        _ = monitor.handle(.timerFired, at: Self.moment(1000))
        all.append(("probing", monitor))
        var overdue = monitor
        _ = overdue.handle(.timerFired, at: Self.moment(1300))
        all.append(("overdue", overdue))
        _ = monitor.handle(.suspended, at: Self.moment(1010))
        all.append(("abandoning", monitor))
        _ = monitor.handle(.resumed, at: Self.moment(1020))
        all.append(("abandoning, then watching", monitor))
        return all
    }

    private static let events: [HealthEvent] = [
        .began(run: RunID(2)), .recovered(run: RunID(1)), .recovered(run: RunID(9)), .suspended, .resumed, .timerFired,
        .probeStarted(1),
        .probeStarted(99), .probeEnded(1, exited(0)), .probeEnded(1, exited(3)), .probeEnded(99, exited(0)),
        .probeEnded(1, .notStarted("x")), .probeEnded(1, .noContainer),
    ]

    @Test func everyPairOfPhaseAndEventKeepsTheRules() throws {
        let phases = phases(try Self.plan())
        #expect(Set(phases.map(\.1)).count == 7)
        for (name, before) in phases {
            for event in Self.events {
                var after = before
                let effects = after.handle(event, at: Self.moment(5000))
                let pair: Comment = "\(name) + \(event): \(effects)"
                // One probe at a time, none where one may still run, and every change of what is kept is written down.
                let probes = effects.count { if case .probe = $0 { true } else { false } }
                #expect(probes <= 1, pair)
                if probes == 1 { #expect(name == "waiting" && event == .timerFired, pair) }
                if before.record.snapshot != after.record.snapshot { #expect(effects.contains(.remember), pair) }
                if case .suspended = event, before.shown != nil {
                    #expect(after.shown?.status == .unhealthy, pair)
                    #expect(!effects.contains { if case .arm = $0 { true } else { false } }, pair)
                    #expect(after.handle(.timerFired, at: Self.moment(9000)) == [], pair)
                }
                if case .began = event { #expect(after.shown?.status == .starting, pair) }
                #expect((after.shown?.log.count ?? 0) <= HealthMonitor.remembered, pair)
                if case .probeStarted(99) = event { #expect(after == before && effects == [], pair) }
                if case .probeEnded(99, _) = event { #expect(after == before && effects == [], pair) }
            }
        }
    }

    @Test func aNewRunBeginsAnewButKeepsTheLog() throws {
        var monitor = HealthMonitor(try Self.plan { $0.retries = 1 })
        _ = monitor.handle(.began(run: RunID(1)), at: Self.moment(0))
        _ = monitor.handle(.timerFired, at: Self.moment(1000))
        _ = monitor.handle(.probeEnded(1, Self.exited(4)), at: Self.moment(1000))
        #expect(monitor.handle(.suspended, at: Self.moment(1500)) == [.disarm, .remember])
        #expect(monitor.shown?.status == .unhealthy && monitor.shown?.failingStreak == 1)
        _ = monitor.handle(.began(run: RunID(2)), at: Self.moment(2000))
        #expect(monitor.shown?.status == .starting && monitor.shown?.failingStreak == 0)
        #expect(monitor.shown?.log.map(\.exitCode) == [4])
    }

    @Test func aCheckOfAnEarlierRunIsKilledAndItsResultNotTaken() throws {
        var monitor = HealthMonitor(try Self.plan { $0.retries = 1 })
        _ = monitor.handle(.began(run: RunID(1)), at: Self.moment(0))
        _ = monitor.handle(.timerFired, at: Self.moment(1000))
        #expect(monitor.handle(.suspended, at: Self.moment(1001)) == [.disarm, .endProbe(1), .remember])
        #expect(monitor.handle(.began(run: RunID(2)), at: Self.moment(1002)) == [.remember])
        #expect(monitor.handle(.probeEnded(1, Self.exited(0)), at: Self.moment(1100)) == [Self.arm(2100)])
        #expect(monitor.shown?.status == .starting && monitor.shown?.log == [])
    }

    @Test func theNextEngineGoesOnWhereTheLastOneWas() throws {
        let plan = try Self.plan()
        var first = HealthMonitor(plan)
        _ = first.handle(.began(run: RunID(5)), at: Self.moment(0))
        _ = first.handle(.timerFired, at: Self.moment(1000))
        _ = first.handle(.probeEnded(1, Self.exited(0)), at: Self.moment(1000))

        var next = HealthMonitor(plan, record: first.record)
        #expect(next.shown?.status == .healthy && next.shown?.log.count == 1)
        #expect(next.handle(.recovered(run: RunID(5)), at: Self.moment(1500)) == [Self.arm(2000)])
        // What was due meanwhile is due now; a clock that was set back delays nothing.
        var late = HealthMonitor(plan, record: first.record)
        #expect(late.handle(.recovered(run: RunID(5)), at: Self.moment(7000)) == [Self.arm(7000)])
        var early = HealthMonitor(plan, record: first.record)
        #expect(early.handle(.recovered(run: RunID(5)), at: Self.moment(1)) == [Self.arm(1001)])
        // Numbers are not used twice, so that the end of an old check is not taken for the end of a new one.
        #expect(late.handle(.timerFired, at: Self.moment(7000)) == [.probe(2)])
        // Another run that began while nobody watched is a new run.
        var other = HealthMonitor(plan, record: first.record)
        _ = other.handle(.recovered(run: RunID(6)), at: Self.moment(1500))
        #expect(other.shown?.status == .starting)
    }
}
