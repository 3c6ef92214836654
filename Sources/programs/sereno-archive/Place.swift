internal import Archive
internal import CLinux
internal import Linux

/// Where the program works. Once it has entered, nothing of the host has a path for it any more: its mount namespace holds this
/// place alone, in which no device can be opened and no program be run.
enum Place {
    /// A path of the host inside a directory.
    struct Bind {
        let source: String
        let target: String
        let readOnly: Bool
    }

    /// A directory of the host.
    case directory(String, [Bind] = [])
    /// What a process has mounted: descriptors of its mount namespace and of its root.
    case process(mounts: Int32, root: Int32)

    init(_ options: Options) throws(ArchiveError) {
        if let mounts = try options.number("--mounts-fd"), let root = try options.number("--root-fd") {
            self = .process(mounts: Int32(clamping: mounts), root: Int32(clamping: root))
            return
        }
        let sources = options.all("--bind-source")
        let targets = options.all("--bind-target")
        let accesses = options.all("--bind-access")
        guard sources.count == targets.count, sources.count == accesses.count else {
            throw .usage("each --bind-source needs a --bind-target and a --bind-access")
        }
        let binds = sources.indices.map {
            Bind(source: sources[$0], target: targets[$0], readOnly: accesses[$0] == "ro")
        }
        self = .directory(try options.required("--root"), binds)
    }

    /// Makes it the root of a mount namespace of this process, which has one thread.
    func enter(readOnly: Bool) throws(ArchiveError) {
        switch self {
        case .directory(let path, let binds):
            let begun = clinux_begin_private_root(path)
            if begun == -Errno.noSuchFile { throw .notFound(path: path) }
            try Self.check(begun, "make mount namespace", path)
            for bind in binds {
                do throws(LinuxError) {
                    try PrivateMounts.bind(bind.source, over: bind.target, in: path, readOnly: bind.readOnly)
                } catch {
                    throw ArchiveError(error)
                }
            }
            try Self.check(clinux_finish_private_root(path), "change root", path)
        case .process(let mounts, let root):
            try Self.check(clinux_copy_root(mounts, root), "enter", "mounts of the container")
            _ = clinux_close(mounts)
            _ = clinux_close(root)
        }
        try Self.check(clinux_tame_mounts(readOnly ? 1 : 0), "change mounts of", "the root")
    }

    /// A directory of the host, open as a mount of its own that nothing leads out of.
    static func detached(_ path: String) throws(ArchiveError) -> OwnedDescriptor {
        let opened = clinux_detached_directory(path)
        if opened == -Errno.noSuchFile { throw .notFound(path: path) }
        try check(opened, "open", path)
        return OwnedDescriptor(adopting: opened)
    }

    private static func check(_ result: Int32, _ call: String, _ object: String) throws(ArchiveError) {
        if result < 0 { throw .system(operation: call, path: object, errno: -result) }
    }
}

extension ArchiveError {
    init(_ error: LinuxError) { self = .system(operation: error.call, path: error.object, errno: error.code) }
}
