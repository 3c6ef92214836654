import Glibc
import Linux
import TestSupport
import Testing

@Suite("A program run to its end")
struct ChildProcessTests {
    @Test("has standard streams and the result pipe, and nothing that this process has open")
    func descriptors() throws {
        // On purpose without O_CLOEXEC, as a library may do it.
        let leaky = open("/dev/null", O_RDONLY)
        try #require(leaky > 3)
        defer { close(leaky) }
        let ended = try ChildProcess.run(
            path: "/bin/sh", arguments: ["-c", "exec >&3; for fd in /proc/self/fd/*; do echo ${fd##*/}; done"])
        #expect(ended.exitCode == 0)
        let open = String(decoding: ended.result, as: UTF8.self).split(separator: "\n").compactMap { Int($0) }
        // The shell's own look into the directory is one more.
        #expect(Set(open).isSuperset(of: [0, 1, 2, 3]))
        #expect(!open.contains(where: { $0 > 4 }), "\(open)")
    }

    @Test("that cannot be started is named without its folder, with what helps")
    func cannotStart() {
        #expect(throws: ChildProcessError.system(call: "posix_spawn", object: "/nowhere/program", errno: ENOENT)) {
            try ChildProcess.run(path: "/nowhere/program", arguments: [])
        }
        func text(_ code: Int32) -> String {
            "\(ChildProcessError.system(call: "posix_spawn", object: "/nowhere/program", errno: code))"
        }
        #expect(text(ENOENT) == "cannot start program: no such file or directory")
        #expect(text(EAGAIN).hasPrefix("cannot start program: the host has no process number left"))
        #expect(text(EAGAIN).contains("kernel.pid_max"))
    }

    @Test("tells its exit code, its signal and its last words")
    func ends() throws {
        let seven = try ChildProcess.run(path: "/bin/sh", arguments: ["-c", "echo why >&2; exit 7"])
        #expect(seven.exitCode == 7)
        #expect(String(decoding: seven.standardError, as: UTF8.self) == "why\n")
        let killed = try ChildProcess.run(path: "/bin/sh", arguments: ["-c", "kill -KILL $$"])
        #expect(killed.signal == 9)
        #expect(killed.exitCode == nil)
        #expect(throws: ChildProcessError.self) { try ChildProcess.run(path: "/nonexistent", arguments: []) }
    }
}
