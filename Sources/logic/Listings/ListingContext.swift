public import Model

/// What rows of a listing depend on besides their data.
public struct ListingContext: Sendable {
    /// The present instant.
    public let now: WallTime
    /// Whether ids and long texts are cut short.
    public let truncates: Bool
    /// The zone in which an instant is shown.
    public let zone: @Sendable (Int64) -> CivilTime.Zone

    /// Makes a context.
    public init(
        now: WallTime, truncates: Bool, zone: @escaping @Sendable (Int64) -> CivilTime.Zone = { _ in .utc }
    ) {
        self.now = now
        self.truncates = truncates
        self.zone = zone
    }

    /// An id without its algorithm and, when ids are cut short, with its first 12 digits.
    func id(_ id: String) -> String { truncates ? Self.short(id) : id }

    /// The first 12 digits of an id, without its algorithm.
    public static func short(_ id: String) -> String {
        let digits = id.split(byte: ":", maxSplits: 1, omittingEmptySubsequences: false).last ?? ""
        return String(digits.prefix(12))
    }

    /// How long ago an instant was.
    func ago(_ seconds: Int64) -> String {
        now.since(WallTime(nanoseconds: seconds.saturatingMultiplied(by: 1_000_000_000))).humanDuration + " ago"
    }

    /// An instant as Go prints it.
    func text(_ seconds: Int64) -> String { CivilTime(seconds: seconds, zone: zone(seconds)).text }
}
