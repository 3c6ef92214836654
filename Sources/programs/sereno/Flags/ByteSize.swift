import Model

/// Sizes as Docker's client reads them: `100m`, `1.5GiB`, `64 kb`, plain bytes; every unit is a power of 1024.
enum ByteSize {
    /// The number of bytes; `nil` when the text is no size.
    static func parse(_ text: String) -> Int64? {
        var rest = text.lowercased()[...]
        let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        guard let number = Double(digits), digits.first != ".", digits.last != "." else { return nil }
        rest = rest.dropFirst(digits.count)
        if rest.first == " " { rest.removeFirst() }
        var factor = 1.0
        if let unit = rest.first, let power = ["k", "m", "g", "t", "p"].firstIndex(of: String(unit)) {
            // bounded: a floating number.
            for _ in 0...power { factor *= 1024 }
            rest.removeFirst()
            if rest.first == "i" { rest.removeFirst() }
        }
        if rest.first == "b" { rest.removeFirst() }
        let size = number * factor  // bounded: a floating number
        guard rest.isEmpty, size < Double(Int64.max) else { return nil }
        return Int64(saturating: size)
    }
}

/// `--cpus`: a decimal number of processors, as billionths.
enum NanoCPUs {
    /// Billionths of a processor; `nil` when the text is no decimal number.
    static func parse(_ text: String) -> Int64? {
        guard let number = Double(text), number.isFinite, abs(number) < 1e9 else { return nil }
        return Int64(saturating: (number * 1e9).rounded())  // bounded: a floating number
    }
}
