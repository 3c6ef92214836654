import Glibc
import Linux
import Synchronization

/// A fresh directory below `TestRun.directory` that goes away, with all in it, when the last reference does, or when the process ends.
public final class TemporaryDirectory: Sendable {
    /// Its absolute path.
    public let path: String

    /// Directories that are there now: what a static property holds is never let go of.
    private static let present = Mutex<Set<String>>([])
    private static let removesAtExit: Bool = atexit { TemporaryDirectory.removeAll() } == 0

    /// Makes the directory, mode 0700.
    public init(_ prefix: String = "sereno-test") throws {
        var template = Array("\(TestRun.directory)/\(prefix).XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw TestFailure("mkdtemp", prefix) }
        path = String(cString: made)
        guard Self.removesAtExit else { throw TestFailure("atexit", prefix) }
        Self.present.withLock { _ = $0.insert(path) }
    }

    deinit {
        Self.remove(path)
        // Somebody may still be filling it; the end of the process tries again.
        if !TestFiles.exists(path) { Self.present.withLock { _ = $0.remove(path) } }
    }

    private static func removeAll() {
        for path in present.withLock({ $0 }) { remove(path) }
    }

    /// A container that is set aside keeps its mounts, as nobody knows what to make of it; here nobody will.
    private static func remove(_ path: String) {
        let mounts = (try? MountTable.current())?.entries.map(\.mountPoint).filter { $0.hasPrefix(path + "/") } ?? []
        for mount in mounts.sorted(by: >) { umount2(mount, 2 /* MNT_DETACH */) }
        TestFiles.removeTree(path)
        // What is deeper than a path can be long.
        if mounts.isEmpty, TestFiles.exists(path) { try? TreeRemoval.remove(path) }
    }

    /// The path of something inside.
    public func child(_ name: String) -> String { path + "/" + name }
}
