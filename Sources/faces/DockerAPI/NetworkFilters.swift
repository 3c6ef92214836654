/// The `filters` of `GET /networks`.
public struct NetworkFilters: Sendable {
    private static let accepted: Set<String> = ["dangling", "driver", "id", "label", "name", "scope", "type"]

    private let filters: Filters
    /// Whether networks without use are wanted, which a predefined network never is; `nil` for any.
    private let dangling: Bool?

    /// Parses the parameter; names and values that dockerd refuses are refused with its texts.
    public init(parsing text: String) throws(RequestError) {
        filters = try Filters(parsing: text, accepting: Self.accepted)
        dangling = try Self.dangling(filters["dangling"] ?? [])
        for type in filters["type"] ?? [] where !["builtin", "custom"].contains(type) {
            throw .invalid("invalid filter: 'type'='\(type)'")
        }
    }

    private static func dangling(_ values: [String]) throws(RequestError) -> Bool? {
        guard let value = values.first else { return nil }
        guard values.count == 1 else { throw .invalid("got more than one value for filter key \"dangling\"") }
        switch value {
        case "0", "false": return false
        case "1", "true": return true
        default:
            throw .invalid(
                "invalid value for filter 'dangling', must be \"true\" (or \"1\"), or \"false\" (or \"0\")")
        }
    }

    /// Whether a network passes.
    public func select(_ network: PredefinedNetwork) -> Bool {
        dangling != true
            && filters.matches("driver") { $0 == network.driver }
            && filters.matches("name") { NamePattern.isMatch($0, network.rawValue) }
            && filters.matches("id") { NamePattern.isMatch($0, network.id) }
            && filters.matches("scope") { $0 == PredefinedNetwork.scope }
            && filters.matches("type") { $0 == "builtin" }
            && filters.matchesLabels([:])
    }
}
