internal import DockerAPI
internal import Engine
internal import FileService
internal import HostService
internal import ImageService
import JSONFormat
internal import Model
internal import NIOCore
internal import NIOHTTP1
internal import Supervisor

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
    /// The body as it comes, for routes that stream it; `nil` for others.
    let stream: ByteStream?
    /// The sender, for requests that change something; `nil` for others, and when the kernel does not report it.
    let client: Client?
    /// All connections, for the routes that report their counters.
    let table: ConnectionTable
    /// The supervisor that the request is made to.
    let supervisor: Supervisor
    /// The account of the bytes held in memory for the request's connection.
    let account: ConnectionAccount

    /// The first capture: a container, image, exec instance or network.
    var name: String { captures.first ?? "" }

    /// The service of images.
    var images: ImageService { supervisor.images }
    /// The service of containers' files.
    var files: FileService { supervisor.files }
    /// The service of facts about the host.
    var host: HostService { supervisor.host }

    /// Whether the client requested that the connection become a raw stream.
    var wantsUpgrade: Bool { headers.contains(name: "Upgrade") }

    /// The most values in a body. A container has tens of what a body lists; no honest request has tens of thousands.
    static let valueBound = 32_768
    /// The longest body that is parsed on the engine's loop, where every other request waits for it.
    private static let shortBody = 16 * 1024

    /// The body as JSON. An absent body is the empty object, as for dockerd.
    func json(on engine: isolated Engine) async throws -> JSON {
        if body.readableBytes == 0 { return [:] }
        let type = headers.first(name: "Content-Type") ?? ""
        guard type.split(byte: ";").first.map({ $0.lowercased() }) == "application/json" else {
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

    /// The longest text, in bytes: execve(2)'s bound of one argument (MAX_ARG_STRLEN).
    static let textBound = 128 * 1024

    /// Refuses texts longer than `textBound`, except profiles, which have a bound of their own.
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

/// The answer of a handler.
enum APIResponse: Sendable {
    /// A JSON body.
    case json(JSON, status: HTTPResponseStatus = .ok)
    /// A JSON body that is encoded already.
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
