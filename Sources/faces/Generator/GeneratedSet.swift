public import Model
public import UnitFiles

/// The files for some containers, and notes for the user about them.
public struct GeneratedSet: Hashable, Sendable {
    /// The files, ordered by name.
    public var files: [GeneratedFile]
    /// The notes, in the order of the containers.
    public var notes: [GeneratorNote]
}

/// One file that an init system reads.
public struct GeneratedFile: Hashable, Sendable {
    /// The syntax tree of a file.
    public enum Tree: Hashable, Sendable {
        case systemd(SystemdUnit)
        case upstart(UpstartJob)
        case supervisord(SupervisordConfig)

        /// The tree as bytes.
        public func encoded() throws(UnitFileError) -> ByteString {
            switch self {
            case .systemd(let unit): try unit.encoded()
            case .upstart(let job): try job.encoded()
            case .supervisord(let config): try config.encoded()
            }
        }
    }

    /// The file's name, without a directory.
    public var name: String
    /// The tree of the file's contents.
    public var tree: Tree
    /// The file's contents.
    public var contents: ByteString
    /// SHA-256 over all that the file was made from, in hexadecimal; the file's header shows it too.
    public var source: String
    /// The name of the container; nil for the file of a group.
    public var container: String?
    /// Whether the init system starts it at boot once it is enabled.
    public var startsAtBoot: Bool
}

extension GeneratedFile {
    /// The init system that reads the file.
    public var system: InitSystem {
        switch tree {
        case .systemd: .systemd
        case .upstart: .upstart
        case .supervisord: .supervisord
        }
    }
}
