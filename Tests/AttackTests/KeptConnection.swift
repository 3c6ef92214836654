import TestSupport

/// A client that asks again and again over one connection.
final class KeptConnection {
    private let socket: EngineSocket

    init(_ supervisor: SupervisorUnderTest) throws { socket = try EngineSocket(supervisor) }

    /// The whole answer, whose length the engine says or which it sends in chunks.
    func request(_ method: String, _ path: String, _ body: String = "") throws -> (status: Int, body: String) {
        socket.send(
            "\(method) /v1.47\(path) HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n" + body)
        var text = ""
        while true {
            guard let bytes = socket.receive() else { throw TestFailure("\(method) \(path): no answer, after \(text)") }
            text += String(decoding: bytes, as: UTF8.self)
            if let answer = Self.whole(text) { return answer }
        }
    }

    private static func whole(_ text: String) -> (status: Int, body: String)? {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let head = text[..<end.lowerBound].lowercased().split(separator: "\r\n")
        let body = text[end.upperBound...]
        let status = head.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        if let line = head.first(where: { $0.hasPrefix("content-length:") }) {
            let length = line.split(separator: " ").last.flatMap { Int($0) } ?? 0
            return body.utf8.count >= length ? (status, String(body)) : nil
        }
        if head.contains("transfer-encoding: chunked") {
            return body.hasSuffix("0\r\n\r\n") ? (status, String(body)) : nil
        }
        // An answer that ends with what it is about, or has none.
        return (status, String(body))
    }
}
