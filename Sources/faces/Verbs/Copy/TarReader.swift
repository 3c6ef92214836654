import Flags
import Model

/// A reader of a tar stream as its bytes come: ustar, pax and GNU long names.
struct TarReader {
    enum Event: Hashable {
        case entry(TarMember)
        case content([UInt8])
        /// The content of the last entry is complete.
        case endOfEntry
    }

    struct Damaged: ReadableError, Hashable {
        var message: String
    }

    /// The longest extended header, in bytes.
    static let maximumHeader = 1 << 20

    private var buffer: [UInt8] = []
    private var contentLeft: Int64 = 0
    private var paddingLeft: Int64 = 0
    private var extended: [UInt8]?
    private var extendedType: UInt8 = 0
    private var pax: [String: [UInt8]] = [:]
    private var isInEntry = false
    private(set) var hasEnded = false

    /// Whether the stream may end here.
    var isBetweenEntries: Bool { !isInEntry && buffer.isEmpty && extended == nil }

    /// The events that the next bytes bring.
    mutating func read(_ bytes: [UInt8]) throws(Damaged) -> [Event] {
        var events: [Event] = []
        var rest = bytes[...]
        while !rest.isEmpty, !hasEnded {
            if contentLeft > 0 {
                let taken = rest.prefix(Int(min(contentLeft, Int64(rest.count))))
                rest = rest.dropFirst(taken.count)
                contentLeft -= Int64(taken.count)
                if extended != nil {
                    extended?.append(contentsOf: taken)
                } else {
                    events.append(.content(Array(taken)))
                }
                if contentLeft == 0, paddingLeft == 0 { try finishContent(&events) }
                continue
            }
            if paddingLeft > 0 {
                let count = Int(min(paddingLeft, Int64(rest.count)))
                rest = rest.dropFirst(count)
                paddingLeft -= Int64(count)
                if paddingLeft == 0 { try finishContent(&events) }
                continue
            }
            let taken = rest.prefix(TarMember.block - buffer.count)
            buffer += taken
            rest = rest.dropFirst(taken.count)
            guard buffer.count == TarMember.block else { break }
            try readHeader(&events)
            buffer.removeAll(keepingCapacity: true)
        }
        return events
    }

    private mutating func finishContent(_ events: inout [Event]) throws(Damaged) {
        guard let bytes = extended else {
            isInEntry = false
            events.append(.endOfEntry)
            return
        }
        extended = nil
        switch extendedType {
        case 0x4C: pax["path"] = TarReader.text(bytes[...])
        case 0x4B: pax["linkpath"] = TarReader.text(bytes[...])
        case 0x78: try readPax(bytes)
        default: return
        }
    }

