import Glibc
import TestSupport
import Testing

/// A working directory that is a descriptor of whoever starts the process (CVE-2024-21626).
@Suite(
    "A working directory stays in the container", .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct WorkingDirectoryTests {
    /// What is outside and must not be read.
    private static let climb = "cat ../../../../../../../../../../../../etc/sereno-canary 2>/dev/null; pwd"
    private static let places = ["/proc/self/fd", "/proc/1/fd"]

    private func attacks(_ run: (String) throws -> Command) throws {
        let canary = "/etc/sereno-canary"
        let text = "canary \(getpid())"
        // A file that tests share says the same in each; whoever made it takes it away.
        let made = open(canary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if made >= 0 {
            _ = text.withCString { write(made, $0, strlen($0)) }
            close(made)
        }
        defer { if made >= 0 { unlink(canary) } }
        for place in Self.places {
            for number in 3..<9 {
                let outcome = try run("\(place)/\(number)")
                #expect(!outcome.output.contains("canary"), "\(place)/\(number): \(outcome.output)")
                #expect(!outcome.output.contains("unreachable"), "\(place)/\(number): \(outcome.output)")
                #expect(!outcome.succeeded, "\(place)/\(number): \(outcome.output)")
            }
        }
        for place in ["/proc/self/cwd", "/proc/self/root", "/proc/1/cwd/../.."] {
            let outcome = try run(place)
            #expect(!outcome.output.contains("canary"), "\(place): \(outcome.output)")
        }
    }

    @Test("of run", arguments: ["native", "runc"])
    func run(runtime: String) throws {
        let supervisor = try SupervisorUnderTest()
        try attacks {
            try supervisor.sereno(
                "run", "--rm", "--runtime", runtime, "--network", "none", "-w", $0, "busybox", "sh", "-c", Self.climb)
        }
    }

    @Test("of exec")
    func exec() throws {
        let supervisor = try SupervisorUnderTest()
        try expect(supervisor.sereno("run", "-d", "--name", "box", "--network", "none", "busybox", "sleep", "1000"))
        try attacks { try supervisor.sereno("exec", "-w", $0, "box", "sh", "-c", Self.climb) }
    }

    @Test("of a container that joins a PID namespace")
    func joined() throws {
        let supervisor = try SupervisorUnderTest()
        try expect(supervisor.sereno("run", "-d", "--name", "box", "--network", "none", "busybox", "sleep", "1000"))
        try attacks {
            try supervisor.sereno(
                "run", "--rm", "--network", "none", "--pid", "container:box", "-w", $0, "busybox", "sh", "-c",
                Self.climb)
        }
    }

    @Test("An ordinary one is made, kept and shown", arguments: ["native", "runc"])
    func ordinary(runtime: String) throws {
        let supervisor = try SupervisorUnderTest()
        let made = try supervisor.sereno(
            "run", "--rm", "--runtime", runtime, "--network", "none", "-w", "/made/deep", "busybox", "pwd")
        #expect(made.output == "/made/deep\n", "\(made.error)")
    }
}
