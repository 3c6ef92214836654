public import KeeperProtocol
public import LaunchPlan
public import Linux
public import Model

/// Why the engine cannot talk to its keeper, or not say this.
public enum KeeperError: ReadableError, Equatable, Sendable {
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

    /// What is wrong, and what to do.
    public var message: String {
        switch self {
        case .notStartedByKeeper: "no sereno-keeper has started this program: start the supervisor with sereno-keeper"
        case .keyTooLong(let key):
            "the name \(key.prefix(40))… of a process is longer than \(ProtocolBounds.keyLength) bytes"
        case .tooManyDescriptors(let count):
            "a process needs \(count) open files from the supervisor, more than \(ProtocolBounds.descriptorsPerFrame)"
        case .plan(let error): error.message
        case .system(let error): "ask the keeper: \(error.message)"
        case .closed: "the keeper has ended its connection to the supervisor"
        case .olderKeeper: "the running keeper is older than the supervisor and cannot do this: restart the service"
        case .malformed(let error): "the keeper's answer cannot be read: \(error.message)"
        }
    }
}

extension FrameError: ReadableError {
    /// What is wrong with the frame.
    public var message: String {
        switch self {
        case .short: "a frame is too short"
        case .wrongLength: "a frame has another length than it says"
        case .unknownKind: "a frame is of a kind that is not known"
        case .badValue: "a frame has a value out of its bounds"
        case .wrongDescriptors: "a frame came with another number of descriptors than it must have"
        case .outOfPlace: "a frame came out of place"
        case .wrongVersion: "the other side speaks another version of the protocol"
        case .full: "no more descriptors can be held"
        }
    }
}
