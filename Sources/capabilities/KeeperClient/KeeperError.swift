public import KeeperProtocol
public import LaunchPlan
public import Linux

/// Why the engine cannot talk to its keeper, or not say this.
public enum KeeperError: Error, Equatable, Sendable {
    /// The environment names no keeper: the engine was not started by one.
    case notStartedByKeeper
    /// A key is longer than `ProtocolBounds.keyLength` bytes.
    case keyTooLong(String)
    /// More descriptors than one frame or one slot can carry.
    case tooManyDescriptors(Int)
    /// The plan cannot be encoded.
    case plan(PlanEncodingError)
    /// A system call on the socket or for the plan failed.
    case system(LinuxError)
    /// The keeper closed the socket.
    case closed
    /// The keeper speaks an older version of the protocol, which cannot say this.
    case olderKeeper
    /// The keeper sent what is no frame.
    case malformed(FrameError)
}
