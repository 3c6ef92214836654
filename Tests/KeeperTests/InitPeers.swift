import Glibc
import TestSupport

/// The inits that are compared: this one and two of Debian's, by tini's published tests (catatonit has none of its own).
enum InitPeer: String, CaseIterable {
    case sereno, tini, catatonit

    /// The command line that runs a program under it, reaping its orphans also where it is not process 1.
    func running(_ program: [String], options: [String] = []) throws -> [String] {
        switch self {
        case .sereno: [try BuiltProgram.path("sereno-keeper")] + options + ["--"] + program
        case .tini: [try found("/usr/bin/tini"), "-s"] + options + ["--"] + program
        case .catatonit: [try found("/usr/bin/catatonit")] + options + ["--"] + program
        }
    }

    /// The same as process 1 of a namespace with a /proc of its own.
    func asFirstProcess(_ program: [String], options: [String] = []) throws -> [String] {
        ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"] + (try running(program, options: options))
    }

    private func found(_ path: String) throws -> String {
        guard access(path, X_OK) == 0 else {
            throw TestFailure("\(path) is missing: run scripts/setup, which installs what the tests need")
        }
        return path
    }
}

/// A script for busybox's shell.
func script(_ text: String) -> [String] { [BusyboxRootfs.busybox, "sh", "-c", text] }
