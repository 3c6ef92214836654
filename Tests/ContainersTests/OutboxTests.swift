import Lifecycle
import Model
import NIOCore
import NIOEmbedded
import Records
import Testing

@testable import Containers

@Suite("The outbox of a container")
struct OutboxTests {
    private let now = MonotonicInstant(nanoseconds: 1)

    private func entry(_ seconds: Int64) -> HistoryEntry {
        HistoryEntry(time: WallTime(nanoseconds: seconds), monotonic: now)
    }

    @Test("carries effects out one after the other, never two at once")
    func order() {
        var outbox = Outbox()
        outbox.append(PendingEffect(effect: .thaw, at: now))
        outbox.persist(at: now)
        let (first, second) = (outbox.begin(), outbox.begin())
        #expect(first && !second)
        let thaw = outbox.next()
        #expect(thaw?.effect == .thaw)
        let decision = outbox.nextDecision()
        #expect(decision?.effect == nil)
        let persist = outbox.next()
        #expect(persist?.effect == .persist)
        outbox.resume()
        let again = outbox.begin()
        #expect(again)
    }

    @Test("writes once for all writings that wait, and takes the history along")
    func writing() {
        var outbox = Outbox()
        outbox.persist(at: now)
        outbox.remember(entry(1))
        outbox.persist(at: now)
        outbox.append(PendingEffect(effect: .thaw, at: now))
        let taken = outbox.takeHistory()
        #expect(taken.count == 1)
        #expect(outbox.history.isEmpty)
        #expect(outbox.pending.map(\.effect) == [.thaw])
    }

    @Test("keeps a bounded history for a disk that takes nothing, the newest of it, in its order")
    func refused() {
        var outbox = Outbox()
        for number in 0..<Int64(Outbox.historyBound) { outbox.remember(entry(number)) }
        let taken = outbox.takeHistory()
        outbox.remember(entry(1_000))
        outbox.putBack(taken)
        #expect(outbox.history.count == Outbox.historyBound)
        #expect(outbox.history.first?.time == WallTime(nanoseconds: 1))
        #expect(outbox.history.last?.time == WallTime(nanoseconds: 1_000))
    }

    @Test("keeps one end with the keeper, and gives the earlier back")
    func ends() {
        var outbox = Outbox()
        let earlier = [outbox.keepEnd(of: RunID(1)), outbox.keepEnd(of: RunID(2))]
        #expect(earlier == [nil, RunID(1)])
        let taken = [outbox.takeKeptEnd(), outbox.takeKeptEnd()]
        #expect(taken == [RunID(2), nil])
    }

    @Test("tells who waited when nothing is left, and carries nothing out once it is abandoned")
    func settling() throws {
        let loop = EmbeddedEventLoop()
        var outbox = Outbox()
        outbox.whenSettled(loop.makePromise())
        let settled = outbox.settle()
        #expect(settled.count == 1)
        for promise in settled { promise.succeed(()) }
        outbox.append(PendingEffect(effect: .thaw, at: now))
        outbox.whenSettled(loop.makePromise())
        let (callers, effects) = outbox.abandon()
        for caller in callers { caller.succeed(()) }
        #expect(callers.count == 1)
        #expect(effects.map(\.effect) == [.thaw])
        let begins = outbox.begin()
        #expect(!begins)
    }
}
