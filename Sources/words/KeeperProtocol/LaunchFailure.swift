/// Where a launch failed.
public enum LaunchPhase: UInt8, Equatable, Sendable {
    /// No failure.
    case none = 0
    /// The keeper refused the request: the table is full (ENOSPC), the slot is in use (EEXIST), the process
    /// to adopt is not its child (ECHILD).
    case request = 1
    /// The plan is not sealed, not readable or not valid; `operation` is where, when that is known.
    case plan = 2
    /// A pipe or clone3(2) failed in the keeper: EMFILE, EAGAIN, ENOMEM, EPERM, ENOSPC.
    case clone = 3
    /// Joining the namespaces of a running container failed in the process between.
    case enter = 4
    /// An operation of the plan failed in the child.
    case operation = 5
    /// The child ended before it executed its program; `code` is its wait status.
    case died = 6
}

/// Why a process never executed its program.
public struct LaunchFailure: Equatable, Sendable {
    /// Where it failed.
    public var phase: LaunchPhase
    /// The operation's place in the plan, or -1.
    public var operation: Int32
    /// What the operation was doing, as in `LaunchStep`.
    public var step: LaunchStep
    /// The errno; in phase `died`, the wait status.
    public var code: Int32

    /// A failure; by default none.
    public init(phase: LaunchPhase = .none, operation: Int32 = -1, step: LaunchStep = .none, code: Int32 = 0) {
        self.phase = phase
        self.operation = operation
        self.step = step
        self.code = code
    }
}

/// What an operation was doing when it failed: the system call by its purpose. The numbers are those of
/// `enum clinux_step` in clinux_plan.h.
public enum LaunchStep: UInt16, Equatable, Sendable {
    /// The operation has a single step.
    case none = 0
    /// Opening the root directory of the container.
    case openRoot = 1
    /// Opening the target.
    case openTarget = 2
    /// Making the target or one of its parents.
    case makeTarget = 3
    /// Opening or cloning the source of a mount.
    case openSource = 4
    /// Setting the attributes of a mount.
    case setAttributes = 5
    /// Attaching a mount at its target.
    case attach = 6
    /// mount(2).
    case mount = 7
    /// Remounting with other flags.
    case remount = 8
    /// Changing the propagation of a mount.
    case propagation = 9
    /// pivot_root(2).
    case pivot = 10
    /// Detaching the old root.
    case detach = 11
    /// chdir(2).
    case changeDirectory = 12
    /// Opening a file.
    case open = 13
    /// Writing to a file.
    case write = 14
    /// setns(2).
    case setNamespace = 15
    /// A socket or its ioctl.
    case network = 16
    /// setgroups(2).
    case groups = 17
    /// setresgid(2).
    case group = 18
    /// setresuid(2).
    case user = 19
    /// Reading or setting capabilities.
    case capabilitySets = 20
    /// Dropping from the bounding set.
    case boundingSet = 21
    /// Raising the ambient set.
    case ambientSet = 22
    /// mknod(2).
    case makeNode = 23
    /// chmod(2) or chown(2) of what was made.
    case changeOwner = 24
    /// Making the terminal the controlling one.
    case controlTerminal = 25
    /// Making standard input, output and error of the passed descriptors.
    case standardStreams = 26
    /// Cloning the process inside the joined namespaces.
    case cloneInside = 27
    /// Joining the cgroup.
    case joinCgroup = 28
    /// execve(2).
    case execute = 29
    /// Memory for the arguments.
    case memory = 30
}
