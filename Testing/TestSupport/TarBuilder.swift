/// Writes tar archives byte by byte, so that tests can write what no tar program would.
public struct TarBuilder: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8] = []

    /// The type flag of an entry.
    public enum Kind: Character, Sendable {
        case file = "0"
        case hardLink = "1"
        case symbolicLink = "2"
        case characterDevice = "3"
        case blockDevice = "4"
        case directory = "5"
        case fifo = "6"
        case pax = "x"
    }

    /// The mode of the entries that follow.
    public var mode = 0o644
    /// Their owner.
    public var user = 0
    /// Their group.
    public var group = 0
    /// Their time of modification, in seconds of the epoch.
    public var modified = 1_000_000_000

    /// An archive without an entry.
    public init() {}

    /// Adds an entry; names and links of more than 100 bytes are cut.
    public mutating func add(
        _ name: String, _ kind: Kind = .file, _ content: String = "", link: String = "", device: (Int, Int) = (0, 0),
        claimedSize: Int? = nil
    ) {
        add(name, kind, bytes: Array(content.utf8), link: link, device: device, claimedSize: claimedSize)
    }

    /// The same with content that need not be text.
    public mutating func add(
        _ name: String, _ kind: Kind = .file, bytes data: [UInt8], link: String = "", device: (Int, Int) = (0, 0),
        claimedSize: Int? = nil
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int, _ width: Int) {
            for (index, byte) in text.utf8.prefix(width).enumerated() { header[offset + index] = byte }
        }
        func octal(_ value: Int, at offset: Int, _ width: Int) {
            let digits = String(value, radix: 8)
            put(String(repeating: "0", count: max(0, width - 1 - digits.utf8.count)) + digits, at: offset, width - 1)
        }
        put(name, at: 0, 100)
        octal(mode, at: 100, 8)
        octal(user, at: 108, 8)
        octal(group, at: 116, 8)
        let size = claimedSize ?? data.count
        if size < 1 << 33 {
            octal(size, at: 124, 12)
        } else {
            // GNU's base 256 form.
            header[124] = 0x80
            for index in 0..<8 { header[135 - index] = UInt8(truncatingIfNeeded: size >> (8 * index)) }
        }
        octal(modified, at: 136, 12)
        put(String(kind.rawValue), at: 156, 1)
        put(link, at: 157, 100)
        put("ustar\0" + "00", at: 257, 8)
        octal(device.0, at: 329, 8)
        octal(device.1, at: 337, 8)
        for index in 148..<156 { header[index] = 0x20 }
        let sum = header.reduce(0) { $0 + Int($1) }
        octal(sum, at: 148, 7)
        header[154] = 0
        header[155] = 0x20
        bytes += header + data
        bytes += [UInt8](repeating: 0, count: (512 - data.count % 512) % 512)
    }

    /// A pax header for the next entry.
    public mutating func pax(_ records: [(String, String)]) {
        pax(records.map { ($0.0, Array($0.1.utf8)) })
    }

    /// The same with values that need not be text.
    public mutating func pax(_ records: [(String, [UInt8])]) {
        var content: [UInt8] = []
        for (key, value) in records {
            let body = Array(" \(key)=".utf8) + value + [0x0A]
            var length = body.count + 1
            while String(length).utf8.count + body.count != length { length += 1 }
            content += Array(String(length).utf8) + body
        }
        add("PaxHeaders/next", .pax, bytes: content)
    }

    /// The archive with its two closing blocks.
    public func finished() -> [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }
}
