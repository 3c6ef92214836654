internal import DockerAPI
internal import Model

/// The part of a request target after `?`, decoded as HTML forms are.
struct QueryParameters: Sendable {
    private var values: [(name: String, value: String)] = []
    /// Values that are no text, by their bytes.
    private var others: [(name: String, value: [UInt8])] = []

    init(_ text: some StringProtocol) {
        for pair in String(text).split(byte: "&") {
            let parts = pair.split(byte: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let bytes = parts.count > 1 ? percentDecodedBytes(parts[1], plusIsSpace: true) : []
            let (name, value) = (percentDecoded(parts[0], plusIsSpace: true), String(decoding: bytes, as: UTF8.self))
            values.append((name, value))
            if !value.utf8.elementsEqual(bytes) { others.append((name, bytes)) }
        }
    }

    /// The first value of a name; `nil` when the name is absent.
    subscript(_ name: String) -> String? { values.first { $0.name == name }?.value }

    /// Every value of a name.
    func all(_ name: String) -> [String] { values.filter { $0.name == name }.map(\.value) }

    /// The first value, or the empty text.
    func text(_ name: String) -> String { self[name] ?? "" }

    /// The first value as the path that it is.
    func path(_ name: String) -> PathBytes {
        let text = PathBytes(Array(text(name).utf8))
        guard let other = others.first(where: { $0.name == name }), PathBytes(other.value).text.isSame(bytes: text.text)
        else {
            return text
        }
        return PathBytes(other.value)
    }

    /// A truth value by the rule of Docker's `BoolValue`: empty, `0`, `no`, `false` and `none` are false, all else is
    /// true.
    func flag(_ name: String) -> Bool {
        guard let value = self[name] else { return false }
        return !["", "0", "no", "false", "none"].contains(value.lowercased())
    }

    /// A truth value; `absent` when the name is absent.
    func flag(_ name: String, absent: Bool) -> Bool { self[name] == nil ? absent : flag(name) }

    /// A whole number; `nil` when absent or empty.
    func integer(_ name: String) throws(RequestError) -> Int? {
        guard let text = self[name], !text.isEmpty else { return nil }
        guard let value = Int(text) else {
            throw .invalid("strconv.Atoi: parsing \"\(text)\": invalid syntax")
        }
        return value
    }
}

/// The text with `%xx` replaced; malformed escapes stay as they are.
func percentDecoded(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String {
    guard text.utf8.contains(where: { $0 == 0x25 || $0 == 0x2B }) else { return String(text) }
    return String(decoding: percentDecodedBytes(text, plusIsSpace: plusIsSpace), as: UTF8.self)
}

private func percentDecodedBytes(_ text: some StringProtocol, plusIsSpace: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
        if byte == 0x2B, plusIsSpace {
            bytes.append(0x20)
        } else if byte == 0x25, let high = rest.first.flatMap(hexValue),
            let low = rest.dropFirst().first.flatMap(hexValue)
        {
            bytes.append(high << 4 | low)
            rest = rest.dropFirst(2)
        } else {
            bytes.append(byte)
        }
    }
    return bytes
}

private func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
}
