/// Sizes and durations in the words docker's command uses (docker/go-units).
public enum HumanUnits {
    private static let decimal = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"]
    private static let binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"]

    /// A size in steps of 1000, such as `2.746MB`.
    ///
    /// - Parameters:
    ///   - bytes: the size.
    ///   - precision: how many significant digits; docker's tables use 3, its sums 4.
    public static func size(_ bytes: Double, precision: Int = 4) -> String {
        scaled(bytes, 1000, precision, decimal)
    }

    /// A size in steps of 1024, such as `1.944GiB`.
    public static func binarySize(_ bytes: Double) -> String { scaled(bytes, 1024, 4, binary) }

    private static func scaled(_ bytes: Double, _ base: Double, _ precision: Int, _ units: [String]) -> String {
        var size = bytes
        var unit = 0
        while size >= base, unit < units.count - 1 {
            size /= base
            unit += 1
        }
        return GoFloat.general(size, precision: precision) + units[unit]
    }

    /// How long ago in one unit, such as `About an hour` or `3 weeks`.
    ///
    /// - Parameter seconds: the duration, in seconds.
    public static func duration(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.towardZero))
        let minutes = Int((seconds / 60).rounded(.towardZero))
        let hours = Int((seconds / 3600 + 0.5).rounded(.towardZero))
        if whole < 1 { return "Less than a second" }
        if whole == 1 { return "1 second" }
        if whole < 60 { return "\(whole) seconds" }
        if minutes == 1 { return "About a minute" }
        if minutes < 60 { return "\(minutes) minutes" }
        if hours == 1 { return "About an hour" }
        if hours < 48 { return "\(hours) hours" }
        if hours < 24 * 7 * 2 { return "\(hours / 24) days" }
        if hours < 24 * 30 * 2 { return "\(hours / 24 / 7) weeks" }
        if hours < 24 * 365 * 2 { return "\(hours / 24 / 30) months" }
        return "\(Int((seconds / 3600).rounded(.towardZero)) / 24 / 365) years"
    }
}
