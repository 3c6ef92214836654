internal import Glibc

// Names of the host: what they lead to, and how they are made.
extension HostFile {
    /// The absolute path of a file without symbolic links (realpath(3)); `nil` when it is not there.
    public static func realPath(_ path: String) -> String? {
        guard let buffer = realpath(path, nil) else { return nil }
        defer { free(buffer) }
        return String(cString: buffer)
    }

    /// Whether this process may execute it (access(2)); so are directories that it may search.
    public static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }

    /// The text of a symbolic link (readlink(2)).
    public static func target(of path: String) throws(LinuxError) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        guard count >= 0 else { throw LinuxError(call: "readlink", object: path, code: errno) }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Makes a symbolic link; EEXIST when the name is taken (symlink(2)).
    public static func makeSymbolicLink(_ path: String, to target: String) throws(LinuxError) {
        if symlink(target, path) != 0 { throw LinuxError(call: "symlink", object: path, code: errno) }
    }

    /// Gives a file one more name in the same file system; EEXIST when that is taken (link(2)).
    public static func link(_ path: String, as other: String) throws(LinuxError) {
        if Glibc.link(path, other) != 0 { throw LinuxError(call: "link", object: path, code: errno) }
    }

    /// Makes a directory; EEXIST when the name is taken (mkdir(2)).
    public static func makeDirectory(_ path: String, mode: UInt32) throws(LinuxError) {
        if mkdir(path, mode_t(mode)) != 0 { throw LinuxError(call: "mkdir", object: path, code: errno) }
    }

    /// Makes a directory that has a name of its own behind this prefix, for this user only (mkdtemp(3)); its path.
    public static func makeTemporaryDirectory(_ prefix: String) throws(LinuxError) -> String {
        var template = Array((prefix + "XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw LinuxError(call: "mkdtemp", object: prefix, code: errno) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Sets the permission bits (chmod(2)); symbolic links are followed.
    public static func setPermissions(_ mode: UInt32, of path: String) throws(LinuxError) {
        if chmod(path, mode_t(mode)) != 0 { throw LinuxError(call: "chmod", object: path, code: errno) }
    }
}
