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
            throw ExitFailure(
                "failed to \(verb): invalid output path: stat \(directory): \(LinuxError.text(error.code))")
        }
        guard let kind = (try? FileStatus(of: path, followingLinks: false))?.kind, kind != .regular else { return }
        throw ExitFailure("failed to \(verb): cannot write to \(kind.asTarget)")
    }
}

extension FileStatus.Kind {
    /// What it is called where a file was to be written.
    fileprivate var asTarget: String {
        switch self {
        case .fifo: "a named pipe (FIFO)"
        case .characterDevice: "a character device file"
        case .directory: "a directory"
        case .blockDevice: "a block device file"
        case .regular: "a regular file"
        case .symbolicLink: "a symbolic link directly"
        case .socket: "a socket"
        }
    }
}
