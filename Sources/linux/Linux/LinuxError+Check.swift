import Glibc

extension LinuxError {
    /// Turns the C boundary's "0 or more, or -errno" into a value or an error.
    @discardableResult
    static func check(_ result: Int32, _ call: String, _ object: String) throws(LinuxError) -> Int32 {
        if result < 0 { throw LinuxError(call: call, object: object, code: -result) }
        return result
    }
}
