/// Destination of a container's output, by its name in `--log-driver`.
public enum LogDriver: String, Hashable, Sendable, CaseIterable {
    /// The CRI text format: `2026-01-02T03:04:05.123456789Z stdout F line`.
    case cri
    /// Docker's format: `{"log":"line\\n","stream":"stdout","time":"2026-01-02T03:04:05.123456789Z"}`.
    case jsonFile = "json-file"
    /// systemd's journal, with the fields of dockerd's driver.
    case journald
    /// `none`: nothing is kept, and nothing can be read back.
    case discard = "none"

    /// The driver of containers that name none.
    public static let standard = LogDriver.cri

    /// Names of its options, without `mode` and `max-buffer-size`, which every driver takes.
    public var options: Set<String> {
        switch self {
        case .cri, .jsonFile:
            ["max-size", "max-file", "compress", "labels", "labels-regex", "env", "env-regex", "tag"]
        case .journald: ["labels", "labels-regex", "env", "env-regex", "tag"]
        case .discard: []
        }
    }

    /// Names of all drivers, sorted.
    public static var names: [String] { allCases.map(\.rawValue).sorted() }

    /// Whether it keeps files of its own.
    public var keepsFiles: Bool {
        switch self {
        case .cri, .jsonFile: true
        case .journald, .discard: false
        }
    }
}