    private mutating func readPax(_ bytes: [UInt8]) throws(Damaged) {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let blank = rest.firstIndex(of: 0x20),
                let length = Int(String(decoding: rest[..<blank], as: UTF8.self)),
                length > blank - rest.startIndex, length <= rest.count
            else { throw Damaged(message: "a pax header that cannot be read") }
            let record = rest[(blank + 1)..<(rest.startIndex + length - 1)]
            if let equals = record.firstIndex(of: 0x3D) {
                pax[String(decoding: record[..<equals], as: UTF8.self)] = Array(record[(equals + 1)...])
            }
            rest = rest.dropFirst(length)
        }
    }

    private mutating func readHeader(_ events: inout [Event]) throws(Damaged) {
        guard buffer.contains(where: { $0 != 0 }) else {
            hasEnded = true
            return
        }
        guard isChecksumRight else { throw Damaged(message: "a header whose checksum is wrong") }
        let type = buffer[156]
        let size = try number(124, 12)
        if [0x78, 0x67, 0x4C, 0x4B].contains(type) {
            guard size <= TarReader.maximumHeader else { throw Damaged(message: "a header that is too long") }
            extended = []
            extendedType = type
            try begin(size: size, &events)
            return
        }
        var name = TarReader.text(buffer[0..<100])
        let prefix = TarReader.text(buffer[345..<500])
        if buffer[257..<263].elementsEqual("ustar\u{0}".utf8), !prefix.isEmpty { name = prefix + [0x2F] + name }
        name = pax["path"] ?? name
        let target = pax["linkpath"] ?? TarReader.text(buffer[157..<257])
        let kind: TarMember.Kind =
            switch type {
            case 0, 0x30, 0x37: name.last == 0x2F ? .directory : .file
            case 0x31: .hardLink(target: target)
            case 0x32: .symbolicLink(target: target)
            case 0x33: .characterDevice(try device(329), try device(337))
            case 0x34: .blockDevice(try device(329), try device(337))
            case 0x35: .directory
            case 0x36: .fifo
            default: .other(type)
            }
        let content = kind == .file ? (paxNumber("size") ?? size) : 0
        let (seconds, nanoseconds) = try modified()
        let entry = TarMember(
            name: name, kind: kind, mode: UInt32(truncatingIfNeeded: try number(100, 8)) & 0o7777,
            user: UInt32(truncatingIfNeeded: try number("uid", 108)),
            group: UInt32(truncatingIfNeeded: try number("gid", 116)), size: content,
            modified: seconds, modifiedNanoseconds: nanoseconds)
        pax = [:]
        isInEntry = true
        events.append(.entry(entry))
        try begin(size: content, &events)
    }

    private func paxNumber(_ name: String) -> Int64? {
        pax[name].flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
    }

    private func number(_ name: String, _ start: Int) throws(Damaged) -> Int64 {
        if let number = paxNumber(name) { return number }
        return try number(start, 8)
    }

    private func device(_ start: Int) throws(Damaged) -> UInt32 {
        guard let part = UInt32(exactly: try number(start, 8)) else { throw Damaged(message: "a number that is none") }
        return part
    }

    /// The time with its fraction, which pax writes after a point.
    private func modified() throws(Damaged) -> (seconds: Int64, nanoseconds: Int64) {
        guard let text = pax["mtime"].map({ String(decoding: $0, as: UTF8.self) }) else {
            return (try number(136, 12), 0)
        }
        let (whole, fraction) = text.cut(at: ".")
        let digits = String((fraction ?? "").utf8.prefix(9).map { Character(Unicode.Scalar($0)) })
        guard let seconds = Int64(whole), let part = Int64(digits.isEmpty ? "0" : digits), part >= 0 else {
            throw Damaged(message: "a time that is none")
        }
        let nanoseconds = (digits.utf8.count..<9).reduce(part) { value, _ in value * 10 }
        guard text.hasPrefix(bytes: "-"), nanoseconds > 0, seconds > .min else { return (seconds, nanoseconds) }
        return (seconds - 1, 1_000_000_000 - nanoseconds)
    }

    private mutating func begin(size: Int64, _ events: inout [Event]) throws(Damaged) {
        guard size >= 0 else { throw Damaged(message: "an entry of negative size") }
        contentLeft = size
        paddingLeft = (Int64(TarMember.block) - size % Int64(TarMember.block)) % Int64(TarMember.block)
        if size == 0 { try finishContent(&events) }
    }

    private var isChecksumRight: Bool {
        var sum: Int64 = 0
        for (index, byte) in buffer.enumerated() { sum += (148..<156).contains(index) ? 0x20 : Int64(byte) }
        return (try? number(148, 8)) == sum
    }

    /// A number in octal digits, or in GNU's base 256 where the highest bit is set.
    private func number(_ start: Int, _ length: Int) throws(Damaged) -> Int64 {
        let field = buffer[start..<start + length]
        if buffer[start] & 0x80 != 0 {
            // Below the mark, two's complement.
            let first = Int64(buffer[start] & 0x3F) - Int64(buffer[start] & 0x40)
            return field.dropFirst().reduce(first) { $0 << 8 | Int64($1) }
        }
        let digits = field.filter { $0 != 0 && $0 != 0x20 }
        if digits.isEmpty { return 0 }
        guard let value = Int64(String(decoding: digits, as: UTF8.self), radix: 8) else {
            throw Damaged(message: "a number that is none")
        }
        return value
    }

    private static func text(_ field: ArraySlice<UInt8>) -> [UInt8] { Array(field.prefix { $0 != 0 }) }
}
