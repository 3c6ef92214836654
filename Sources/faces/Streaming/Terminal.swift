package import Flags
import Glibc

/// Checks of terminals and output files before a verb starts.
package enum Terminal {
    /// Whether standard input is a terminal.
    package static var isInput: Bool { isatty(0) == 1 }

    /// Refuses an output file whose directory does not exist, in Docker's words.
    package static func checkOutputPath(_ path: String?, verb: String) throws(ExitFailure) {
        guard let path else { return }
        var status = stat()
        let directory = LocalPath.split(path).directory
        if stat(directory, &status) != 0 {
            throw ExitFailure("failed to \(verb): invalid output path: stat \(directory): \(systemText(errno))")
        }
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw ExitFailure("failed to \(verb): invalid output path: \(quoted(path)) is a directory")
        }
    }
}
