import JSONFormat
import Model
import NIOHTTP1

@testable import APIServer
@testable import DockerAPI

extension FuzzTarget {
    /// Bodies of create, update and exec.
    static let requests = FuzzTarget("requests", "a body becomes a specification or a refusal with a message") {
        input in
        guard let body = try? JSON(parsing: input) else { return }
        func refused(_ work: () throws(RequestError) -> Void) throws {
            do throws(RequestError) { try work() } catch {
                try hold(!error.message.isEmpty, "a refusal without a word")
            }
        }
        let host = ContainerCreateRequest.Host(processors: 2)
        try refused { () throws(RequestError) in _ = try ContainerCreateRequest(body).parse(on: host) }
        try refused { () throws(RequestError) in
            let update = try ContainerUpdateRequest(body)
            _ = try update.restartPolicy()
            _ = try update.resources(changing: ResourceSpec(), on: host)
        }
        try refused { () throws(RequestError) in _ = try ExecCreateRequest.parse(body) }
        try refused { () throws(RequestError) in _ = try ExecStartRequest(body) }
    }

    /// `filters=` and the patterns of names in it.
    static let filters = FuzzTarget("filters", "a pattern of names costs no more than the product of the lengths") {
        input in
        let parts = input.parts
        _ = try? Filters(parsing: parts[0], accepting: ["label", "name", "status"])
        let pattern = NamePattern(parts[0])
        let name = String(parts.dropFirst().joined().prefix(128))
        let clock = ContinuousClock()
        let start = clock.now
        _ = pattern?.matches(name)
        try hold(clock.now - start < .seconds(2), "the pattern \(parts[0]) takes \(clock.now - start)")
    }

    /// Request targets and their parameters.
    static let targets = FuzzTarget(
        "targets", "a target becomes a path and parameters, or a refusal; escapes are undone once"
    ) { input in
        let text = input.text
        if let target = try? RequestTarget(text) {
            try hold(target.path.hasPrefix("/"), "the path \(target.path) does not begin with a slash")
            for method in [HTTPMethod.GET, .POST, .DELETE, .HEAD, .PUT] {
                _ = RouteTable.dockerEngine.match(method, target.path)
            }
        }
        let escaped = input.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        try hold(percentDecoded(escaped) == text, "escaped and unescaped it is another text")
    }
}
