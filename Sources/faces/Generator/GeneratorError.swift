public import Model
public import UnitFiles

/// The reason why nothing was generated.
public enum GeneratorError: ReadableError, Hashable, Sendable {
    /// No container has this name or ID.
    case unknownContainer(String)
    /// Several containers have an ID with this beginning.
    case ambiguousContainer(String)
    /// The container's policy is `no`, and the user chose none.
    case noPolicy(container: String)
    /// The container is removed when it ends, so nothing can start it again.
    case removesItself(container: String)
    /// Two containers or groups would share one file.
    case sharedFile(name: String, first: String, second: String)
    /// The file's name would be longer than `limit` bytes.
    case nameTooLong(name: String, limit: Int)
    /// The init system's format cannot express the container's settings.
    case inexpressible(container: String, UnitFileError)
    /// An option is unusable with the others: the option, the reason, and the remedy.
    case unusable(option: String, reason: String, remedy: String)
    /// The init system cannot send this signal, or `start -a` cannot pass it on.
    case signal(container: String, signal: String, InitSystem)
    /// An option needs a health check, and the container has none.
    case noHealthcheck(container: String, option: String)
    /// The containers depend on each other in a circle.
    case cycle([String])
}

extension GeneratorError {
    /// A sentence: what happened, to what, and what to do.
    public var message: String {
        switch self {
        case .unknownContainer(let name): "No such container: \(name)"
        case .ambiguousContainer(let name): "several containers have an ID that begins with \(name); give more of it"
        case .noPolicy(let name):
            "container \(name) has no restart policy, so there is nothing to keep up; give it one "
                + "(update --restart=unless-stopped \(name)), or say here which one it shall have (--restart=POLICY; "
                + "--restart=no for one that is started by hand)"
        case .removesItself(let name):
            "container \(name) is removed when it ends (--rm), so nothing can start it again; "
                + "create it without --rm"
        case .sharedFile(let name, let first, let second):
            "\(first) and \(second) would share the file \(name); rename one of them, or use another --prefix"
        case .nameTooLong(let name, let limit):
            "the file name \(name.prefix(60))… is longer than \(limit) bytes; give the container a shorter name"
        case .inexpressible(let container, let error): "container \(container) cannot be written: \(error.message)"
        case .unusable(let option, let reason, let remedy): "\(option): \(reason); \(remedy)"
        case .signal(let container, let signal, let system):
            "container \(container) stops by \(signal), which a \(system.rawValue) file cannot have sent; "
                + "create it with another --stop-signal"
        case .noHealthcheck(let container, let option):
            "\(option): container \(container) has no health check; create it with --health-cmd, "
                + "or choose another value"
        case .cycle(let names):
            "the containers \(names.joined(separator: ", ")) depend on each other in a circle; "
                + "change their depends_on"
        }
    }
}
