internal import DockerAPI
internal import NIOHTTP1

/// The headers that decide where a request ends and for whom it is (RFC 9112).
enum RequestFraming {
    /// The most bytes between two pieces of a chunked body: sizes, extensions, trailers.
    static let overheadLimit = 16 * 1024

    /// Refuses a head that leaves the end unclear: a length that is no number. Refuses two hosts, as Go's server does
    /// (section 3.2).
    static func check(_ head: HTTPRequestHead) throws(RequestError) {
        guard head.headers["Host"].count <= 1 else { throw .invalid("too many Host headers") }
        for length in head.headers["Content-Length"] where Int(length) == nil {
            throw .invalid("bad Content-Length \"\(length.prefix(64))\"")
        }
    }

    /// The length of the body that a head declares; 0 when it declares none.
    static func length(_ head: HTTPRequestHead) -> Int {
        head.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
    }

    /// Whether other bytes than HTTP may follow the request, by the rule of the decoder (llhttp): it asks for an upgrade, or for
    /// a tunnel.
    static func mayEndHTTP(_ head: HTTPRequestHead) -> Bool {
        if head.method == .CONNECT { return true }
        return head.headers["Upgrade"].contains { !$0.isEmpty }
            && head.headers[canonicalForm: "Connection"].contains { $0.lowercased() == "upgrade" }
    }
}
