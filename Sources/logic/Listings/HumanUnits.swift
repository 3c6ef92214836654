internal import GoTemplate

/// Sizes in the words docker's command uses (docker/go-units).
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
}
