import Model

extension WallTime {
    /// Seconds and nanoseconds with a point between, the Engine API's form of points in time.
    package var apiText: String {
        let (seconds, fraction) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        let digits = String(fraction)
        return (nanoseconds < 0 ? "-" : "") + "\(seconds)."
            + String(repeating: "0", count: max(0, 9 - digits.utf8.count)) + digits
    }
}
