internal import Glibc

/// A program that runs beside this one until it ends by itself.
public struct SpawnedProgram: ~Copyable, Sendable {
    private let process: pid_t

    /// Starts a program with these descriptors from 0 on and no other, without an environment, every signal at its default.
    public init(
        path: String, arguments: [String], descriptors: [BorrowedDescriptor]
    ) throws(ChildProcessError) {
        process = try ChildProcess.spawn(path, [path] + arguments, [], descriptors.map(\.rawValue))
    }

    /// Waits for its end; the exit code, `nil` when a signal ended it.
    public consuming func waitForEnd() -> Int32? {
        var result = ChildProcessResult()
        do throws(ChildProcessError) {
            try ChildProcess.wait(for: process, path: "", into: &result)
        } catch {
            return nil
        }
        return result.exitCode
    }
}
