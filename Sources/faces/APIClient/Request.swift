public import JSONFormat

/// One request to the Engine API. Its path lacks the version prefix.
public struct Request {
    /// The HTTP methods that the Engine API uses.
    public enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    /// The body of a request.
    public enum Body {
        /// No body.
        case empty
        /// A JSON document.
        case json(JSON)
        /// A text of another type.
        case text(contentType: String, String)
        /// A body in chunks until `next` returns `nil`; an error of `next` ends the request.
        case stream(contentType: String, next: () throws(ClientError) -> [UInt8]?)
    }

    /// The method.
    public var method: Method
    /// The path without the version prefix. Parts that a user typed are percent-encoded: see ``segment(_:)``.
    public var path: String
    /// The query in order. Names and values are encoded when they are sent.
    public var query: [(name: String, value: String)]
    /// Headers in addition to those that the client sets itself.
    public var headers: [(name: String, value: String)]
    /// The body.
    public var body: Body

    /// A request; all but method and path may be left out.
    public init(
        _ method: Method, _ path: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: Body = .empty
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// A user's text as a part of a path: without blanks around it, and as a clean path, so that `/web` is `web`. Everything but
    /// RFC 3986's unreserved characters, `:` and `/` is percent-encoded, so that an image's name stays readable and no `?` ends the
    /// path early. A request whose path has an empty part is not sent: see ``ClientError/emptyName(of:)``.
    public static func segment(_ text: String) -> String {
        var parts: [Substring] = []
        for part in text.trimmedOfBlanks.split(byte: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return encode(parts.joined(separator: "/"), keeping: [0x2F, 0x3A])
    }

    /// Method and path, as error texts show them.
    var name: String { "\(method.rawValue) \(path)" }

    /// The error of an engine that went away before its answer was whole.
    var disconnected: ClientError { .disconnected(request: name) }

    /// The head as text on the wire. With `keeps` the connection stays open for more requests.
    func head(version: String?, upgrade: Bool, keeps: Bool = false) throws(ClientError) -> String {
        let parts = path.split(byte: "/", omittingEmptySubsequences: false)
        if let empty = parts.dropFirst().firstIndex(where: \.isEmpty) {
            // The engine would read another path, such as that of the list.
            let noun = parts[empty - 1]
            throw .emptyName(of: String(noun.hasSuffix(bytes: "s") ? noun.dropLast() : noun))
        }
        var target = version.map { "/v" + $0 } ?? ""
        target += path
        var separator = "?"
        for (name, value) in query {
            target += separator + Request.encode(name, keeping: []) + "=" + Request.encode(value, keeping: [])
            separator = "&"
        }
        var text = "\(method.rawValue) \(target) HTTP/1.1\r\nHost: sereno\r\nUser-Agent: sereno\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if upgrade {
            text += "Connection: Upgrade\r\nUpgrade: tcp\r\n"
        } else if !keeps {
            text += "Connection: close\r\n"
        }
        switch body {
        case .empty: if method == .post || method == .put { text += "Content-Length: 0\r\n" }
        case .json(let value):
            text += "Content-Type: application/json\r\nContent-Length: \(value.text.utf8.count)\r\n"
        case .text(let type, let body): text += "Content-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n"
        case .stream(let type, _): text += "Content-Type: \(type)\r\nTransfer-Encoding: chunked\r\n"
        }
        return text + "\r\n"
    }

    private static func encode(_ text: String, keeping kept: [UInt8]) -> String {
        let digits: [UInt8] = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: out.append(byte)
            case let byte where kept.contains(byte): out.append(byte)
            default: out += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
