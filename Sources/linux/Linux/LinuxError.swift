import CLinux

/// A system call that failed: which one, on what, and why.
public struct LinuxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call, as its manual page names it.
    public let call: String
    /// What it was called on: a path, a process, a descriptor.
    public let object: String
    /// The errno.
    public let code: Int32

    /// A failure of `call` on `object`; `code` is an errno.
    public init(call: String, object: String, code: Int32) {
        self.call = call
        self.object = object
        self.code = code
    }

    /// The C library's text for `code`, such as `No such file or directory`.
    public var reason: String { Self.reason(code) }

    /// The C library's text for an errno.
    static func reason(_ code: Int32) -> String { String(cString: clinux_strerror(code)) }

    /// One line: the call, its object and the reason.
    public var description: String { "\(call) \(object): \(reason)" }
}
