import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Supervision

/// Threads of which some hang, and bounds of what waits.
@Suite("Pools")
struct PoolTests {
    private let loop = NIOSingletons.posixEventLoopGroup.next()

    @Test("Work is done although more pieces hang than there are threads for those that do not")
    func hanging() async throws {
        let pool = GrowingThreadPool(standing: 2, most: 8)
        let gate = Gate()
        let hung = (0..<5).map { _ in pool.run(on: loop) { gate.pass() } }
        for number in 0..<20 { #expect(try await pool.run(on: loop) { number }.get() == number) }
        #expect(pool.count > 5 && pool.count <= 8)
        gate.open()
        for future in hung { try await future.get() }
    }

    @Test("There are never more threads than the bound, and what waits is done when one comes back")
    func bounded() async throws {
        let pool = GrowingThreadPool(standing: 1, most: 2)
        let gate = Gate()
        let hung = (0..<4).map { _ in pool.run(on: loop) { gate.pass() } }
        let waiting = pool.run(on: loop) { true }
        try await loop.scheduleTask(in: GrowingThreadPool.patience + .milliseconds(200)) {}.futureResult.get()
        #expect(pool.count == 2)
        gate.open()
        #expect(try await waiting.get())
        for future in hung { try await future.get() }
        #expect(pool.count == 2)
    }

    @Test("No thread is added while those that are there go on")
    func steady() async throws {
        let pool = GrowingThreadPool(standing: 2, most: 8)
        let quick = (0..<5_000).map { number in pool.run(on: loop) { number } }
        for future in quick { _ = try await future.get() }
        // A busy machine may look as if one hung, now and then.
        #expect(pool.count < 8)
    }

    @Test("What goes beyond the bound is refused at once with the sentence, and taken again when one has ended")
    func refusal() async throws {
        let pool = BoundedPool(GrowingThreadPool(standing: 2, most: 2), bound: 3, refusal: "three at once")
        let gate = Gate()
        let taken = (0..<3).map { _ in pool.run(on: loop) { gate.pass() } }
        let refused = await #expect(throws: EngineError.self) { try await pool.run(on: loop) {}.get() }
        #expect(refused == EngineError(.unavailable, "three at once"))
        gate.open()
        for future in taken { try await future.get() }
        #expect(try await pool.run(on: loop) { true }.get())
    }
}

/// What pieces of work wait for until it is opened.
private final class Gate: Sendable {
    private let condition = NSCondition()
    private let isHeld = Mutex(true)

    func pass() {
        condition.lock()
        while isHeld.withLock({ $0 }) { condition.wait() }
        condition.unlock()
    }

    func open() {
        condition.lock()
        isHeld.withLock { $0 = false }
        condition.broadcast()
        condition.unlock()
    }
}
