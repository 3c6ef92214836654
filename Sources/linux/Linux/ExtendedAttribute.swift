import CLinux

/// Extended attributes of files (xattr(7)), as far as cgroup delegation needs them.
enum ExtendedAttribute {
    /// Whether the attribute is there with the value `1`.
    static func isSet(_ name: String, on path: String) -> Bool {
        clinux_attribute_is_one(path, name) == 1
    }
}
