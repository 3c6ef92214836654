internal import CLinux

/// Extended attributes of files (xattr(7)).
public enum ExtendedAttribute {
    /// The longest value that Linux has, in bytes (XATTR_SIZE_MAX), and the longest list of names.
    public static let maximumBytes = 64 << 10

    /// Whether the attribute is there with the value `1`.
    static func isSet(_ name: String, on path: String) -> Bool {
        clinux_attribute_is_one(path, name) == 1
    }

    /// The value of an open file's attribute; `nil` when it has none that can be read, or one of more than `limit` bytes.
    public static func value(_ name: String, of file: BorrowedDescriptor, limit: Int = maximumBytes) -> [UInt8]? {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, used in
            count = clinux_get_attribute(file.rawValue, name, buffer.baseAddress, buffer.count)
            used = max(0, count)
        }
        return count < 0 ? nil : bytes
    }

    /// Gives an open file the attribute (fsetxattr(2)).
    public static func set(_ name: String, _ value: [UInt8], of file: BorrowedDescriptor) throws(LinuxError) {
        try LinuxError.check(clinux_set_attribute(file.rawValue, name, value, value.count), "setxattr", name)
    }

    /// The names of an open file's attributes; none when they cannot be told.
    public static func names(of file: BorrowedDescriptor) -> [String] {
        var list = [CChar](repeating: 0, count: maximumBytes)
        let count = clinux_list_attributes(file.rawValue, &list, list.count)
        return list.prefix(max(0, count)).map { UInt8(bitPattern: $0) }.split(separator: 0).map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
