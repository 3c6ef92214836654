internal import CLinux
internal import Glibc

/// Where a walk through a tree stands: the directories from its top down to the current one, of which a bounded number is open,
/// however deep the tree is. Whoever changes the tree meanwhile cannot lead it anywhere else: a directory that is opened again
/// from below must be the one it was.
public struct DirectoryDescent: ~Copyable {
    /// Directories that are open at once.
    public static let openAtOnce = 64

    private struct Level {
        var descriptor: Int32
        let device: UInt64
        let inode: UInt64
    }

    private var levels: [Level] = []

    /// Begins at an open directory.
    public init(_ top: consuming OwnedDescriptor) throws(LinuxError) {
        let number = top.release()
        levels.append(try Self.level(adopting: number))
    }

    deinit { for level in levels where level.descriptor >= 0 { close(level.descriptor) } }

    /// The directory it stands in.
    public var current: BorrowedDescriptor { BorrowedDescriptor(rawValue: levels.last?.descriptor ?? -1) }

    /// How far below the top it stands.
    public var depth: Int { levels.count - 1 }

    /// Goes into a directory of the current one, by its name. `sameMount` refuses one that something is mounted on, with EXDEV;
    /// a symbolic link is ELOOP or ENOTDIR.
    public mutating func enter(_ name: [UInt8], sameMount: Bool = false) throws(LinuxError) {
        let opened = clinux_open_directory_at(
            current.rawValue, name.map { CChar(bitPattern: $0) } + [0], sameMount ? 1 : 0)
        guard opened >= 0 else {
            throw LinuxError(call: "open", object: String(decoding: name, as: UTF8.self), code: -opened)
        }
        levels.append(try Self.level(adopting: opened))
        let distant = levels.count - 1 - Self.openAtOnce
        if distant >= 0, levels[distant].descriptor >= 0 {
            close(levels[distant].descriptor)
            levels[distant].descriptor = -1
        }
    }

    /// Goes back up. ESTALE when the current directory has been moved to another one meanwhile.
    public mutating func leave() throws(LinuxError) {
        guard levels.count > 1, let left = levels.last else { return }
        let upper = levels.count - 2
        if levels[upper].descriptor < 0 {
            let opened = openat(left.descriptor, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard opened >= 0 else { throw LinuxError(call: "open", object: "..", code: errno) }
            let found = try Self.level(adopting: opened)
            guard found.device == levels[upper].device, found.inode == levels[upper].inode else {
                close(opened)
                throw LinuxError(call: "open", object: "..", code: ESTALE)
            }
            levels[upper].descriptor = opened
        }
        levels.removeLast()
        close(left.descriptor)
    }

    private static func level(adopting descriptor: Int32) throws(LinuxError) -> Level {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw LinuxError(call: "stat", object: "directory", code: code)
        }
        return Level(descriptor: descriptor, device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }
}
