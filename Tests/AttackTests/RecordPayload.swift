import TestSupport

/// The payload of a stored record as text, to be written again with one number changed and a checksum that matches.
struct RecordPayload {
    private let start: String?
    private(set) var payload: String

    /// Takes a record apart: `{"format":…,"version":1,"crc32c":"…","payload":…}`.
    init(_ record: String) {
        guard let sum = record.range(of: #""crc32c":""#), let body = record.range(of: #"","payload":"#) else {
            // One without a frame.
            start = nil
            payload = record
            return
        }
        start = String(record[..<sum.upperBound])
        payload = String(record[body.upperBound...].dropLast(2))
    }

    /// Members whose type is narrower than 64 bits with a sign: what does not fit is no number for the decoder, and such a record is one of
    /// another version, for which the supervisor does not start at all.
    private static let narrow: Set<String> = [
        "blkioWeight", "number", "code", "tmpfsMode", "run", "probes", "group", "kills",
    ]

    /// Where its numbers stand, in bytes.
    func numbers(besides others: Set<String>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var isText = false
        var begin: Int?
        let bytes = Array(payload.utf8)
        for (index, byte) in bytes.enumerated() {
            let isNumeric = !isText && ((0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E].contains(byte))
            if isNumeric, begin == nil { begin = index }
            if !isNumeric, let first = begin {
                let member = bytes[..<first].split(separator: 0x22, omittingEmptySubsequences: false).dropLast().last
                let isList = bytes[first - 1] != 0x3A
                if !isList, !Self.narrow.union(others).contains(String(decoding: member ?? [], as: UTF8.self)) {
                    found.append(first..<index)
                }
                begin = nil
            }
            if byte == 0x22, index == 0 || bytes[index - 1] != 0x5C { isText.toggle() }
        }
        return found
    }

    /// The same with another number in a place.
    func replacing(_ place: Range<Int>, with number: String) -> RecordPayload {
        var copy = self
        var bytes = Array(payload.utf8)
        bytes.replaceSubrange(place, with: Array(number.utf8))
        copy.payload = String(decoding: bytes, as: UTF8.self)
        return copy
    }

    /// The record whole, with words put in the place of others.
    func text(replacing words: [(String, String)]) -> String {
        var payload = payload
        for (old, new) in words {
            payload = payload.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
        }
        guard let start else { return payload }
        return start + Self.checksum(Array(payload.utf8)) + #"","payload":"# + payload + "}\n"
    }

    /// CRC-32C in eight hexadecimal digits.
    static func checksum(_ bytes: [UInt8]) -> String {
        var value = ~UInt32(0)
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
        }
        let digits = String(~value, radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}

extension String {
    /// The first place of a text in this one.
    fileprivate func range(of text: String) -> Range<String.Index>? { ranges(of: text).first }
}
