import Glibc

extension LinuxError {
    /// Turns the C boundary's "0 or more, or -errno" into a value or an error.
    @discardableResult
    static func check(_ result: Int32, _ call: String, _ object: String) throws(LinuxError) -> Int32 {
        if result < 0 { throw LinuxError(call: call, object: object, code: -result) }
        return result
    }

    /// The same for what was opened within a root. A kernel or a sandbox that cannot do that is told by the call's name.
    @discardableResult
    static func checkOpened(_ result: Int32, _ object: String) throws(LinuxError) -> Int32 {
        try check(result, result == -Errno.noSuchCall ? "openat2" : "open", object)
    }
}
