/// Policy of automatic restarts: Docker's four.
public enum RestartPolicy: Hashable, Sendable {
    /// No restart.
    case no
    /// Restart after a failure, at most `maximumRetryCount` times since its last manual start; `nil` is without bound.
    case onFailure(maximumRetryCount: Int?)
    /// Restart after any end, and at each start of the supervisor, even after a user's stop.
    case always
    /// Restart after any end, unless a user stopped it.
    case unlessStopped

    /// The name in Docker's grammar.
    public var name: String {
        switch self {
        case .no: "no"
        case .onFailure: "on-failure"
        case .always: "always"
        case .unlessStopped: "unless-stopped"
        }
    }

    /// Bound of `on-failure` as the Engine API writes it; 0 when there is none.
    public var maximumRetryCount: Int {
        if case .onFailure(let count?) = self { return count }
        return 0
    }

    /// Cause of a refused policy, with dockerd's own text (moby, api/types/container/hostconfig.go, v25 and later).
    public enum Invalid: Error, Hashable, Sendable {
        case unknownName(String)
        case countNotAllowed(negative: Bool)
        case negativeCount

        /// dockerd's message.
        public var message: String {
            switch self {
            case .unknownName(let name):
                "invalid restart policy: unknown policy '\(name)'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'"
            case .countNotAllowed(let negative):
                "invalid restart policy: maximum retry count can only be used with 'on-failure'"
                    + (negative ? " and cannot be negative" : "")
            case .negativeCount: "invalid restart policy: maximum retry count cannot be negative"
            }
        }
    }

    /// A policy from the Engine API's two fields. An empty name is `no` with any count, for old clients.
    public init(name: String, maximumRetryCount count: Int) throws(Invalid) {
        switch name {
        case "": self = .no
        case "no", "always", "unless-stopped":
            guard count == 0 else { throw .countNotAllowed(negative: count < 0) }
            self = name == "no" ? .no : name == "always" ? .always : .unlessStopped
        case "on-failure":
            guard count >= 0 else { throw .negativeCount }
            self = .onFailure(maximumRetryCount: count == 0 ? nil : count)
        default: throw .unknownName(name)
        }
    }
}
