/// The source of a mount.
public enum MountSource: Hashable, Sendable {
    /// A file or directory of the host, by its absolute path.
    case bind(path: String)
    /// A volume, by its name.
    case volume(name: String)
    /// A file system of its own in memory.
    case tmpfs

    /// Kinds of sources, as Docker spells them.
    public enum Kind: String, Hashable, Sendable, CaseIterable { case bind, tmpfs, volume }

    /// A source of a kind; `text` is the path or name.
    public init(_ kind: Kind, _ text: String) {
        switch kind {
        case .bind: self = .bind(path: text)
        case .volume: self = .volume(name: text)
        case .tmpfs: self = .tmpfs
        }
    }

    /// Its kind.
    public var kind: Kind {
        switch self {
        case .bind: .bind
        case .volume: .volume
        case .tmpfs: .tmpfs
        }
    }

    /// Path or name, as Docker shows it; empty for tmpfs.
    public var text: String {
        switch self {
        case .bind(let path): path
        case .volume(let name): name
        case .tmpfs: ""
        }
    }

    /// Path of the host; `nil` for other sources.
    public var hostPath: String? { if case .bind(let path) = self { path } else { nil } }
}
