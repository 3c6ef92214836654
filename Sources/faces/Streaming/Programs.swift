import CLinux
import Flags
import Glibc

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
        guard let buffer = realpath("/proc/self/exe", nil) ?? realpath(own, nil) else { return nil }
        defer { free(buffer) }
        let directory = LocalPath.split(String(cString: buffer)).directory
        let candidates = ["\(directory)/\(name)", LocalPath.clean("\(directory)/../libexec/sereno/\(name)")]
        return candidates.first { access($0, X_OK) == 0 }
    }

    /// Replaces this process by the program. Returns an errno when that fails.
    package static func become(_ path: String, _ arguments: [String]) -> Int32 {
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        words.append(nil)
        execv(path, words)
        return errno
    }

    /// Runs a program; its errors are shown, its output is not. Returns its exit code; `nil` when it could not be run
    /// or a signal ended it.
    package static func run(_ path: String, _ arguments: [String]) -> Int32? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        return spawn(path, arguments, &actions).flatMap(ended)
    }

    /// The standard output of a program that ends with 0; `nil` otherwise. Its errors are not shown.
    package static func output(_ path: String, _ arguments: [String]) -> String? {
        var ends: [Int32] = [-1, -1]
        guard clinux_pipe(&ends) == 0 else { return nil }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        let child = spawn(path, arguments, &actions)
        close(ends[1])
        guard let child else { return nil }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(ends[0], &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            text += buffer[..<count]
        }
        return ended(child) == 0 ? String(decoding: text, as: UTF8.self) : nil
    }

    private static func spawn(
        _ path: String, _ arguments: [String], _ actions: inout posix_spawn_file_actions_t
    ) -> Int32? {
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var child: Int32 = 0
        return posix_spawn(&child, path, &actions, nil, words, environ) == 0 ? child : nil
    }

    /// Waits for a child and returns its exit code; `nil` when a signal ended it.
    private static func ended(_ child: Int32) -> Int32? {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
    }
}
