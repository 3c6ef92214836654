internal import DockerAPI
internal import Engine
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
    /// What is held in memory for its connection.
    let account: ConnectionAccount

    /// The first capture: a container, image, exec instance or network.
    var name: String { captures.first ?? "" }

    /// Whether the client asked to turn the connection into a raw stream.
    var wantsUpgrade: Bool { headers.contains(name: "Upgrade") }

    /// The most values in a body: what a container has tens of, nobody asks for by tens of thousands.
    static let valueBound = 32_768
    /// The longest body that is parsed where everybody waits for it.
    private static let shortBody = 16 * 1024

    /// The body as JSON. An absent body is the empty object, as dockerd has it.
    func json(on engine: isolated Engine) async throws -> JSON {
        if body.readableBytes == 0 { return [:] }
        let type = headers.first(name: "Content-Type") ?? ""
        guard type.split(separator: ";").first.map({ $0.lowercased() }) == "application/json" else {
            throw RequestError.invalid("unsupported Content-Type header (\(type)): must be 'application/json'")
        }
        if body.readableBytes <= Self.shortBody { return try Self.parse(body) }
        let body = self.body
        return try await engine.compute { try Self.parse(body) }
    }

    private static func parse(_ body: ByteBuffer) throws(RequestError) -> JSON {
        let json: JSON
        do throws(JSONSyntaxError) {
            json = try JSON(parsing: body.readableBytesView, values: valueBound)
        } catch {
            switch error.message {
            case "EOF": throw .invalid("invalid JSON: got EOF while reading request body")
            case "unexpected content after JSON": throw .invalid(error.message)
            case "more values than may be":
                throw .init(status: 413, message: "request body has more than \(valueBound) values")
            default: throw .invalid("invalid JSON: \(error.message)")
            }
        }
        try checkTexts(json)
        return json
    }

    /// The longest text: what execve(2) takes of one (MAX_ARG_STRLEN).
    static let textBound = 128 * 1024

    /// Refuses longer texts, but for profiles, which have a bound of their own.
    private static func checkTexts(_ json: JSON) throws(RequestError) {
        switch json {
        case .null, .bool: return
        case .number(let text), .string(let text):
            guard text.utf8.count <= textBound else {
                throw .init(status: 413, message: "a text of the request body has more than \(textBound) bytes")
            }
        case .array(let elements): for element in elements { try checkTexts(element) }
        case .object(let object):
            for member in object where member.name.lowercased() != "securityopt" {
                guard member.name.utf8.count <= textBound else {
                    throw .init(status: 413, message: "a name of the request body has more than \(textBound) bytes")
                }
                try checkTexts(member.value)
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
