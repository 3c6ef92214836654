public import JSONFormat

extension EngineClient {
    /// The most requests sent ahead of their answers. Their heads fit a socket's buffer many times over, so that
    /// neither side waits for the other to read.
    static let pipelineDepth = 32

    /// Requests many documents over one connection, several requests ahead of the answers (RFC 9112, section 9.3.2).
    /// `take` gets each document or refusal, in order, with the index of its request. Requests that an engine leaves
    /// unanswered when it closes are sent again one by one; so this is for requests without a body that change nothing.
    public func documents(
        _ requests: [Request], take: (Int, Result<JSON, ClientError>) throws -> Void
    ) throws {
        let version = try version()
        var depth = EngineClient.pipelineDepth
        var answered = 0
        while answered < requests.count {
            var pipeline = Pipeline(try Socket(to: address, through: tunnel))
            let before = answered
            var sent = answered
            while answered < requests.count {
                if sent - answered <= depth / 2 {
                    let end = min(requests.count, answered + depth)
                    let heads = try requests[sent..<end].map {
                        try $0.head(version: version, upgrade: false, keeps: true)
                    }
                    try pipeline.send(heads.joined())
                    sent = end
                }
                guard let answer = try pipeline.receive(requests[answered]) else { break }
                try take(answered, answer)
                answered += 1
            }
            guard answered > before || depth > 1 else { throw requests[answered].disconnected }
            depth = 1
        }
    }
}

/// A connection that carries the answers of several requests, one after the other.
private struct Pipeline: ~Copyable {
    private let socket: Socket
    private var bytes: ArraySlice<UInt8> = []

    init(_ socket: consuming Socket) { self.socket = socket }

    /// Sends text. An engine that has closed is noticed when its answers are read.
    func send(_ text: String) throws(ClientError) { _ = try socket.sendAll(Array(text.utf8)) }

    /// The next answer; `nil` when the engine closed before the answer began.
    mutating func receive(_ request: Request) throws(ClientError) -> Result<JSON, ClientError>? {
        while true {
            guard let (head, length) = try ResponseHead.parse(bytes) else {
                if try more() { continue }
                guard bytes.isEmpty else { throw request.disconnected }
                return nil
            }
            bytes = bytes.dropFirst(length)
            if head.status >= 200 { return try answer(head, request) }
        }
    }

    private mutating func answer(
        _ head: ResponseHead, _ request: Request
    ) throws(ClientError) -> Result<JSON, ClientError> {
        var decoder = try BodyDecoder(head: head, method: request.method)
        var body = try decoder.take(from: &bytes)
        while !decoder.isDone {
            guard try more() else {
                guard decoder.mayEndHere else { throw request.disconnected }
                break
            }
            body += try decoder.take(from: &bytes)
            guard body.count <= Response.maximumBody else { throw .tooLong(limit: Response.maximumBody) }
        }
        guard head.isAnswer else { return .failure(head.refusal(of: request, body: body)) }
        return .success(try JSON(answer: body))
    }

    /// Waits for bytes; returns false at the end of the stream.
    private mutating func more() throws(ClientError) -> Bool {
        while true {
            switch try socket.receive(wait: true) {
            case .bytes(let received):
                bytes = bytes.isEmpty ? received[...] : bytes + received
                return true
            case .nothingYet: continue
            case .end: return false
            }
        }
    }
}
