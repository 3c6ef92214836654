/// What makes the processes of a container.
public enum RuntimeName: Hashable, Sendable {
    /// Nothing was said; the supervisor's default.
    case unset
    /// `native`: sereno's own isolation.
    case native
    /// `host`: processes of the host, in a control group of their own.
    case host
    /// An OCI runtime, by the name that the supervisor knows it by or the path of its program.
    case oci(String)

    /// A name as Docker writes it.
    public init(_ text: String) {
        switch text {
        case "": self = .unset
        case "native": self = .native
        case "host": self = .host
        default: self = .oci(text)
        }
    }

    /// The text that `init` reads.
    public var text: String {
        switch self {
        case .unset: ""
        case .native: "native"
        case .host: "host"
        case .oci(let name): name
        }
    }

    /// This one, or `standard` where nothing was said.
    public func or(_ standard: RuntimeName) -> RuntimeName { self == .unset ? standard : self }
}
