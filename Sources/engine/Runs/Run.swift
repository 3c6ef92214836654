package import Linux
package import Model
package import Records

/// One run of a container or of an exec.
package struct Run {
    /// Number of the keeper's slot and of the pump's feed.
    package let number: RunID
    /// Process number; zero until the keeper reports that it runs.
    package var pid = 0
    /// The process; `nil` until it runs.
    package var pidfd: SharedDescriptor?
    /// The master side of its terminal.
    package var terminal: SharedDescriptor?
    /// Inode numbers of the pipes of its output.
    package var outputs: [UInt64] = []
    /// Its record, for an engine under another keeper; `nil` until it runs.
    package var recorded: RecordedProcess?
    /// Whether the keeper holds its standard input too.
    package var holdsInput = false

    package init(number: RunID) { self.number = number }
}
