internal import DockerAPI
import JSONFormat
internal import Model
internal import NIOCore
internal import NIOHTTP1

/// One request, its path already matched against a route.
struct APIRequest: Sendable {
    let method: HTTPMethod
    /// The path without the version prefix, not decoded.
    let path: String
    let version: APIVersion
    let query: QueryParameters
    let headers: HTTPHeaders
    /// What the `{…}` parts of the route matched, decoded, in order.
    let captures: [String]
    /// The whole body; empty for routes whose body is streamed.
    let body: ByteBuffer
    /// The body as it comes, for routes that ask for it.
    let stream: ByteStream?
    /// Who sent it, for requests that change something; `nil` for others, and when it cannot be had.
    let client: Client?
    /// All connections, whose counters can be asked for.
    let table: ConnectionTable

    /// The first capture: a container, image, exec instance or network.
    var name: String { captures.first ?? "" }

    /// Whether the client asked to turn the connection into a raw stream.
    var wantsUpgrade: Bool { headers.contains(name: "Upgrade") }

    /// The body as JSON. An absent body is the empty object, as dockerd has it.
    func json() throws(RequestError) -> JSON {
        if body.readableBytes == 0 { return [:] }
        let type = headers.first(name: "Content-Type") ?? ""
        guard type.split(separator: ";").first.map({ $0.lowercased() }) == "application/json" else {
            throw .invalid("unsupported Content-Type header (\(type)): must be 'application/json'")
        }
        do throws(JSONSyntaxError) {
            return try JSON(parsing: body.readableBytesView)
        } catch {
            switch error.message {
            case "EOF": throw .invalid("invalid JSON: got EOF while reading request body")
            case "unexpected content after JSON": throw .invalid(error.message)
            default: throw .invalid("invalid JSON: \(error.message)")
            }
        }
    }
}

/// What a handler answers.
enum APIResponse: Sendable {
    /// A JSON body.
    case json(JSON, status: HTTPResponseStatus = .ok)
    /// JSON that is text already.
    case encoded([UInt8])
    /// A body of plain text.
    case text(String, headers: HTTPHeaders = [:])
    /// No body.
    case empty(HTTPResponseStatus, headers: HTTPHeaders = [:])
    /// A body that comes in pieces; its headers go out at once.
    case stream(StreamedBody)
    /// The connection becomes a raw stream in both directions.
    case hijack(Hijack)
}
