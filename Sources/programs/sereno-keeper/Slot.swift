import KeeperProtocolEmbedded

/// What is still to be told to the engine about a slot.
struct Untold: OptionSet {
    let rawValue: UInt8
    /// The whole state, to an engine that just came up.
    static let state = Untold(rawValue: 1)
    static let spawned = Untold(rawValue: 2)
    static let failed = Untold(rawValue: 4)
    static let exited = Untold(rawValue: 8)
}

/// One process of the engine's, from the request until it is forgotten.
struct Slot {
    var state: SlotState
    /// The process, or the one between while that has not told who the process is; -1 when there is none.
    var pidfd: Int32 = -1
    /// The reading end of the launch's reports; -1 when the launch is over.
    var reports: Int32 = -1
    /// The process between (exec into a container); zero when there is none or it was reaped.
    var between: Int32 = 0
    /// The process while it is not reaped; zero before it is known and after.
    var process: Int32 = 0
    /// Whether the child said that execve is next.
    var isExecuting = false
    /// Whether a system call filter may have kept the child from saying so.
    var isFiltered = false
    /// How many reports of the launch were read, and how many may be: a plan has fewer operations that can warn.
    var reported = 0
    static let mostReports = 1024
    /// Whether the engine let go of the slot while a process of it was still to be reaped.
    var isForgotten = false
    var isInUse = true
    var kept = InlineArray<8, Int32>(repeating: -1)
    var keptCount = 0
    var untold: Untold = []
    /// The next slot in the queue of those with something untold, or in the list of free ones; -1 ends both.
    var next: Int32 = -1
    var isQueued = false
    /// Whether it is no child of the keeper's: its pidfd tells its end.
    var isWatched = false
    /// Whether it has ended and its status is still to be learnt.
    var isEnding = false
    /// Whether the service manager has its descriptors.
    var isStored = false
    /// Whether it changed since the service manager was told.
    var isUnstored = false

    var hasProcesses: Bool { between != 0 || process != 0 }
}
