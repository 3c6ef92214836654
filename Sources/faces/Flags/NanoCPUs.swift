import Model

/// `--cpus`: a decimal number of processors, as billionths.
package enum NanoCPUs {
    /// Billionths of a processor; `nil` when the text is no decimal number.
    package static func parse(_ text: String) -> Int64? {
        guard let number = Double(text), number.isFinite, abs(number) < 1e9 else { return nil }
        return Int64(saturating: (number * 1e9).rounded())  // bounded: a floating number
    }
}
