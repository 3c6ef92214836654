internal import Model

/// One line of /proc/self/mountinfo (proc_pid_mountinfo(5)).
public struct MountEntry: Hashable, Sendable {
    /// Number of the mount, unique in its namespace.
    public let id: Int
    /// Number of the mount it sits on.
    public let parent: Int
    /// The directory of the file system that is the root of this mount.
    public let root: String
    /// Where it is.
    public let mountPoint: String
    /// Options of this mount alone, e.g. `rw`, `nosuid`.
    public let options: [String]
    /// Optional fields, e.g. `shared:1`, `master:3`.
    public let tags: [String]
    /// Kind of file system.
    public let type: String
    /// What was mounted.
    public let source: String
    /// Options of the file system.
    public let superOptions: [String]

    /// Whether mounts made below it appear in other namespaces.
    public var isShared: Bool { tags.contains { $0.hasPrefix("shared:") } }

    /// Whether mounts made in another namespace appear below it.
    public var isSlave: Bool { tags.contains { $0.hasPrefix("master:") } }

    /// Parses one line; `nil` when it does not have the documented form.
    public init?(line: some StringProtocol) {
        let fields = String(line).split(byte: " ").map(String.init)
        guard fields.count >= 10, let separator = fields[6...].firstIndex(of: "-"), fields.count >= separator + 4,
            let id = Int(fields[0]), let parent = Int(fields[1])
        else { return nil }
        self.id = id
        self.parent = parent
        root = Self.unescaped(fields[3])
        mountPoint = Self.unescaped(fields[4])
        options = fields[5].split(byte: ",").map(String.init)
        tags = Array(fields[6..<separator])
        type = fields[separator + 1]
        source = Self.unescaped(fields[separator + 2])
        superOptions = fields[separator + 3].split(byte: ",").map(String.init)
    }

    /// Blanks, tabs, newlines and backslashes come as a backslash and three octal digits.
    static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(0x5C) else { return text }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x5C, rest.count >= 3,
                let value = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The mounts of a process, in the order they were made.
public struct MountTable: Hashable, Sendable {
    /// All mounts that could be parsed.
    public let entries: [MountEntry]

    /// Parses the text of a mountinfo file.
    public init(parsing text: String) {
        // By bytes: to Swift a carriage return and the newline after it are one character.
        entries = text.utf8.split(separator: 0x0A).compactMap { MountEntry(line: String(decoding: $0, as: UTF8.self)) }
    }

    /// The mounts of this process.
    public static func current() throws(LinuxError) -> MountTable {
        MountTable(parsing: try HostFile.read("/proc/self/mountinfo"))
    }

    /// The mount that a path without symbolic links is on: the longest mount point that is a part of it, the
    /// last one when several are on the same place.
    public func mount(holding path: String) -> MountEntry? {
        var best: MountEntry?
        for entry in entries where Self.contains(entry.mountPoint, path) {
            if entry.mountPoint.utf8.count >= best?.mountPoint.utf8.count ?? 0 { best = entry }
        }
        return best
    }

    /// Whether the path of a mount leads to it: no later mount covers it, or the place of one that it sits on. In a mount
    /// namespace made from another's the covered ones stay in the table.
    public func isReachable(_ entry: MountEntry) -> Bool {
        var step: MountEntry = entry
        if entries.contains(where: { $0.parent == step.id && $0.mountPoint == step.mountPoint && $0.id != step.id }) {
            return false
        }
        // The depth of the table bounds a walk through one that makes no sense.
        for _ in entries {
            guard let below = entries.first(where: { $0.id == step.parent && $0.id != step.id }) else { return true }
            let covers = entries.contains { other in
                other.parent == below.id && other.id != step.id && other.id != below.id
                    && Self.contains(other.mountPoint, step.mountPoint)
            }
            if covers { return false }
            step = below
        }
        return true
    }

    /// Whether something is mounted exactly there.
    public func isMountPoint(_ path: String) -> Bool { entries.contains { $0.mountPoint == path } }

    private static func contains(_ directory: String, _ path: String) -> Bool {
        directory == "/" || path == directory || path.hasPrefix(directory + "/")
    }
}
