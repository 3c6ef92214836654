internal import Glibc
public import Model

/// The passwd and group files of a root file system, read without any name service. They are bytes: an image may hold anything
/// in them, and two names are one only when their bytes are.
public struct UserDatabase: Hashable, Sendable {
    /// A line of passwd(5).
    public struct User: Hashable, Sendable {
        /// The bytes of the name.
        public let nameBytes: [UInt8]
        /// User number; one that is out of range is `UInt32.max`.
        public let uid: UInt32
        /// Group number, the same.
        public let gid: UInt32
        /// Home directory.
        public let home: String

        /// The name for people; bytes that are not UTF-8 are replaced.
        public var name: String { String(decoding: nameBytes, as: UTF8.self) }
    }

    /// A line of group(5).
    public struct Group: Hashable, Sendable {
        /// The bytes of the name.
        public let nameBytes: [UInt8]
        /// Group number; one that is out of range is `UInt32.max`.
        public let gid: UInt32
        /// The bytes of the names of the users in it.
        public let members: [[UInt8]]
    }

    /// In the order of the file.
    public let users: [User]
    /// In the order of the file.
    public let groups: [Group]

    /// The largest user or group number, as in Docker.
    public static let maximumNumber = UInt32(Int32.max)
    /// Bytes that are read of one of the two files; a longer one is refused.
    public static let maximumBytes = 1 << 20

    /// Parses the two files; lines that do not have the form are skipped. A line may end as Windows writes it.
    public init(passwd: [UInt8], group: [UInt8]) {
        users = Self.lines(of: passwd).compactMap { fields in
            guard fields.count >= 4, let uid = Self.number(fields[2]), let gid = Self.number(fields[3]) else {
                return nil
            }
            // A zero byte would end the variable that it becomes.
            let home = fields.count > 5 && !fields[5].contains(0) ? String(decoding: fields[5], as: UTF8.self) : ""
            return User(nameBytes: Array(fields[0]), uid: uid, gid: gid, home: home)
        }
        groups = Self.lines(of: group).compactMap { fields in
            guard fields.count >= 3, let gid = Self.number(fields[2]) else { return nil }
            let members = fields.count > 3 ? fields[3].split(separator: 0x2C).map(Array.init) : []
            return Group(nameBytes: Array(fields[0]), gid: gid, members: members)
        }
    }

    /// Parses the two files given as text.
    public init(passwd: String, group: String) { self.init(passwd: Array(passwd.utf8), group: Array(group.utf8)) }

    /// Reads /etc/passwd and /etc/group inside a root file system; missing files are empty ones, and nothing but a regular file
    /// is opened.
    public init(root: String) throws(UserDatabaseError) {
        self.init(
            passwd: try Self.read("/etc/passwd", in: root), group: try Self.read("/etc/group", in: root))
    }

    private static func read(_ path: String, in root: String) throws(UserDatabaseError) -> [UInt8] {
        do {
            return try RootedPath(root: root, path: path).read(limit: maximumBytes) ?? []
        } catch {
            switch error.code {
            case EISDIR: throw .notAFile(path: path, what: "a directory")
            case EMEDIUMTYPE: throw .notAFile(path: path, what: "a device, a fifo or a socket")
            case ELOOP: throw .notAFile(path: path, what: "a symbolic link that leads nowhere")
            case EFBIG: throw .tooLong(path: path, maximum: maximumBytes)
            default: throw .host(error)
            }
        }
    }

    /// The lines by their fields, blanks around a line left out, as Docker does.
    private static func lines(of bytes: [UInt8]) -> [[ArraySlice<UInt8>]] {
        bytes.split(separator: 0x0A).map { line in
            let start = line.drop(while: isBlank)
            let end = start.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start.startIndex
            return start[start.startIndex..<end].split(separator: 0x3A, omittingEmptySubsequences: false)
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// A decimal number; one that is negative or too large becomes the largest there is, which nobody can be.
    private static func number(_ field: ArraySlice<UInt8>) -> UInt32? {
        let digits = field.first == 0x2D || field.first == 0x2B ? field.dropFirst() : field
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard field.first != 0x2D else { return digits.allSatisfy { $0 == 0x30 } ? 0 : .max }
        return UInt32(String(decoding: digits, as: UTF8.self)) ?? .max
    }
}

/// Why the users of a root file system cannot be told.
public enum UserDatabaseError: ReadableError, Hashable, Sendable {
    /// What is at the path in the root file system is no regular file.
    case notAFile(path: String, what: String)
    /// The file is longer than so many bytes.
    case tooLong(path: String, maximum: Int)
    /// The host failed to read it.
    case host(LinuxError)

    /// What is wrong with which file.
    public var message: String {
        switch self {
        case .notAFile(let path, let what):
            "the users of the image cannot be read: \(path) is \(what) and not a regular file"
        case .tooLong(let path, let maximum):
            "the users of the image cannot be read: \(path) is longer than \(maximum) bytes"
        case .host(let error): "the users of the image cannot be read: \(error.message)"
        }
    }
}
