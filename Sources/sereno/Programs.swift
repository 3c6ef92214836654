import Glibc

/// The other programs of this package on this machine.
enum Programs {
    /// A program's path: beside this executable, or in `../libexec/sereno` as seen from it.
    static func find(_ name: String) -> String? {
        guard let buffer = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(buffer) }
        let directory = LocalPath.split(String(cString: buffer)).directory
        let candidates = ["\(directory)/\(name)", LocalPath.clean("\(directory)/../libexec/sereno/\(name)")]
        return candidates.first { access($0, X_OK) == 0 }
    }

    /// Makes this process that program, with every signal at its default; returns an errno when it cannot.
    static func become(_ path: String, _ arguments: [String]) -> Int32 {
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        words.append(nil)
        execv(path, words)
        return errno
    }
}
