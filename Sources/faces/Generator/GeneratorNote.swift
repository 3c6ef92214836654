/// A note for the user about a container whose file was generated.
public enum GeneratorNote: Hashable, Sendable {
    /// The engine restarts the container too, and the generator cannot change that.
    case twoOwners(container: String, engine: EngineKind, policy: String)
    /// The container depends on one that gets no file.
    case dependencyWithoutFile(container: String, dependency: String)
    /// The format cannot express a bind source; the file waits for a directory above it.
    case mountShortened(container: String, path: String, written: String)
    /// The project's label cannot be the name of a group.
    case groupIgnored(container: String, label: String)
}

extension GeneratorNote: CustomStringConvertible {
    /// A sentence: what it is, and what to do.
    public var description: String {
        switch self {
        case .twoOwners(let container, let engine, let policy):
            "\(container): \(engine.rawValue) still restarts it by policy \(policy), and so would the init system; take the "
                + "policy away before you use the file: "
                + (engine == .podman
                    ? "create the container anew without it" : "\(engine.rawValue) update --restart=no \(container)")
        case .dependencyWithoutFile(let container, let dependency):
            "\(container): depends on \(dependency), which has no restart policy and so no file; name both, or give "
                + "\(dependency) a policy"
        case .mountShortened(let container, let path, let written):
            "\(container): the mount source \"\(path)\" cannot be written; waits for \(written) instead"
        case .groupIgnored(let container, let label):
            "\(container): \"\(label)\" cannot be the name of a group; it stays alone"
        }
    }
}
