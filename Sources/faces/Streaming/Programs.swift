import CLinux
import Flags
import Linux

/// The other programs of this package on this machine.
package enum Programs {
    /// The arguments of this program. The standard library reads them from /proc, which the first process of a machine
    /// does not have yet.
    package static var arguments: [String] {
        guard let words = clinux_arguments() else { return [] }
        return (0..<Int(clinux_argument_count())).compactMap { index in words[index].map { String(cString: $0) } }
    }

    /// The path of a program beside this executable or in `../libexec/sereno`; `nil` when it is in neither.
    package static func find(_ name: String) -> String? {
        // Without /proc the executable is found by the path with which it was started.
        let own = arguments.first.flatMap { $0.contains("/") ? $0 : nil } ?? ""
        guard let path = HostFile.realPath("/proc/self/exe") ?? HostFile.realPath(own) else { return nil }
        let directory = LocalPath.split(path).directory
        let candidates = ["\(directory)/\(name)", LocalPath.clean("\(directory)/../libexec/sereno/\(name)")]
        return candidates.first { HostFile.isExecutable($0) }
    }

    /// Replaces this process by the program. Returns an errno when that fails.
    package static func become(_ path: String, _ arguments: [String]) -> Int32 {
        CurrentProcess.become(path, arguments).code
    }

    /// Runs a program; its errors are shown, its output is not. Returns its exit code; `nil` when it could not be run
    /// or a signal ended it.
    package static func run(_ path: String, _ arguments: [String]) -> Int32? {
        guard let null = try? OwnedDescriptor(opening: "/dev/null", .writeOnly) else { return nil }
        return start(path, arguments, [1: null.borrowed])?.waitForEnd()
    }

    /// The standard output of a program that ends with 0; `nil` otherwise. Its errors are not shown.
    package static func output(_ path: String, _ arguments: [String]) -> String? {
        guard let null = try? OwnedDescriptor(opening: "/dev/null", .writeOnly), var ends = try? StreamPair() else {
            return nil
        }
        let output = BorrowedDescriptor(rawValue: ends.writer)
        guard let child = start(path, arguments, [1: output, 2: null.borrowed]) else { return nil }
        ends.closeWriter()
        let text = (try? BorrowedDescriptor(rawValue: ends.reader).readAll()) ?? []
        return child.waitForEnd() == 0 ? String(decoding: text, as: UTF8.self) : nil
    }

    private static func start(
        _ path: String, _ arguments: [String], _ descriptors: [Int32: BorrowedDescriptor]
    ) -> SpawnedProgram? {
        try? SpawnedProgram(inheriting: path, arguments: arguments, replacing: descriptors)
    }
}
