import Lifecycle
import Model
import Testing

/// What is started first when a supervisor comes up, how quickly, and what ends first when it goes down.
@Suite struct StartOrderTests {
    private let now = MonotonicInstant(nanoseconds: 5_000_000_000)
    private func at(_ milliseconds: Int64) -> MonotonicInstant { now.advanced(by: .milliseconds(milliseconds)) }
    private let unbounded = StartPace(perSecond: 0, burst: 1, jitter: .zero, patience: .seconds(60))

    @Test func theRateHoldsAfterTheBurst() {
        var queue = StartQueue<Int>(
            pace: StartPace(perSecond: 50, burst: 10, jitter: .zero, patience: .seconds(60)), seed: 1)
        for id in 0..<200 { queue.add(id, needs: [], at: now) }
        var started: [Int] = []
        var clock = now
        while !queue.isEmpty {
            let taken = queue.take(at: clock)
            #expect(taken.count <= 10)
            started += taken
            guard let next = queue.next(after: clock) else { break }
            #expect(next >= clock)
            clock = max(next, clock.advanced(by: Nanoseconds(1)))
        }
        #expect(started == Array(0..<200))
        // 190 behind the burst, 20 ms apart.
        #expect(clock.since(now) >= .milliseconds(3780) && clock.since(now) <= .milliseconds(3820))
    }

    @Test func jitterPutsOffByNoMoreThanItsBound() {
        let pace = StartPace(perSecond: 0, burst: 1, jitter: .milliseconds(20), patience: .seconds(60))
        var queue = StartQueue<Int>(pace: pace, seed: 7)
        for id in 0..<100 { queue.add(id, needs: [], at: now) }
        var at: [Int64: Int] = [:]
        for step in 0...20 { at[Int64(step)] = queue.take(at: self.at(Int64(step))).count }
        #expect(queue.isEmpty)
        #expect(at.values.filter { $0 > 0 }.count > 10)
        var again = StartQueue<Int>(pace: pace, seed: 7)
        for id in 0..<100 { again.add(id, needs: [], at: now) }
        let early = again.take(at: now).count + again.take(at: self.at(3)).count
        #expect(early == (0...3).reduce(0) { $0 + (at[Int64($1)] ?? 0) })
    }

    @Test func aNeedIsWaitedFor() {
        for condition in StartCondition.allCases {
            var queue = StartQueue<String>(pace: unbounded, seed: 1)
            queue.add("web", needs: [StartNeed("db", condition)], at: now)
            queue.add("db", needs: [], at: now)
            #expect(queue.take(at: now) == ["db"])
            #expect(queue.take(at: at(1)).isEmpty)
            for other in StartCondition.allCases where other != condition { queue.note("db", [other]) }
            #expect(queue.take(at: at(2)).isEmpty)
            queue.note("db", [condition])
            #expect(queue.take(at: at(3)) == ["web"])
            #expect(queue.next(after: at(3)) == nil)
        }
    }

    @Test func chainsComeInTheirOrder() {
        var queue = StartQueue<Int>(pace: unbounded, seed: 1)
        for id in 0..<50 { queue.add(id, needs: [StartNeed(id + 1, .started)], at: now) }
        var order: [Int] = []
        while !queue.isEmpty {
            let taken = queue.take(at: now)
            #expect(taken.count == 1)
            order += taken
            for id in taken { queue.note(id, [.started]) }
        }
        #expect(order == (0..<50).reversed())
    }

    @Test func patienceEnds() {
        var queue = StartQueue<String>(pace: unbounded, seed: 1)
        queue.add("db", needs: [], at: now)
        queue.add("web", needs: [StartNeed("db", .healthy)], at: now)
        #expect(queue.take(at: now) == ["db"])
        #expect(queue.next(after: now) == now.advanced(by: .seconds(60)))
        #expect(queue.take(at: now.advanced(by: .seconds(59))).isEmpty)
        #expect(queue.take(at: now.advanced(by: .seconds(60))) == ["web"])
    }

    @Test func aCircleIsBroken() {
        var queue = StartQueue<Int>(pace: unbounded, seed: 1)
        for id in 0..<3 { queue.add(id, needs: [StartNeed((id + 1) % 3, .started)], at: now) }
        #expect(queue.take(at: now) == [0])
        queue.note(0, [.started])
        #expect(queue.take(at: now) == [2])
        queue.note(2, [.started])
        #expect(queue.take(at: now) == [1])
    }

    @Test func whoIsNotAdmittedIsWaitedForAndNotTaken() {
        var queue = StartQueue<String>(pace: unbounded, seed: 1)
        queue.add("web", needs: [StartNeed("db", .started)], at: now)
        queue.add("db", needs: [], admitted: false, at: now)
        #expect(queue.take(at: now).isEmpty)
        queue.admit("db")
        #expect(queue.take(at: now) == ["db"])
        queue.note("db", [.started])
        #expect(queue.take(at: now) == ["web"])
    }

    @Test func whoIsNotHereIsNotWaitedFor() {
        var queue = StartQueue<String>(pace: unbounded, seed: 1)
        queue.add("web", needs: [StartNeed("gone", .healthy), StartNeed("web", .started)], at: now)
        #expect(queue.take(at: now) == ["web"])
    }

    @Test func whatIsTakenOutIsNotStartedAndHoldsNobodyUp() {
        var queue = StartQueue<String>(pace: unbounded, seed: 1)
        queue.add("db", needs: [], at: now)
        queue.add("web", needs: [StartNeed("db", .started)], at: now)
        #expect(queue.contains("db"))
        queue.remove("db")
        #expect(!queue.contains("db"))
        #expect(queue.take(at: now) == ["web"])
        #expect(queue.isEmpty)
    }

    @Test func whatOthersNeedEndsAfterThem() {
        let needs = ["web": ["app"], "app": ["db", "cache"], "cron": ["db"], "x": ["nobody"], "s": ["s"]]
        let waves = stopWaves(of: ["db", "cache", "app", "web", "cron", "x", "s"], needs: needs)
        #expect(waves == [["web", "cron", "x", "s"], ["app"], ["db", "cache"]])
        #expect(stopWaves(of: [1, 2, 3], needs: [1: [2], 2: [1], 3: [1]]) == [[3], [1, 2]])
        #expect(stopWaves(of: [Int](), needs: [:]).isEmpty)
    }

    @Test func everyWaveHasItsShareWithinTheWhole() {
        #expect(stopShare(of: .seconds(15), waves: 1) == .seconds(15))
        #expect(stopShare(of: .seconds(15), waves: 3) == .seconds(5))
        #expect(stopShare(of: .seconds(15), waves: 100) == .seconds(1))
        #expect(stopShare(of: .milliseconds(300), waves: 4) == .milliseconds(300))
        #expect(stopShare(of: .seconds(-1), waves: 2) == .zero)
    }
}
