/// The runtime that makes a container's processes.
public enum RuntimeName: Hashable, Sendable {
    /// Unset: the supervisor's default.
    case unset
    /// `native`: sereno's own isolation.
    case native
    /// `host`: processes of the host, in a control group of their own.
    case host
    /// An OCI runtime, by its name in the supervisor or the path of its program.
    case oci(String)

    /// A name as Docker writes it; every other text is an OCI runtime.
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

    /// This runtime, or `standard` where it is unset.
    public func or(_ standard: RuntimeName) -> RuntimeName { self == .unset ? standard : self }
}
