internal import KeeperClient
internal import KeeperProtocol
internal import LaunchPlan
internal import Linux
package import Model

extension StartFailure {
    /// Attempts at a start, by the words that begin the message.
    package enum Attempt: String, Sendable {
        case container = "failed to start container"
        case exec = "exec failed: unable to start container process"
    }

    /// A failure that the keeper reported, in the words by which Docker's client distinguishes 126 from 127.
    init(_ failure: LaunchFailure, in plan: Plan, of attempt: Attempt = .container) {
        let problem = LaunchProblem(failure, in: plan)
        if problem.isExecution, case .execute(let arguments, _)? = problem.operation {
            self.init(executing: arguments.first ?? "", code: failure.code, attempt)
        } else {
            self.init(exitCode: problem.exitCode, message: "\(attempt.rawValue): \(problem.message)")
        }
    }

    /// An exec that cannot be, whatever is in the container: one without a program, or in no certain directory.
    package init?(refusing spec: ExecSpec) {
        if spec.arguments.first?.isEmpty ?? true {
            self.init(executing: "", code: Errno.noSuchFile, .exec)
        } else if !spec.workingDirectory.isEmpty, !spec.workingDirectory.hasPrefix(bytes: "/") {
            self.init(exitCode: 128, message: "exec failed: Cwd must be an absolute path")
        } else {
            return nil
        }
    }

    /// A program that cannot be executed; `code` is an errno.
    package init(executing program: String, code: Int32, _ attempt: Attempt) {
        let prefix = "\(attempt.rawValue): exec: \"\(program)\": "
        switch code {
        case Errno.noSuchFile where !program.contains(byte: "/"):
            self.init(exitCode: 127, message: prefix + "executable file not found in $PATH")
        case Errno.noSuchFile, Errno.notADirectory:
            self.init(exitCode: 127, message: prefix + "stat \(program): no such file or directory")
        case Errno.permissionDenied: self.init(exitCode: 126, message: prefix + "permission denied")
        case Errno.isDirectory: self.init(exitCode: 126, message: prefix + "is a directory: permission denied")
        default: self.init(exitCode: 126, message: prefix + LinuxError.text(code))
        }
    }
}
