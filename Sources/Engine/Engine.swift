public import NIOCore

/// The supervisor: the one interpreter of what Lifecycle and Restart decide.
///
/// All its state belongs to one event loop, which is the actor's executor: handlers of the same loop call it
/// without a hop, and nothing in it is ever touched by two threads.
public actor Engine {
    /// The loop that owns everything here.
    public nonisolated let loop: any EventLoop
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private nonisolated let executor: any SerialExecutor
    let configuration: EngineConfiguration

    /// An engine on a loop; it does nothing until it is started.
    public init(configuration: EngineConfiguration, loop: any EventLoop) {
        self.configuration = configuration
        self.loop = loop
        self.executor = loop.executor
    }
}
