import Glibc

extension LinuxError {
    /// The words for the error number as Go's runtime prints them, for texts that users of Docker know.
    public var lowerCaseReason: String { reason.lowercased() }

    /// Turns the C boundary's "0 or more, or -errno" into a value or an error.
    @discardableResult
    static func check(_ result: Int32, _ call: String, _ object: String) throws(LinuxError) -> Int32 {
        if result < 0 { throw LinuxError(call: call, object: object, code: -result) }
        return result
    }
}
