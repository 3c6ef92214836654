public import Model

/// The fields that every entry of one container carries, with the names that dockerd gives them.
public struct JournalFields: Hashable, Sendable {
    /// Bytes that they may have together: an entry must fit into one datagram.
    public static let maximumBytes = 64 << 10

    /// The container's identity, by which its entries are found.
    public let id: ContainerID
    /// The fields in the native protocol (systemd.io, "Native Journal Protocol").
    let encoded: [UInt8]

    /// The fields of a container. `tag` is also what journalctl shows before each line. The names of `extra` (labels and
    /// environment) become upper case letters, digits and underscores, without underscores in front, as dockerd makes them;
    /// what has no name then is left out. Throws when all are more than `maximumBytes`.
    public init(
        id: ContainerID, name: String, image: String, tag: String, extra: [(name: String, value: String)]
    ) throws(LogOptionError) {
        self.id = id
        var bytes: [UInt8] = []
        for (field, value) in [
            ("CONTAINER_ID", id.short), ("CONTAINER_ID_FULL", id.text), ("CONTAINER_NAME", name),
            ("CONTAINER_TAG", tag), ("IMAGE_NAME", image), ("SYSLOG_IDENTIFIER", tag),
        ] { Self.add(field, Array(value.utf8)[...], to: &bytes) }
        for (field, value) in extra {
            guard let field = Self.fieldName(field) else { continue }
            Self.add(field, Array(value.utf8)[...], to: &bytes)
        }
        guard bytes.count <= Self.maximumBytes else { throw .tooManyFields(bytes.count) }
        encoded = bytes
    }

    static func fieldName(_ text: String) -> String? {
        let mapped = text.utf8.map { byte -> UInt8 in
            switch byte {
            case 0x61...0x7A: byte - 0x20
            case 0x41...0x5A, 0x30...0x39: byte
            default: 0x5F
            }
        }
        let name = mapped.drop { $0 == 0x5F }
        // journald takes names of up to 64 bytes that do not begin with a digit (journald-server.c, journal_field_valid).
        guard let first = name.first, !(0x30...0x39).contains(first), name.count <= 64 else { return nil }
        return String(decoding: name, as: UTF8.self)
    }

    /// A value with a newline is written with its length.
    static func add(_ name: String, _ value: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        bytes += Array(name.utf8)
        if value.contains(0x0A) {
            addSized(value, to: &bytes)
        } else {
            bytes.append(0x3D)
            bytes += value
            bytes.append(0x0A)
        }
    }

    static func addSized(_ value: some Collection<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(0x0A)
        withUnsafeBytes(of: UInt64(value.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: value)
        bytes.append(0x0A)
    }
}
