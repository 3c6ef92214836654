internal import Model

extension LogSpec {
    /// Reads `LogConfig` and checks the driver and its options.
    init(request fields: RequestFields) throws(RequestError) {
        self.init()
        guard let config = try fields.object("LogConfig") else { return }
        let name = try config.string("Type")
        driver = LogDriver(rawValue: name)
        guard name.isEmpty || driver != nil else {
            throw .invalid("error looking up logging plugin \(name): plugin \"\(name)\" not found")
        }
        options = try config.stringMap("Config")
        let known: Set<String>
        let used = driver ?? .standard
        switch used {
        case .cri, .jsonFile:
            known = [
                "max-size", "max-file", "labels", "labels-regex", "env", "env-regex", "tag", "compress", "mode",
                "max-buffer-size",
            ]
        case .journald: known = ["labels", "labels-regex", "env", "env-regex", "tag", "mode", "max-buffer-size"]
        case .discard: return
        }
        for option in options.keys.sorted() where !known.contains(option) {
            throw .invalid("unknown log opt '\(option)' for \(used.rawValue) log driver")
        }
        try checkSizes()
    }

    private func checkSizes() throws(RequestError) {
        if let size = options["max-size"], size != "-1", ByteSize(size) == nil {
            throw .invalid("invalid size: '\(size)'")
        }
        guard let count = options["max-file"] else { return }
        guard let number = Int(count) else {
            throw .invalid("strconv.Atoi: parsing \"\(count)\": invalid syntax")
        }
        if number < 1 { throw .invalid("max-file cannot be less than 1") }
    }
}

/// A size as go-units reads it: `10m`, `1.5GiB`, `512`; units are powers of 1024.
public struct ByteSize: Sendable, Hashable {
    /// Bytes.
    public let bytes: Int64

    /// Parses a number and an optional unit of `b k m g t p`, with `b` or `ib` after it.
    public init?(_ text: String) {
        let lower = text.lowercased()
        let number = lower.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        var unit = lower.dropFirst(number.count)
        if unit.first == " " { unit = unit.dropFirst() }
        let letters: [Character] = ["k", "m", "g", "t", "p"]
        var factor: Double = 1
        if let first = unit.first, let power = letters.firstIndex(of: first) {
            // bounded: a floating number.
            for _ in 0...power { factor *= 1024 }
            unit = unit.dropFirst()
            guard ["", "b", "ib"].contains(unit) else { return nil }
        } else if !["", "b"].contains(unit) {
            return nil
        }
        // bounded: a floating number.
        guard let value = Double(number), let bytes = Int64(exactly: (value * factor).rounded(.towardZero)) else {
            return nil
        }
        self.bytes = bytes
    }
}
