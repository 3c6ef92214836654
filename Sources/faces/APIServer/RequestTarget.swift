internal import DockerAPI

/// A request target taken apart: `/v1.47/containers/json?all=1`.
struct RequestTarget: Sendable {
    let version: APIVersion
    /// The path without the version; it starts with a slash.
    let path: String
    let query: QueryParameters

    /// Parses a target in origin or absolute form. Versions out of range are refused with dockerd's two sentences.
    init(_ target: String) throws(RequestError) {
        var rest = Substring(target)
        if !rest.hasPrefix("/"), let scheme = rest.range(of: "://") {
            rest = rest[scheme.upperBound...]
            rest = rest.firstIndex(of: "/").map { rest[$0...] } ?? "/"
        }
        guard rest.hasPrefix("/") else { throw .notFound(Self.pageNotFound) }
        let mark = rest.firstIndex(of: "?")
        query = QueryParameters(mark.map { rest[rest.index(after: $0)...] } ?? "")
        let whole = mark.map { rest[..<$0] } ?? rest
        guard let prefix = Self.versionPrefix(of: whole) else {
            version = .current
            path = String(whole)
            return
        }
        path = String(whole[prefix.end...])
        guard let wanted = APIVersion(prefix.text) else { throw .notFound(Self.pageNotFound) }
        if wanted < .minimum {
            throw .invalid(
                "client version \(prefix.text) is too old. Minimum supported API version is \(APIVersion.minimum), "
                    + "please upgrade your client to a newer version")
        }
        if wanted > .current {
            throw .invalid(
                "client version \(prefix.text) is too new. Maximum supported API version is \(APIVersion.current)")
        }
        version = wanted
    }

    static let pageNotFound = "page not found"

    /// The target `/`, of the newest version.
    static let root = RequestTarget()

    private init() {
        version = .current
        path = "/"
        query = QueryParameters("")
    }

    /// The version at the start of a path: `/v` digits and dots `/`, as dockerd's router recognizes it.
    private static func versionPrefix(of path: Substring) -> (text: Substring, end: String.Index)? {
        guard path.hasPrefix("/v") else { return nil }
        let start = path.index(path.startIndex, offsetBy: 2)
        guard let end = path[start...].firstIndex(of: "/"), end > start else { return nil }
        let text = path[start..<end]
        guard text.utf8.allSatisfy({ $0 == 0x2E || (0x30...0x39).contains($0) }) else { return nil }
        return (text, end)
    }
}

extension Substring {
    /// The first range of a literal, found without Foundation.
    fileprivate func range(of literal: String) -> Range<Index>? {
        var at = startIndex
        while at < endIndex {
            if self[at...].hasPrefix(literal) { return at..<index(at, offsetBy: literal.count) }
            at = index(after: at)
        }
        return nil
    }
}
