/// A decoder that takes the framing off an answer's body: a length, chunks (RFC 9112), or everything until the end of
/// the stream.
struct BodyDecoder {
    private enum Framing {
        case length(Int)
        case untilEnd
        case chunkSize([UInt8])
        case chunk(Int)
        case chunkEnd
        case trailer(lineIsEmpty: Bool)
        case done
    }

    private var framing: Framing

    /// A decoder for the answer to a request; head and method decide the framing.
    init(head: ResponseHead, method: Request.Method) throws(ClientError) {
        if method == .head || head.status == 204 || head.status == 304 || head.status < 200 {
            framing = .done
        } else if head.header("Transfer-Encoding")?.lowercased().hasSuffix("chunked") == true {
            framing = .chunkSize([])
        } else if let text = head.header("Content-Length") {
            guard let length = Int(text), length >= 0 else { throw .malformed("Content-Length: \(text)") }
            framing = length == 0 ? .done : .length(length)
        } else {
            framing = .untilEnd
        }
    }

    /// Whether the body is whole.
    var isDone: Bool {
        if case .done = framing { return true }
        return false
    }

    /// Whether the body may end where the stream ends.
    var mayEndHere: Bool {
        switch framing {
        case .done, .untilEnd: true
        case .length, .chunkSize, .chunk, .chunkEnd, .trailer: false
        }
    }

    /// The body's bytes among received bytes; bytes after the body are dropped.
    mutating func decode(_ bytes: ArraySlice<UInt8>) throws(ClientError) -> [UInt8] {
        var rest = bytes
        return try take(from: &rest)
    }

    /// Takes the body's bytes from received bytes and leaves those after the body.
    mutating func take(from rest: inout ArraySlice<UInt8>) throws(ClientError) -> [UInt8] {
        var out: [UInt8] = []
        while !rest.isEmpty {
            switch framing {
            case .done: return out
            case .untilEnd:
                out += rest
                rest = []
                return out
            case .length(let left):
                let taken = rest.prefix(left)
                out += taken
                rest = rest.dropFirst(taken.count)
                framing = taken.count == left ? .done : .length(left - taken.count)
            case .chunk(let left):
                let taken = rest.prefix(left)
                out += taken
                rest = rest.dropFirst(taken.count)
                framing = taken.count == left ? .chunkEnd : .chunk(left - taken.count)
            case .chunkSize, .chunkEnd, .trailer: try decodeFraming(rest.removeFirst())
            }
        }
        return out
    }

    private mutating func decodeFraming(_ byte: UInt8) throws(ClientError) {
        switch framing {
        case .chunkSize(var line):
            guard byte == 0x0A else {
                line.append(byte)
                guard line.count <= 256 else { throw .malformed("chunk size") }
                framing = .chunkSize(line)
                return
            }
            let text = String(decoding: line.prefix { $0 != 0x3B && $0 != 0x0D && $0 != 0x20 }, as: UTF8.self)
            guard let size = Int(text, radix: 16), size >= 0 else { throw .malformed("chunk size: \(text)") }
            framing = size == 0 ? .trailer(lineIsEmpty: true) : .chunk(size)
        case .chunkEnd: if byte == 0x0A { framing = .chunkSize([]) }
        case .trailer(let lineIsEmpty):
            if byte == 0x0A {
                framing = lineIsEmpty ? .done : .trailer(lineIsEmpty: true)
            } else if byte != 0x0D {
                framing = .trailer(lineIsEmpty: false)
            }
        case .length, .untilEnd, .chunk, .done: return
        }
    }
}
