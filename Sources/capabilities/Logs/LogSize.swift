internal import Model

/// A size as Docker's `max-size` takes it: a decimal number and an optional unit, `k` being 1000.
enum LogSize {
    /// Bytes of `10m`, `1.5g`, `500 kB`; `nil` when it is no size.
    static func parse(_ text: String) -> Int64? {
        var rest = text.utf8[...]
        let number = rest.prefix { (0x30...0x39).contains($0) || $0 == 0x2E }
        guard let first = number.first, first != 0x2E, number.last != 0x2E,
            let value = Double(String(decoding: number, as: UTF8.self))
        else { return nil }
        rest = rest.dropFirst(number.count)
        if rest.first == 0x20 { rest = rest.dropFirst() }
        var factor: Double = 1
        if let unit = rest.first.map({ $0 | 0x20 }), let power = Array("kmgtp".utf8).firstIndex(of: unit) {
            // bounded: a floating number.
            for _ in 0...power { factor *= 1000 }
            rest = rest.dropFirst()
        }
        if rest.first.map({ $0 | 0x20 }) == 0x69 { rest = rest.dropFirst() }
        if rest.first.map({ $0 | 0x20 }) == 0x62 { rest = rest.dropFirst() }
        // bounded: a floating number.
        let size = value * factor
        guard rest.isEmpty, size < 9e18 else { return nil }
        return Int64(saturating: size)
    }
}
