import Model

/// The early end of a verb: a text for standard error, which may be empty, and an exit code.
package struct ExitFailure: ReadableError, Hashable {
    /// The exit code.
    package var code: Int32
    /// The text for standard error; empty for none.
    package var message: String

    /// A failure with Docker's usual exit code 1.
    package init(_ message: String, code: Int32 = 1) {
        self.message = message
        self.code = code
    }
}
