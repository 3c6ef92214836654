import Glibc
import TestSupport
import Testing

/// What a process carries while it is put into a container (CVE-2016-9962, CVE-2024-21626).
@Suite("A process on its way into a container", .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct LaunchRaceTests {
    /// Combinations of what the racing container may do.
    static let rights: [[String]] = [
        [], ["--cap-add", "SYS_PTRACE"], ["--cap-drop", "ALL"],
        ["--cap-add", "SYS_PTRACE", "--security-opt", "no-new-privileges"],
        ["--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
        ["--cap-add", "SYS_PTRACE", "--security-opt", "seccomp=unconfined"],
    ]

    private func race(
        _ supervisor: SupervisorUnderTest, _ options: [String], _ launch: (String) throws -> Void
    ) throws -> String {
        let attack = try AttackProgram("racer")
        let name = "racer"
        try expect(
            supervisor.run(
                "sereno", ["run", "-d", "--name", name] + options + attack.options + ["busybox", attack.path]))
        #expect(try eventually { try supervisor.sereno("logs", name).output.hasPrefix("ready") })
        try launch(name)
        try expect(supervisor.sereno("stop", "-t", "10", name))
        let output = try expect(supervisor.sereno("logs", name)).output
        try expect(supervisor.sereno("rm", name))
        return output
    }

    /// How many processes it saw; the race is only one when they were many.
    private func seen(_ output: String) -> Int {
        output.split(separator: "\n").last.flatMap { Int($0.drop { !$0.isNumber }) } ?? 0
    }

    @Test("exec shows no descriptor, directory or program of the host", arguments: rights)
    func exec(options: [String]) throws {
        let supervisor = try SupervisorUnderTest()
        let output = try race(supervisor, options) { name in
            for _ in 0..<40 { try expect(supervisor.sereno("exec", name, "/bin/true")) }
        }
        #expect(!output.contains("opened"), "\(output)")
        #expect(seen(output) >= 5, "\(output)")
    }

    @Test("A health check shows none", arguments: [[], ["--cap-add", "SYS_PTRACE"]])
    func health(options: [String]) throws {
        let supervisor = try SupervisorUnderTest()
        let check = ["--health-cmd", "/bin/true", "--health-interval", "100ms"]
        let output = try race(supervisor, options + check) { _ in sleep(4) }
        #expect(!output.contains("opened"), "\(output)")
        #expect(seen(output) >= 5, "\(output)")
    }

    @Test("A container that joins the PID namespace shows none", arguments: [[], ["--cap-add", "SYS_PTRACE"]])
    func joined(options: [String]) throws {
        let supervisor = try SupervisorUnderTest()
        let output = try race(supervisor, options) { name in
            for _ in 0..<12 {
                try expect(
                    supervisor.sereno(
                        "run", "--rm", "--network", "none", "--pid", "container:" + name, "busybox", "/bin/true"))
            }
        }
        // Its own root file system is another than the racer's, and it is its own to show.
        let shown = output.split(separator: "\n").filter { $0.hasPrefix("opened") && !$0.hasSuffix("/root: /") }
        #expect(shown.filter { !$0.hasSuffix("/cwd: /") }.isEmpty, "\(output)")
        #expect(seen(output) >= 5, "\(output)")
    }

    @Test("A profile that forbids clone forbids no exec", arguments: [[], ["--cap-add", "SYS_PTRACE"]])
    func ownProfile(options: [String]) throws {
        let supervisor = try SupervisorUnderTest()
        let profile = supervisor.directory.child("profile.json")
        try TestFiles.write(
            """
            {"defaultAction": "SCMP_ACT_ALLOW",
             "syscalls": [{"names": ["clone", "clone3", "fork", "vfork"], "action": "SCMP_ACT_ERRNO"}]}
            """, to: profile)
        let output = try race(supervisor, options + ["--security-opt", "seccomp=" + profile]) { name in
            for _ in 0..<10 { try expect(supervisor.sereno("exec", name, "/bin/true")) }
        }
        #expect(!output.contains("opened"), "\(output)")
        #expect(seen(output) >= 5, "\(output)")
    }
}
