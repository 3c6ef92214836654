internal import KeeperClient
internal import Linux
internal import Logs
internal import Model
internal import NIOCore

/// The thread that moves bytes: from the pipes of containers to their logs and to the engine's loop for attached
/// clients, from clients to containers, and messages from the keeper to the loop.
///
/// The engine talks to it by commands and hears of it by events on its own loop; they share nothing else.
final class OutputPump: Sendable {
    /// What the engine asks for.
    enum Command: Sendable {
        /// Move output through this on its way to logs. Comes before the logs that an earlier engine wrote are opened.
        case hold(OutputHold)
        /// Open the log of a container; runs that name it write there.
        case openLog(ContainerID, LogTarget)
        /// Close it.
        case closeLog(ContainerID)
        /// Tell once when a log has grown.
        case watchLog(ContainerID)
        /// Begin to read the output of a run.
        case add(Feed.Setup)
        /// Copy output to the loop while `listening`.
        case listen(feed: UInt64, listening: Bool)
        /// Bytes of output that attached clients have taken.
        case credit(feed: UInt64, bytes: Int)
        /// Write to the run's standard input.
        case input(feed: UInt64, ByteBuffer, EventLoopPromise<Void>?)
        /// Close the run's standard input when all is written.
        case closeInput(feed: UInt64)
        /// The run has ended: read what is left, at most this long, and tell.
        case finish(feed: UInt64, grace: Nanoseconds)
        /// End the thread when all feeds are closed.
        case stop(EventLoopPromise<Void>)
    }

    /// What the engine hears, on its loop.
    enum Event: Sendable {
        case keeper(KeeperEvent)
        case keeperGone
        case output(feed: UInt64, OutputStream, ByteBuffer)
        case logGrown(ContainerID)
        /// The kernel may have killed in its control group for lack of memory.
        case memoryChanged(feed: UInt64)
        /// Standard input was closed, because the client asked or the process reads no more.
        case inputClosed(feed: UInt64)
        /// Everything of a run was read and logged.
        case drained(feed: UInt64, lost: Int64)
    }

    private let mailbox: Mailbox<Command>

    /// Starts the thread.
    init(
        _ starter: PumpStarter, keeper: KeeperClient, loop: any EventLoop,
        onEvent: @escaping @Sendable (Event) -> Void
    ) throws {
        let mailbox = try Mailbox<Command>()
        self.mailbox = mailbox
        let (clock, faults) = (starter.clock, starter.faults)
        try starter.start {
            let pump = PumpLoop(
                loop: loop, clock: clock, keeper: keeper, mailbox: mailbox, faults: faults, onEvent: onEvent)
            if pump == nil { loop.execute { onEvent(.keeperGone) } }
            return pump
        }
    }

    /// Hands a command over.
    func send(_ command: Command) { mailbox.put(command) }
}
