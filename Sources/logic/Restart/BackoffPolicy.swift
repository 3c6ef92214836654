#if !hasFeature(Embedded)
    public import Model
#endif

/// How long restarts wait: the first delay, grown by a factor at each restart, up to a cap, and back at the first after
/// a run that was long enough.
public struct BackoffPolicy: Hashable, Sendable {
    /// The delay before the first restart.
    public let first: Nanoseconds
    /// What each delay is multiplied with for the next; at least 1.
    public let factor: Double
    /// The longest delay; at least `first`.
    public let cap: Nanoseconds
    /// A run of at least this long puts the delay back at `first`.
    public let resetAfter: Nanoseconds

    /// Docker's constants (moby, daemon/internal/restartmanager): 100 ms, doubled, at most 60 s, back after 10 s.
    public static let docker = BackoffPolicy(
        unchecked: .milliseconds(100), factor: 2, cap: .seconds(60), resetAfter: .seconds(10))

    /// A policy; `nil` unless 0 ≤ `first` ≤ `cap`, 1 ≤ `factor` < ∞ and 0 ≤ `resetAfter`.
    public init?(first: Nanoseconds, factor: Double, cap: Nanoseconds, resetAfter: Nanoseconds) {
        guard first >= .zero, cap >= first, factor >= 1, factor.isFinite, resetAfter >= .zero else { return nil }
        self.init(unchecked: first, factor: factor, cap: cap, resetAfter: resetAfter)
    }

    private init(unchecked first: Nanoseconds, factor: Double, cap: Nanoseconds, resetAfter: Nanoseconds) {
        self.first = first
        self.factor = factor
        self.cap = cap
        self.resetAfter = resetAfter
    }

    /// The delay after `previous` (`nil` before the first restart), when the run lasted `ranFor` (`nil` when it never ran).
    public func delay(after previous: Nanoseconds?, ranFor: Nanoseconds?) -> Reason.Delay {
        guard let previous else { return Reason.Delay(span: first, basis: .first) }
        if let ranFor, ranFor >= resetAfter {
            return Reason.Delay(span: first, basis: .reset(threshold: resetAfter))
        }
        // Compared before it is converted: the product may be beyond what Int64 holds.
        // bounded: a floating number.
        let grown = Double(previous.count) * factor
        if grown >= Double(cap.count) { return Reason.Delay(span: cap, basis: .capped) }
        return Reason.Delay(span: Nanoseconds(Int64(saturating: grown)), basis: .grown(from: previous))
    }
}
