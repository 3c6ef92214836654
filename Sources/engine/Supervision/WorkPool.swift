package import NIOCore
package import NIOPosix

/// Threads for work that blocks.
package protocol WorkPool: Sendable {
    /// Has a thread carry out `body`; the future is completed on the loop.
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
