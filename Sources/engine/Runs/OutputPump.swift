internal import KeeperClient
internal import Linux
internal import Logs
internal import Model
internal import NIOCore

/// The thread that moves bytes: from the pipes of containers to their logs and to the engine's loop for attached clients, from
/// clients to containers, and messages from the keeper to the loop.
///
/// The engine sends it commands and receives its events on the loop; they share nothing else.
final class OutputPump: Sendable {
    /// Commands of the engine.
    enum Command: Sendable {
        /// Move output through this on its way to logs. It comes before the logs of an earlier engine are opened.
        case hold(OutputHold)
        /// Open the log of a container; runs that name it write there.
        case openLog(ContainerID, LogTarget)
        /// Close the log of a container.
        case closeLog(ContainerID)
        /// Report once when a log has grown.
        case watchLog(ContainerID)
        /// Begin to read the output of a run.
        case add(Feed.Setup)
        /// Copy output to the loop while `listening`.
        case listen(feed: RunID, listening: Bool)
        /// Count bytes of output that attached clients have taken.
        case credit(feed: RunID, bytes: Int)
        /// Write to the run's standard input.
        case input(feed: RunID, ByteBuffer, EventLoopPromise<Void>?)
        /// Close the run's standard input when all is written.
        case closeInput(feed: RunID)
        /// Read the rest of an ended run's output, at most this long, and report its end.
        case finish(feed: RunID, grace: Nanoseconds)
        /// End the thread when all feeds are closed.
        case stop(EventLoopPromise<Void>)
    }

    /// Events for the engine, on its loop.
    enum Event: Sendable {
        case keeper(KeeperEvent)
        case keeperGone
        case output(feed: RunID, OutputStream, ByteBuffer)
        case logGrown(ContainerID)
        /// The kernel may have killed in the run's control group for lack of memory.
        case memoryChanged(feed: RunID)
        /// Standard input was closed, because the client requested it or the process reads no more.
        case inputClosed(feed: RunID)
        /// All output of a run was read and logged, but for `lost` bytes.
        case drained(feed: RunID, lost: Int64)
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

    /// Sends a command to the thread.
    func send(_ command: Command) { mailbox.put(command) }
}
