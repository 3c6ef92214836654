internal import DockerAPI
internal import NIOHTTP1

/// What of a request's head decides where the request ends and whom it is for (RFC 9112).
enum RequestFraming {
    /// The most bytes between two pieces of a body that is sent in chunks: sizes, extensions, trailers.
    static let overheadLimit = 16 * 1024

    /// Refuses what has no clear end: a length that no file has. Refuses two hosts, as Go's server does (section 3.2).
    static func check(_ head: HTTPRequestHead) throws(RequestError) {
        guard head.headers["Host"].count <= 1 else { throw .invalid("too many Host headers") }
        for length in head.headers["Content-Length"] where Int(length) == nil {
            throw .invalid("bad Content-Length \"\(length.prefix(64))\"")
        }
    }
}
