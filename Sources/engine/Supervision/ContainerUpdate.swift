public import Model

/// Changes by `update`; `nil` leaves a value.
public struct ContainerUpdate: Sendable {
    /// The new restart policy.
    public var restart: RestartPolicy?
    /// The new resources, complete.
    public var resources: ResourceSpec?

    /// No change.
    public init() {}

    /// The changes in the words of the history: `--restart on-failure:3`, resources without their values.
    package var words: String {
        let policy = restart.map { policy in
            "--restart \(policy.name)" + (policy.maximumRetryCount > 0 ? ":\(policy.maximumRetryCount)" : "")
        }
        return [policy, resources == nil ? nil : "of its resources"].compactMap(\.self).joined(separator: " and ")
    }
}
