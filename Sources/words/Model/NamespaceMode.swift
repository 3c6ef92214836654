/// Owner of the namespace of one kind that a container is in.
public enum NamespaceMode: Hashable, Sendable {
    /// Unset: the supervisor's default, a namespace of the container's own.
    case unset
    /// `private`: one of its own.
    case own
    /// `host`: the host's.
    case host
    /// `container:REFERENCE`: that of another container, by name or ID.
    case container(String)

    /// A mode as Docker writes it; `nil` for any other text.
    public init?(_ text: String) {
        switch text {
        case "": self = .unset
        case "private": self = .own
        case "host": self = .host
        default:
            guard let reference = Self.partner(in: text), !reference.isEmpty else { return nil }
            self = .container(reference)
        }
    }

    /// The text that `init` reads.
    public var text: String {
        switch self {
        case .unset: ""
        case .own: "private"
        case .host: "host"
        case .container(let reference): Self.text(joining: reference)
        }
    }

    /// The container whose namespace is joined, by name or ID; `nil` when none is.
    public var partner: String? { if case .container(let reference) = self { reference } else { nil } }

    private static let prefix = "container:"

    static func partner(in text: String) -> String? {
        text.dropping(prefix: prefix).map(String.init)
    }

    static func text(joining reference: String) -> String { prefix + reference }
}

/// Owner of the IPC namespace that a container is in, and the right to join it.
public enum IPCMode: Hashable, Sendable {
    /// Unset: the supervisor's default, `own`.
    case unset
    /// `private`: one of its own, which no other container may join.
    case own
    /// `shareable`: one of its own, with a /dev/shm that others may join.
    case shareable
    /// `none`: one of its own, without a /dev/shm.
    case none
    /// `host`: the host's.
    case host
    /// `container:REFERENCE`: that of another container, by name or ID.
    case container(String)

    /// A mode as Docker writes it; `nil` for any other text.
    public init?(_ text: String) {
        switch text {
        case "": self = .unset
        case "private": self = .own
        case "shareable": self = .shareable
        case "none": self = .none
        case "host": self = .host
        default:
            guard let reference = NamespaceMode.partner(in: text), !reference.isEmpty else { return nil }
            self = .container(reference)
        }
    }

    /// The text that `init` reads.
    public var text: String {
        switch self {
        case .unset: ""
        case .own: "private"
        case .shareable: "shareable"
        case .none: "none"
        case .host: "host"
        case .container(let reference): NamespaceMode.text(joining: reference)
        }
    }

    /// The container whose namespace is joined, by name or ID; `nil` when none is.
    public var partner: String? { if case .container(let reference) = self { reference } else { nil } }
}
