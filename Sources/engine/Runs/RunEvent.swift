package import Linux
package import Model
package import NIOCore

/// Events of runs for the engine, on its loop.
package enum RunEvent: Sendable {
    /// The process executes its program.
    case began(RunOwner, number: UInt64, pid: Int, pidfd: SharedDescriptor?, at: MonotonicInstant)
    /// An operation that may fail has failed; the launch goes on.
    case warned(RunOwner, String)
    /// The process ended. The engine reads the memory accounts and calls `Runs.account(_:_:)`.
    case ended(RunOwner, number: UInt64, ExitStatus)
    /// The run is over; no event of it follows.
    case over(RunConclusion)
    /// A stray run is over; no event of it follows.
    case strayOver(number: UInt64)
    /// Output for attached clients; the engine calls `Runs.credit(_:_:)` when they have it.
    case output(RunOwner, feed: UInt64, OutputStream, ByteBuffer)
    /// A watched log has grown.
    case logGrown(ContainerID)
    /// The kernel may have killed in the container's control group for lack of memory.
    case memoryChanged(ContainerID, number: UInt64)
    /// Standard input was closed, because the client requested it or the process reads no more.
    case inputClosed(RunOwner, number: UInt64)
    /// Another engine takes over.
    case replace
    /// The last replacement has this result.
    case replaced(ReplacementReport)
    /// The keeper is gone.
    case keeperGone
}
