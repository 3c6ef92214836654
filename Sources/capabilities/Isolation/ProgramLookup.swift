import Linux
import Model

/// Finds a program in a root file system as execve(2) and PATH would, without entering it: for runtimes whose own exit code
/// does not tell a missing program from the program's end.
enum ProgramLookup {
    /// Throws ``IsolationError/program(_:code:)`` with ENOENT, EACCES or EISDIR when the program cannot be executed.
    static func check(_ program: String, environment: [String], root: String) throws(IsolationError) {
        if program.contains(byte: "/") {
            try judge(program, as: program, root)
            return
        }
        let setting = environment.last { $0.hasPrefix(bytes: "PATH=") } ?? ProcessEnvironment.path
        var refusal = IsolationError.program(program, code: Errno.noSuchFile)
        for directory in (setting.dropping(prefix: "PATH=") ?? "").split(byte: ":") {
            do {
                try judge(directory + "/" + program, as: program, root)
                return
            } catch {
                if case .program(_, let code) = error, code != Errno.noSuchFile, code != Errno.notADirectory {
                    refusal = error
                }
            }
        }
        throw refusal
    }

    private static func judge(_ path: String, as program: String, _ root: String) throws(IsolationError) {
        let found = RootedPath(root: root, path: path)
        let kind = try onHost { () throws(LinuxError) in try found.kind() }
        guard let kind else { throw .program(program, code: Errno.noSuchFile) }
        if kind == .directory { throw .program(program, code: Errno.isDirectory) }
        let executable = try onHost { () throws(LinuxError) in try found.isExecutable() }
        if !executable { throw .program(program, code: Errno.permissionDenied) }
    }
}
