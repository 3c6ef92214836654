import Glibc

/// A fresh directory below /tmp that goes away, with all in it, when the last reference does.
public final class TemporaryDirectory: Sendable {
    /// Its absolute path.
    public let path: String

    /// Makes the directory, mode 0700.
    public init(_ prefix: String = "sereno-test") throws {
        var template = Array("/tmp/\(prefix).XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw TestFailure("mkdtemp", prefix) }
        path = String(cString: made)
    }

    deinit { TestFiles.removeTree(path) }

    /// The path of something inside.
    public func child(_ name: String) -> String { path + "/" + name }
}
