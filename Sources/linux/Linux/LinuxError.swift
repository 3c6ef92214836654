import CLinux
public import Model

/// A system call that failed: which one, on what, and why.
public struct LinuxError: ReadableError, Hashable, Sendable {
    /// What was tried: mostly the call, as its manual page names it.
    public let call: String
    /// What it was tried on: a path, a process.
    public let object: String
    /// The errno.
    public let code: Int32

    /// A failure of `call` on `object`; `code` is an errno.
    public init(call: String, object: String, code: Int32) {
        self.call = call
        self.object = object
        self.code = code
    }

    /// The words for `code`, such as `no such file or directory`.
    public var reason: String { Self.text(code) }

    /// The C library's words for an errno, in lower case as Go's runtime and Docker's users have them.
    public static func text(_ code: Int32) -> String { String(cString: clinux_strerror(code)).lowercased() }

    /// One line: the call, its object and the reason.
    public var message: String { object.isEmpty ? "\(call): \(reason)" : "\(call) \(object): \(reason)" }
}
