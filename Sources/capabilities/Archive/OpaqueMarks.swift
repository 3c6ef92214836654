public import Linux

/// The attribute by which overlayfs hides what lies below in a directory (`trusted.overlay.opaque`). The kernel gives it only to
/// CAP_SYS_ADMIN, which the program that reads archives does not keep: it asks another process.
public protocol OpaqueMarks {
    /// Whether an open directory has it.
    func isMarked(_ directory: BorrowedDescriptor) -> Bool
    /// Gives it to an open directory: 0 or an errno.
    func mark(_ directory: BorrowedDescriptor) -> Int32
}

/// The attribute as this process itself may read and set it.
public struct OwnOpaqueMarks: OpaqueMarks {
    static let attribute = "trusted.overlay.opaque"
    private static let set = Array("y".utf8)

    /// Needs nothing.
    public init() {}

    /// See `OpaqueMarks`; one that cannot be read is none.
    public func isMarked(_ directory: BorrowedDescriptor) -> Bool {
        ExtendedAttribute.value(Self.attribute, of: directory, limit: 1) == Self.set
    }

    /// See `OpaqueMarks`.
    public func mark(_ directory: BorrowedDescriptor) -> Int32 {
        do throws(LinuxError) { try ExtendedAttribute.set(Self.attribute, Self.set, of: directory) } catch {
            return error.code
        }
        return 0
    }
}

extension OpaqueMarks {
    func mark(_ directory: borrowing OwnedDescriptor, _ path: EntryPath) throws(ArchiveError) {
        let code = mark(directory.borrowed)
        guard code == 0 else { throw .system(operation: "setxattr", path: path.text, errno: code) }
    }
}
