package import Linux
internal import Model
package import Records

/// One run of a container or of an exec.
package struct Run {
    /// The keeper's slot and the pump's feed: one number for both.
    package let number: UInt64
    /// Zero until the keeper says it runs.
    package var pid = 0
    /// The process; `nil` until it runs.
    package var pidfd: SharedDescriptor?
    /// The master side of its terminal.
    package var terminal: SharedDescriptor?
    /// The inode numbers of the pipes of its output.
    package var outputs: [UInt64] = []
    /// What is recorded of it, for an engine under another keeper; `nil` until it runs.
    package var recorded: RecordedProcess?
    /// Whether its standard input is held by the keeper too.
    package var holdsInput = false

    package init(number: UInt64) { self.number = number }
}
