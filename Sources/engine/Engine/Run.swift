internal import LaunchPlan
internal import Linux
internal import Model

/// One run of a container or of an exec.
struct Run {
    /// The keeper's slot and the pump's feed: one number for both.
    let number: UInt64
    /// Zero until the keeper says it runs.
    var pid = 0
    var pidfd: SharedDescriptor?
    var terminal: SharedDescriptor?
    /// The inode numbers of the pipes of its output.
    var outputs: [UInt64] = []
    /// What is recorded of it, for an engine under another keeper; `nil` until it runs.
    var recorded: RecordedProcess?
    /// Whether its standard input is held by the keeper too.
    var holdsInput = false
    /// The plan until the process runs, to say which of its operations failed.
    var plan: Plan?
    /// What the keeper told of the end; taken up when the output was drained and the memory accounts were read.
    var end: End?
    var drained = false
    /// What is known of its memory; `nil` until the accounts were read.
    var memory: Memory?

    /// Its control group's accounts.
    enum Memory {
        case unremarkable
        case told(MemoryAccount)
    }

    /// How it ended.
    enum End {
        case exited(ExitStatus, MonotonicInstant)
        case failed(StartFailure)
    }
}
