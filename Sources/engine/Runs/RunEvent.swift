package import Linux
package import Model
package import NIOCore

/// What the engine hears of runs, on its loop.
package enum RunEvent: Sendable {
    /// The process executes its program.
    case began(RunOwner, number: UInt64, pid: Int, pidfd: SharedDescriptor?, at: MonotonicInstant)
    /// An operation that may fail did; the launch goes on.
    case warned(RunOwner, String)
    /// The process ended; the memory accounts are to be looked at, and `Runs.account(_:_:)` to be called.
    case ended(RunOwner, number: UInt64, ExitStatus)
    /// Nothing more comes.
    case over(RunConclusion)
    /// Nothing more comes of a stray.
    case strayOver(number: UInt64)
    /// Output that clients listen to; `Runs.credit(_:_:)` when they have it.
    case output(RunOwner, feed: UInt64, OutputStream, ByteBuffer)
    /// A log has grown that was watched.
    case logGrown(ContainerID)
    /// The kernel may have killed in its control group for lack of memory.
    case memoryChanged(ContainerID, number: UInt64)
    /// Standard input was closed, because the client asked or the process reads no more.
    case inputClosed(RunOwner, number: UInt64)
    /// Another engine shall take over.
    case replace
    /// How the last replacement went.
    case replaced(ReplacementReport)
    /// The keeper is gone.
    case keeperGone
}
