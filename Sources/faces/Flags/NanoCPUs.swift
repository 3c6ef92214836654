import Model

/// The value of `--cpus`: a decimal number of processors, kept in billionths.
package enum NanoCPUs {
    /// The number in billionths of a processor; `nil` when the text is no decimal number below 10⁹.
    package static func parse(_ text: String) -> Int64? {
        guard let number = Double(text), number.isFinite, abs(number) < 1e9 else { return nil }
        return Int64(saturating: (number * 1e9).rounded())  // bounded: a floating number
    }
}
