/// The end of a verb before its time: what to write on standard error, if anything, and the exit code.
package struct ExitFailure: Error, Hashable {
    /// Exit code.
    package var code: Int32
    /// For standard error; empty for nothing.
    package var message: String

    /// A failure with Docker's usual exit code 1.
    package init(_ message: String, code: Int32 = 1) {
        self.message = message
        self.code = code
    }
}
