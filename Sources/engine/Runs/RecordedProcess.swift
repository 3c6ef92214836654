package import Linux

/// By what a process of a container is found again when its keeper is lost and nothing that it held was kept.
package struct RecordedProcess: Codable, Hashable, Sendable {
    /// The process.
    package var identity: ProcessIdentity
    /// The inode numbers of the pipes of its output, and of its errors.
    package var outputs: [UInt64]

    package init(identity: ProcessIdentity, outputs: [UInt64]) {
        self.identity = identity
        self.outputs = outputs
    }
}
