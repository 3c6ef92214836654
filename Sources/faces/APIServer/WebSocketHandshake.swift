internal import DockerAPI
internal import NIOHTTP1

/// The request of a client to go on in WebSocket frames (RFC 6455, section 4).
struct WebSocketHandshake: Sendable {
    /// What the answer says in `Sec-WebSocket-Accept`.
    let accept: String
    /// The protocol within WebSocket that the client speaks; `nil` when it names none.
    let subprotocol: String?

    /// Reads the headers of the request. Errors have the texts of dockerd.
    init(_ headers: HTTPHeaders) throws(RequestError) {
        guard headers[canonicalForm: "Connection"].contains(where: { $0.lowercased() == "upgrade" }),
            headers[canonicalForm: "Upgrade"].contains(where: { $0.lowercased() == "websocket" })
        else { throw .invalid("not websocket protocol") }
        guard headers.first(name: "Sec-WebSocket-Version") == "13" else {
            throw .invalid("missing or bad WebSocket Version")
        }
        guard let key = headers.first(name: "Sec-WebSocket-Key"), !key.isEmpty else {
            throw .invalid("mismatch challenge/response")
        }
        accept = Base64.encode(SHA1.hash(Array((key + Self.suffix).utf8)))
        let subprotocols = headers[canonicalForm: "Sec-WebSocket-Protocol"]
        guard subprotocols.count <= 1 else { throw .invalid("missing or bad WebSocket-Protocol") }
        subprotocol = subprotocols.first.map(String.init)
    }

    /// The text that the protocol adds to a key (section 1.3).
    private static let suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// The lines of the answer's head that agree to the request, without the last, empty one.
    var head: String {
        var text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        text += "Sec-WebSocket-Accept: \(accept)\r\n"
        if let subprotocol { text += "Sec-WebSocket-Protocol: \(subprotocol)\r\n" }
        return text
    }
}

/// SHA-1 (FIPS 180-4), which keeps nothing secret; WebSocket asks for it as proof that the server has read the request.
enum SHA1 {
    /// The digest of bytes: 20 bytes.
    static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var message = bytes + [0x80]
        message += [UInt8](repeating: 0, count: (120 - message.count % 64) % 64)
        message += bigEndian(UInt64(bytes.count) * 8)
        var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
        for block in stride(from: 0, to: message.count, by: 64) { add(message[block..<block + 64], to: &state) }
        return state.flatMap(bigEndian)
    }

    private static func add(_ block: ArraySlice<UInt8>, to state: inout [UInt32]) {
        var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { at in
            block[at..<at + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        for at in 16..<80 { words.append(rotated(words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16], 1)) }
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
        for (at, word) in words.enumerated() {
            let (mixed, constant): (UInt32, UInt32) =
                switch at / 20 {
                case 0: (b & c | ~b & d, 0x5A82_7999)
                case 1: (b ^ c ^ d, 0x6ED9_EBA1)
                case 2: (b & c | b & d | c & d, 0x8F1B_BCDC)
                default: (b ^ c ^ d, 0xCA62_C1D6)
                }
            (a, b, c, d, e) = (rotated(a, 5) &+ mixed &+ e &+ constant &+ word, a, rotated(b, 30), c, d)
        }
        for (at, word) in [a, b, c, d, e].enumerated() { state[at] &+= word }
    }

    private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word << count | word >> (32 - count) }

    private static func bigEndian<Word: FixedWidthInteger>(_ word: Word) -> [UInt8] {
        withUnsafeBytes(of: word.bigEndian) { Array($0) }
    }
}
