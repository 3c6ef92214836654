package import Linux
package import Model
package import NIOCore

/// Events of runs for the engine, on its loop.
package enum RunEvent: Sendable {
    /// The process executes its program.
    case began(RunOwner, number: RunID, pid: Int, pidfd: SharedDescriptor?, at: MonotonicInstant)
    /// An operation that may fail has failed; the launch goes on.
    case warned(RunOwner, String)
    /// The process ended. The engine reads the memory accounts and calls `Runs.account(_:_:)`.
    case ended(RunOwner, number: RunID, ExitStatus)
    /// The run is over; no event of it follows.
    case over(RunConclusion)
    /// A stray run is over; no event of it follows.
    case strayOver(number: RunID)
    /// Output for attached clients; the engine calls `Runs.credit(_:_:)` when they have it.
    case output(RunOwner, feed: RunID, OutputStream, ByteBuffer)
    /// A watched log has grown.
    case logGrown(ContainerID)
    /// The kernel may have killed in the container's control group for lack of memory.
    case memoryChanged(ContainerID, number: RunID)
    /// Standard input was closed, because the client requested it or the process reads no more.
    case inputClosed(RunOwner, number: RunID)
    /// Another engine takes over.
    case replace
    /// The last replacement has this result.
    case replaced(ReplacementReport)
    /// The keeper is gone.
    case keeperGone
}
