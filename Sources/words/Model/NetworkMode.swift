/// The network of a container.
public enum NetworkMode: Hashable, Sendable {
    /// Unset: the supervisor's default.
    case unset
    /// `default`.
    case `default`
    /// `bridge`.
    case bridge
    /// `none`: a network namespace of its own with only the loopback interface.
    case none
    /// `host`: the host's network.
    case host
    /// `container:REFERENCE`: the network of another container, by name or ID.
    case container(String)
    /// A network that a user made, by name or ID.
    case named(String)

    /// A mode as Docker writes it; every other text is the name of a network.
    public init(_ text: String) {
        switch text {
        case "": self = .unset
        case "default": self = .default
        case "bridge": self = .bridge
        case "none": self = .none
        case "host": self = .host
        default: self = NamespaceMode.partner(in: text).map { .container($0) } ?? .named(text)
        }
    }

    /// The text that `init` reads.
    public var text: String {
        switch self {
        case .unset: ""
        case .default: "default"
        case .bridge: "bridge"
        case .none: "none"
        case .host: "host"
        case .container(let reference): NamespaceMode.text(joining: reference)
        case .named(let name): name
        }
    }

    /// The container whose network is joined, by name or ID; `nil` when none is.
    public var partner: String? { if case .container(let reference) = self { reference } else { nil } }
}
