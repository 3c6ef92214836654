internal import FoundationEssentials
internal import Model

/// The frame around each JSON file: `{"format":"sereno-state","version":1,"crc32c":"…","payload":…}`.
///
/// The file as a whole is JSON; the checksum is that of the payload's bytes as they are written.
struct Envelope {
    /// The last component of the format's name: `spec` or `state`.
    let kind: String
    /// The version written, and the newest one read.
    static let version = 1

    private static let middle = Array(#","crc32c":""#.utf8)
    private static let beforePayload = Array(#"","payload":"#.utf8)
    private static let end = Array("}\n".utf8)

    private var start: [UInt8] { Array(#"{"format":"sereno-\#(kind)","version":"#.utf8) }

    func wrap(_ payload: [UInt8]) -> [UInt8] {
        var bytes = start
        bytes.reserveCapacity(payload.count + 96)
        bytes += Array(String(Self.version).utf8) + Self.middle
        bytes += Array(CRC32C.text(CRC32C.checksum(payload)).utf8) + Self.beforePayload
        bytes += payload
        bytes += Self.end
        return bytes
    }

    func unwrap(_ bytes: [UInt8]) throws(DamageFound) -> ArraySlice<UInt8> {
        guard bytes.starts(with: start) else { throw DamageFound(.malformed) }
        var rest = bytes.dropFirst(start.count)
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard let version = Int(String(decoding: digits, as: UTF8.self)), version > 0 else {
            throw DamageFound(.malformed)
        }
        guard version <= Self.version else {
            throw DamageFound(.newerVersion(found: version, supported: Self.version))
        }
        rest = rest.dropFirst(digits.count)
        guard rest.starts(with: Self.middle) else { throw DamageFound(.malformed) }
        rest = rest.dropFirst(Self.middle.count)
        guard let sum = CRC32C.parse(rest.prefix(8)) else { throw DamageFound(.malformed) }
        rest = rest.dropFirst(8)
        guard rest.starts(with: Self.beforePayload), rest.suffix(2).elementsEqual(Self.end) else {
            throw DamageFound(.malformed)
        }
        let payload = rest.dropFirst(Self.beforePayload.count).dropLast(Self.end.count)
        guard CRC32C.checksum(payload) == sum else { throw DamageFound(.checksum) }
        return payload
    }

    func encode(_ value: some Encodable, path: String) throws(StoreError) -> [UInt8] {
        wrap(try StoredJSON.encode(value, path: path))
    }

    func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws(DamageFound) -> Value {
        let payload = try unwrap(bytes)
        do {
            return try StoredJSON.decode(type, from: payload)
        } catch {
            throw DamageFound(.undecodable(DecodingReason.text(error)))
        }
    }
}

/// Damage on its way out of a decoder.
struct DamageFound: ReadableError {
    let damage: Damage
    var message: String { damage.description }

    init(_ damage: Damage) { self.damage = damage }
}

/// One way of writing JSON: sorted keys, no line breaks, so that equal values are equal bytes.
enum StoredJSON {
    static func encode(_ value: some Encodable, path: String) throws(StoreError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw .notEncodable(path: path, reason: "a value is none of JSON")
        }
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: ArraySlice<UInt8>) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}
