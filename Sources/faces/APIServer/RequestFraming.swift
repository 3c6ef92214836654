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
}
