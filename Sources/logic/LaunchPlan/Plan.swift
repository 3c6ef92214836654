/// What the keeper needs to make one process: the flags of clone3(2) and the operations for the child.
public struct Plan: Hashable, Sendable {
    /// CLONE_NEW* flags for clone3 itself.
    public var namespaces: UInt64
    /// Which of the passed descriptors is the cgroup directory to be born in (CLONE_INTO_CGROUP), if any.
    public var cgroupDescriptor: Int?
    /// Whether the child joins the namespaces of a running container first and is born inside its PID namespace:
    /// the index of the passed pidfd whose namespaces `enterFlags` are joined (exec into a container).
    public var enterDescriptor: Int?
    /// CLONE_NEW* of the namespaces to join with `enterDescriptor`.
    public var enterFlags: UInt64
    /// In order; the last is always `execute`.
    public var operations: [Operation]

    /// A plan with no namespaces of its own.
    public init(
        namespaces: UInt64 = 0, cgroupDescriptor: Int? = nil, enterDescriptor: Int? = nil, enterFlags: UInt64 = 0,
        operations: [Operation]
    ) {
        self.namespaces = namespaces
        self.cgroupDescriptor = cgroupDescriptor
        self.enterDescriptor = enterDescriptor
        self.enterFlags = enterFlags
        self.operations = operations
    }

    /// The host's path of what becomes `/`, for a process that gets a root file system.
    public var root: String? {
        for case .pivotRoot(let root) in operations { return root }
        return nil
    }
}
