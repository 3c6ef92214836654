/// Base 64 (RFC 4648), for the headers that need it (`X-Docker-Container-Path-Stat`, `Sec-WebSocket-Accept`).
public enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The encoded text, with padding.
    public static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word: UInt32 = 0
            for byte in group { word = word << 8 | UInt32(byte) }
            word <<= 8 * UInt32(3 - group.count)
            for digit in 0..<4 {
                let isPadding = digit > group.count
                text.append(isPadding ? 0x3D : alphabet[Int(word >> UInt32(18 - 6 * digit) & 0x3F)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
