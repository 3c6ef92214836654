internal import Model

/// The first lines of an answer: status and headers.
public struct ResponseHead: Hashable, Sendable {
    /// A header, without blanks around its value.
    public struct Header: Hashable, Sendable {
        /// The name in the engine's spelling.
        public var name: String
        /// The value.
        public var value: String
    }

    /// The HTTP status, 100 to 999.
    public var status: Int
    /// All headers in order.
    public var headers: [Header]

    /// The longest head accepted, in bytes.
    public static let maximumLength = 64 * 1024

    /// The value of the first header of a name, in any case; `nil` when there is none.
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }

    /// Parses a head and returns it with its length in bytes; `nil` while its closing empty line has not come.
    static func parse(_ bytes: [UInt8]) throws(ClientError) -> (head: ResponseHead, length: Int)? {
        try parse(bytes[...])
    }

    /// Parses the head at the start of a slice.
    static func parse(_ bytes: ArraySlice<UInt8>) throws(ClientError) -> (head: ResponseHead, length: Int)? {
        guard let end = endOfHead(bytes) else {
            guard bytes.count <= maximumLength else { throw .malformed("an HTTP head without an end") }
            return nil
        }
        var lines: [String] = []
        for line in bytes[..<end].split(separator: 0x0A) {
            let line = line.last == 0x0D ? line.dropLast() : line
            if !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self)) }
        }
        guard let first = lines.first, first.hasPrefix("HTTP/1.") else { throw .malformed("no HTTP status line") }
        let words = first.split(byte: " ", maxSplits: 2)
        guard words.count >= 2, let status = Int(words[1]), (100...999).contains(status) else {
            throw .malformed("status line: \(first)")
        }
        var headers: [Header] = []
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { throw .malformed("header: \(line)") }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            headers.append(Header(name: String(line[..<colon]), value: String(value)))
        }
        return (ResponseHead(status: status, headers: headers), end - bytes.startIndex)
    }

    private static func endOfHead(_ bytes: ArraySlice<UInt8>) -> Int? {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == 0x0A {
                if index + 1 < bytes.endIndex, bytes[index + 1] == 0x0A { return index + 2 }
                if index + 2 < bytes.endIndex, bytes[index + 1] == 0x0D, bytes[index + 2] == 0x0A { return index + 3 }
            }
            index += 1
        }
        return nil
    }
}
