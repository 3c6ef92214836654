/// Destination of a container's output. The raw value is the name in `--log-driver` and in records, which never changes; all else
/// that tells one driver from the others is its row in `traits`.
public enum LogDriver: String, Hashable, Sendable, CaseIterable {
    /// The CRI text format: `2026-01-02T03:04:05.123456789Z stdout F line`.
    case cri = "cri"
    /// Docker's format: `{"log":"line\\n","stream":"stdout","time":"2026-01-02T03:04:05.123456789Z"}`.
    case jsonFile = "json-file"
    /// systemd's journal, with the fields of dockerd's driver.
    case journald = "journald"
    /// `none`: nothing is kept, and nothing can be read back.
    case discard = "none"

    /// Places that output goes to.
    public enum Medium: Hashable, Sendable {
        /// Files in the container's directory, rotated.
        case files
        /// systemd's journal.
        case journal
        /// None: output is dropped.
        case nothing
    }

    private struct Traits {
        var medium: Medium
        /// Names of options, without those that every driver takes.
        var options: Set<String> = []
        var isReadable = true
        /// Name of the current file.
        var file: (ContainerID) -> String = { _ in "container.log" }
    }

    private var traits: Traits {
        switch self {
        case .cri: Traits(medium: .files, options: Self.ofFiles)
        case .jsonFile: Traits(medium: .files, options: Self.ofFiles, file: { "\($0.text)-json.log" })
        case .journald: Traits(medium: .journal, options: Self.ofFields)
        case .discard: Traits(medium: .nothing, isReadable: false)
        }
    }

    private static let ofFields: Set<String> = ["labels", "labels-regex", "env", "env-regex", "tag"]
    private static let ofFiles = ofFields.union(["max-size", "max-file", "compress"])

    /// The driver of containers that name none.
    public static let standard = LogDriver.cri

    /// Names of all drivers, sorted.
    public static var names: [String] { allCases.map(\.rawValue).sorted() }

    /// The place that its output goes to.
    public var medium: Medium { traits.medium }

    /// Names of its options, without `mode` and `max-buffer-size`, which every driver takes.
    public var options: Set<String> { traits.options }

    /// Whether its log can be read back.
    public var isReadable: Bool { traits.isReadable }

    /// Name of the current file in a container's log directory. Rotated ones have `.1`, `.2` … behind it, the oldest the highest
    /// number.
    public func fileName(for id: ContainerID) -> String { traits.file(id) }
}
