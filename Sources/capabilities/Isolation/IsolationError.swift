public import Linux
public import Model

/// Why a container could not be prepared or planned.
public enum IsolationError: ReadableError, Hashable, Sendable {
    /// What was asked for is wrong; the text is Docker's.
    case invalid(String)
    /// The user or group is not in the root file system.
    case user(UserLookupError)
    /// The host refused a step: what was tried, on what, errno.
    case host(LinuxError)
    /// The program cannot be executed in the root file system: its name and ENOENT, EACCES or EISDIR.
    case program(String, code: Int32)
    /// The host lacks something that cannot be left out.
    case unsupported(String)

    /// One line, in Docker's words where Docker has some.
    public var message: String {
        switch self {
        case .invalid(let text), .unsupported(let text): text
        case .user(let error): error.message
        case .host(let error): error.message
        case .program(let name, let code): "exec: \"\(name)\": \(LinuxError.text(code))"
        }
    }
}

/// Runs a step on the host and turns its failure into this module's.
func onHost<Value: ~Copyable>(_ step: () throws(LinuxError) -> Value) throws(IsolationError) -> Value {
    do {
        return try step()
    } catch {
        throw .host(error)
    }
}
