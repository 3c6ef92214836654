package import NIOCore
internal import NIOPosix
internal import Synchronization

/// Threads that are made at the first work, so that a host that never needs them does not pay for them.
package final class LateThreadPool: WorkPool {
    private let numberOfThreads: Int
    private let pool = Mutex<NIOThreadPool?>(nil)

    package init(numberOfThreads: Int) { self.numberOfThreads = numberOfThreads }

    package func run<Value: Sendable>(
        on loop: any EventLoop, _ body: @escaping @Sendable () throws -> Value
    ) -> EventLoopFuture<Value> {
        let made = pool.withLock { pool in
            if let pool { return pool }
            let made = NIOThreadPool(numberOfThreads: numberOfThreads)
            made.start()
            pool = made
            return made
        }
        return made.runIfActive(eventLoop: loop, body)
    }
}
