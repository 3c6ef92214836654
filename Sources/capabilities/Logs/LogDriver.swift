public import Model

/// Where a container's output goes, by the name it has in `--log-driver`.
public enum LogDriver: String, Hashable, Sendable, CaseIterable {
    /// The CRI text format: `2026-01-02T03:04:05.123456789Z stdout F line`.
    case cri
    /// Docker's format: `{"log":"line\n","stream":"stdout","time":"2026-01-02T03:04:05.123456789Z"}`.
    case jsonFile = "json-file"
    /// systemd's journal, with the fields of dockerd's driver.
    case journald
    /// Nothing is kept, and nothing can be read back.
    case none

    /// What a container gets that names no driver.
    public static let standard = LogDriver.cri

    /// The name of the current file in a container's log directory; rotated ones have `.1`, `.2` … behind it,
    /// the oldest the highest number.
    public func fileName(for id: ContainerID) -> String {
        switch self {
        case .cri, .none, .journald: "container.log"
        case .jsonFile: "\(id.text)-json.log"
        }
    }

    /// The options it takes, beside `mode` and `max-buffer-size`, which all take.
    var options: Set<String> {
        switch self {
        case .cri, .jsonFile:
            ["max-size", "max-file", "compress", "labels", "labels-regex", "env", "env-regex", "tag"]
        case .journald: ["labels", "labels-regex", "env", "env-regex", "tag"]
        case .none: []
        }
    }

    /// Whether it keeps files of its own.
    public var keepsFiles: Bool {
        switch self {
        case .cri, .jsonFile: true
        case .journald, .none: false
        }
    }
}
