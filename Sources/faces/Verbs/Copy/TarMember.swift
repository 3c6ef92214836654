import Linux

/// One member of a tar archive. Names and targets are bytes.
struct TarMember: Hashable {
    enum Kind: Hashable {
        case file
        case directory
        case symbolicLink(target: [UInt8])
        case hardLink(target: [UInt8])
        case fifo
        /// Major and minor number.
        case characterDevice(UInt32, UInt32)
        case blockDevice(UInt32, UInt32)
        /// A kind that is not created on this machine.
        case other(UInt8)
    }

    var name: [UInt8]
    var kind: Kind
    /// Permission bits, 0 to 0o7777.
    var mode: UInt32
    var user: UInt32
    var group: UInt32
    /// Number of bytes of content; 0 except for files.
    var size: Int64
    /// Seconds since 1970, or before it.
    var modified: Int64
    /// Nanoseconds after them, 0 to 999,999,999.
    var modifiedNanoseconds: Int64 = 0

    var time: FileStatus.Time { FileStatus.Time(seconds: modified, nanoseconds: modifiedNanoseconds) }

    /// The name for people; bytes that are not UTF-8 are replaced.
    var text: String { String(decoding: name, as: UTF8.self) }
}

extension TarMember {
    static let block = 512

    /// The header blocks: a ustar header (POSIX.1-1988), and before it a pax header (POSIX.1-2001) for values that do
    /// not fit.
    var header: [UInt8] {
        var records: [(String, [UInt8])] = []
        var target: [UInt8] = []
        var device: (major: UInt32, minor: UInt32) = (0, 0)
        switch kind {
        case .symbolicLink(let bytes), .hardLink(let bytes): target = bytes
        case .characterDevice(let major, let minor), .blockDevice(let major, let minor): device = (major, minor)
        case .file, .directory, .fifo, .other: break
        }
        if name.count > 100 { records.append(("path", name)) }
        if target.count > 100 { records.append(("linkpath", target)) }
        func add(_ name: String, _ number: Int64) { records.append((name, Array(String(number).utf8))) }
        if size >= 1 << 33 { add("size", size) }
        if user >= 1 << 21 { add("uid", Int64(user)) }
        if group >= 1 << 21 { add("gid", Int64(group)) }
        if !(0..<(1 << 33)).contains(modified) { add("mtime", modified) }
        var out: [UInt8] = []
        if !records.isEmpty {
            let body = records.flatMap { TarMember.record($0.0, $0.1) }
            out += TarMember.ustar(
                name: Array("PaxHeader".utf8), mode: 0o644, user: 0, group: 0, size: Int64(body.count), modified: 0,
                type: 0x78,
                target: [])
            out += body + TarMember.padding(Int64(body.count))
        }
        out += TarMember.ustar(
            name: name, mode: mode, user: user, group: group, size: size, modified: modified, type: typeFlag,
            target: target, device: device)
        return out
    }

    private var typeFlag: UInt8 {
        switch kind {
        case .file: 0x30
        case .hardLink: 0x31
        case .symbolicLink: 0x32
        case .characterDevice: 0x33
        case .blockDevice: 0x34
        case .directory: 0x35
        case .fifo: 0x36
        case .other(let flag): flag
        }
    }

    /// Zeros up to the next full block.
    static func padding(_ size: Int64) -> [UInt8] {
        [UInt8](repeating: 0, count: Int((Int64(block) - size % Int64(block)) % Int64(block)))
    }

    /// A pax record `LENGTH NAME=VALUE\n`; the length counts its own digits.
    private static func record(_ name: String, _ value: [UInt8]) -> [UInt8] {
        let rest = name.utf8.count + value.count + 3
        var length = rest + 1
        while String(length).utf8.count + rest != length { length += 1 }
        return Array("\(length) \(name)=".utf8) + value + [0x0A]
    }

    private static func ustar(
        name: [UInt8], mode: UInt32, user: UInt32, group: UInt32, size: Int64, modified: Int64, type: UInt8,
        target: [UInt8], device: (major: UInt32, minor: UInt32) = (0, 0)
    ) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: TarMember.block)
        func put(_ text: some Sequence<UInt8>, at start: Int, length: Int) {
            for (index, byte) in text.prefix(length).enumerated() { block[start + index] = byte }
        }
        func octal(_ value: Int64, at start: Int, length: Int) {
            let digits = String(max(0, value), radix: 8)
            let text = String(repeating: "0", count: max(0, length - 1 - digits.utf8.count)) + digits
            put(text.utf8.suffix(length - 1), at: start, length: length - 1)
        }
        put(name, at: 0, length: 100)
        octal(Int64(mode), at: 100, length: 8)
        octal(user < 1 << 21 ? Int64(user) : 0, at: 108, length: 8)
        octal(group < 1 << 21 ? Int64(group) : 0, at: 116, length: 8)
        octal(size < 1 << 33 ? size : 0, at: 124, length: 12)
        octal((0..<(1 << 33)).contains(modified) ? modified : 0, at: 136, length: 12)
        put([UInt8](repeating: 0x20, count: 8), at: 148, length: 8)
        block[156] = type
        put(target, at: 157, length: 100)
        put("ustar\u{0}00".utf8, at: 257, length: 8)
        octal(Int64(device.major), at: 329, length: 8)
        octal(Int64(device.minor), at: 337, length: 8)
        octal(block.reduce(0) { $0 + Int64($1) }, at: 148, length: 7)
        block[155] = 0x20
        return block
    }
}
