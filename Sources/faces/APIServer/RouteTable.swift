internal import DockerAPI
internal import Engine
internal import Model
internal import NIOHTTP1

/// One row of the table of routes.
struct Route: Sendable {
    /// The type of a handler. It runs on the engine's loop, isolated to the engine.
    typealias Handler = @Sendable (isolated Engine, APIRequest) async throws -> APIResponse

    /// How the request's body reaches the handler.
    enum Body: Sendable {
        /// Collected whole, up to `ConnectionHandler.collectedBodyLimit`.
        case collected
        /// Handed to the handler as it comes, without bound.
        case streamed
    }

    let method: HTTPMethod
    let pattern: Pattern
    let body: Body
    let handler: Handler

    init(_ method: HTTPMethod, _ pattern: String, body: Body = .collected, _ handler: @escaping Handler) {
        self.method = method
        self.pattern = Pattern(pattern)
        self.body = body
        self.handler = handler
    }

    /// A row for a request that Docker's API knows and this daemon does not serve yet.
    static func notBuilt(_ method: HTTPMethod, _ pattern: String, _ sentence: String) -> Route {
        refusing(method, pattern, .notBuilt(sentence))
    }

    /// A row that refuses its requests without waiting for their bodies.
    static func refusing(_ method: HTTPMethod, _ pattern: String, _ error: RequestError) -> Route {
        Route(method, pattern, body: .streamed) { _, _ in throw error }
    }
}

/// A path pattern: `{x}` matches one segment, `{x...}` one or more, as image names contain slashes.
struct Pattern: Sendable {
    private enum Segment: Sendable {
        case literal(Substring)
        case one
        case many
    }

    private let segments: [Segment]
    /// The first literal, which is the table's index.
    let first: String

    init(_ text: String) {
        let parts = text.split(byte: "/")
        segments = parts.map { part in
            if part.hasSuffix("...}") { return .many }
            return part.hasPrefix("{") ? .one : .literal(part)
        }
        first = parts.first.map(String.init) ?? ""
    }

    /// The decoded captures; `nil` when the path does not match.
    func match(_ path: [Substring]) -> [String]? {
        var captures: [String] = []
        var at = path.startIndex
        for (index, segment) in segments.enumerated() {
            guard at < path.endIndex else { return nil }
            switch segment {
            case .literal(let text):
                guard path[at] == text else { return nil }
                at += 1
            case .one:
                captures.append(percentDecoded(path[at]))
                at += 1
            case .many:
                let end = path.endIndex - (segments.count - index - 1)
                guard end > at else { return nil }
                captures.append(percentDecoded(path[at..<end].joined(separator: "/")))
                at = end
            }
        }
        return at == path.endIndex ? captures : nil
    }
}

/// All routes, found by method and path.
struct RouteTable: Sendable {
    private let byFirst: [String: [Route]]

    /// A table of rows. The first of two matching rows counts.
    init(_ routes: [Route]) {
        byFirst = Dictionary(grouping: routes, by: \.pattern.first)
    }

    /// The row for a request, and the captures; `nil` when no row matches.
    func match(_ method: HTTPMethod, _ path: String) -> (route: Route, captures: [String])? {
        let segments = path.split(byte: "/", omittingEmptySubsequences: true)
        guard let first = segments.first, let candidates = byFirst[String(first)] else { return nil }
        for route in candidates where route.method == method {
            if let captures = route.pattern.match(segments) { return (route, captures) }
        }
        return nil
    }
}
