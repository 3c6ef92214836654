package import NIOCore
internal import Synchronization

/// A pool that refuses work beyond its bound at once and with a sentence, instead of letting it wait for ever.
package final class BoundedPool: WorkPool {
    /// Largest number of pieces of work that run or wait at once.
    private let bound: Int
    private let refusal: String
    private let pool: any WorkPool
    private let taken = Mutex(0)

    /// A pool that takes `bound` pieces of work at once. The next one fails with 503 and `refusal`.
    package init(_ pool: any WorkPool, bound: Int, refusal: String) {
        self.pool = pool
        self.bound = bound
        self.refusal = refusal
    }

    package func run<Value: Sendable>(
        on loop: any EventLoop, _ body: @escaping @Sendable () throws -> Value
    ) -> EventLoopFuture<Value> {
        let isTaken = taken.withLock { taken in
            guard taken < bound else { return false }
            taken += 1
            return true
        }
        guard isTaken else { return loop.makeFailedFuture(EngineError(.unavailable, refusal)) }
        let future = pool.run(on: loop, body)
        future.whenComplete { _ in self.taken.withLock { $0 -= 1 } }
        return future
    }
}
