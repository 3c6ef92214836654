public import Linux

extension ArchiveError {
    /// Does something of the kernel's to a path; what fails is `system` with this operation.
    public static func attempt<Value: ~Copyable>(
        _ operation: String, _ path: @autoclosure () -> String, _ body: () throws(LinuxError) -> Value
    ) throws(ArchiveError) -> Value {
        do throws(LinuxError) { return try body() } catch {
            throw .system(operation: operation, path: path(), errno: error.code)
        }
    }
}
