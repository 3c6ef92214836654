public import Model
public import UnitFiles

/// The files for some containers, and what the user should know of them.
public struct GeneratedSet: Hashable, Sendable {
    /// The files, ordered by name.
    public var files: [GeneratedFile]
    /// In the order of the containers.
    public var notes: [GeneratorNote]
}

/// One file that an init system reads.
public struct GeneratedFile: Hashable, Sendable {
    /// The tree that a file is written from.
    public enum Tree: Hashable, Sendable {
        case systemd(SystemdUnit)
        case upstart(UpstartJob)
        case supervisord(SupervisordConfig)

        /// The bytes of the file.
        public func encoded() throws(UnitFileError) -> ByteString {
            switch self {
            case .systemd(let unit): try unit.encoded()
            case .upstart(let job): try job.encoded()
            case .supervisord(let config): try config.encoded()
            }
        }
    }

    /// Its name, without a directory.
    public var name: String
    /// What stands in it.
    public var tree: Tree
    /// The file as it is written.
    public var contents: ByteString
    /// SHA-256 over what it was made from, in hexadecimal; the file carries it too.
    public var source: String
    /// The name of the container; nil for the file of a group.
    public var container: String?
    /// Whether the init system starts it at boot once it is enabled.
    public var startsAtBoot: Bool
}

extension GeneratedFile {
    /// The init system that reads it.
    public var system: InitSystem {
        switch tree {
        case .systemd: .systemd
        case .upstart: .upstart
        case .supervisord: .supervisord
        }
    }
}
