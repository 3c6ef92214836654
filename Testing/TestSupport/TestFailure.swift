public import Glibc

/// What went wrong while a test was being prepared, with the operation, its object and errno.
public struct TestFailure: Error, CustomStringConvertible {
    /// One line for the reader of the test's output.
    public let description: String

    /// A failure in plain words.
    public init(_ description: String) { self.description = description }

    /// A failed system call on an object.
    public init(_ operation: String, _ object: String, _ code: Int32 = errno) {
        description = "\(operation) \(object): \(String(cString: strerror(code)))"
    }
}
