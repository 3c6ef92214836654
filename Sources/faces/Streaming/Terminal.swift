package import Flags
import Linux

/// Checks of terminals and output files before a verb starts.
package enum Terminal {
    /// Whether standard input is a terminal.
    package static var isInput: Bool { BorrowedDescriptor.standardInput.isTerminal }

    /// Refuses an output file whose directory does not exist, in Docker's words.
    package static func checkOutputPath(_ path: String?, verb: String) throws(ExitFailure) {
        guard let path else { return }
        let directory = LocalPath.split(path).directory
        do throws(LinuxError) { _ = try FileStatus(of: directory) } catch {
            throw ExitFailure("failed to \(verb): invalid output path: stat \(directory): \(systemText(error.code))")
        }
        if HostFile.isDirectory(path) {
            throw ExitFailure("failed to \(verb): invalid output path: \(quoted(path)) is a directory")
        }
    }
}
