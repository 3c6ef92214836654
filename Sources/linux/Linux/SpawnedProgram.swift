internal import Glibc

/// A program that runs beside this one until it ends by itself.
public struct SpawnedProgram: ~Copyable, Sendable {
    private let process: pid_t

    /// Starts a program with these descriptors from 0 on and no other, without an environment, every signal at its default.
    public init(
        path: String, arguments: [String], descriptors: [BorrowedDescriptor]
    ) throws(ChildProcessError) {
        process = try ProgramLaunch(
            path, [path] + arguments, environment: [], descriptors: descriptors.map(\.rawValue)
        ).start()
    }

    /// Starts a program that has all that is this process's, its environment and its signals, but for these descriptors, by the
    /// numbers that they have in the program. With `apart` it has a session of its own and every signal at its default.
    public init(
        inheriting path: String, arguments: [String], replacing descriptors: [Int32: BorrowedDescriptor],
        apart: Bool = false
    ) throws(ChildProcessError) {
        var launch = ProgramLaunch(
            inheriting: path, [path] + arguments, replacing: descriptors.mapValues(\.rawValue))
        launch.hasDefaultSignals = apart
        launch.hasOwnSession = apart
        process = try launch.start()
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
