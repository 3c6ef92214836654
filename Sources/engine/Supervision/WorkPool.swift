package import NIOCore
package import NIOPosix

/// Threads for work that blocks.
package protocol WorkPool: Sendable {
    /// Runs `body` on a thread. The future completes on the loop, with the error of `body` if it throws one.
    func run<Value: Sendable>(
        on loop: any EventLoop, _ body: @escaping @Sendable () throws -> Value
    ) -> EventLoopFuture<Value>
}

extension NIOThreadPool: WorkPool {
    package func run<Value: Sendable>(
        on loop: any EventLoop, _ body: @escaping @Sendable () throws -> Value
    ) -> EventLoopFuture<Value> {
        runIfActive(eventLoop: loop, body)
    }
}
