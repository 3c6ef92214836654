import Glibc
import TestSupport
import Testing

/// /etc/hosts, /etc/hostname and /etc/resolv.conf: what a container writes there harms nobody and lasts for one run.
@Suite("A container's own files of /etc", .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct ContainerFilesTests {
    private static let files = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"]
    private static let runtimes = ["native"] + (TestFiles.exists("/usr/sbin/runc") ? ["runc"] : [])

    private static func size(below directory: String) throws -> Int {
        let words = try expect(Command.run(["du", "-sxk", directory])).output.split(separator: "\t")
        return Int(words.first ?? "") ?? -1
    }

    @Test("Filling them does not fill the directory for files of the boot", arguments: runtimes)
    func doNotFillRun(runtime: String) throws {
        let supervisor = try SupervisorUnderTest()
        let run = supervisor.directory.child("run")
        try expect(
            supervisor.sereno(
                "run", "-d", "--network", "none", "--runtime", runtime, "--name", "box", "busybox", "sleep", "1000"))
        // An OCI runtime takes a moment until it lets others in.
        #expect(eventually(timeout: 30) { (try? supervisor.sereno("exec", "box", "true").succeeded) ?? false })
        let before = try Self.size(below: run)
        for file in Self.files {
            try expect(supervisor.sereno("exec", "box", "dd", "if=/dev/zero", "of=" + file, "bs=1M", "count=4"))
        }
        #expect(try Self.size(below: run) - before < 1024)
        for field in ["HostsPath", "HostnamePath", "ResolvConfPath"] {
            let path = try supervisor.inspect("box", "{{.\(field)}}")
            #expect(path.hasPrefix(supervisor.directory.child("data/containers/")), "\(field): \(path)")
            #expect(TestFiles.exists(path))
        }
        try expect(supervisor.sereno("rm", "-f", "box"))
        #expect(try Command.run(["ls", supervisor.directory.child("data/containers")]).output.isEmpty)
    }

    @Test("Further processes do not leave more and more there", .enabled(if: runtimes.count > 1))
    func execLeavesNothing() throws {
        let supervisor = try SupervisorUnderTest()
        try expect(
            supervisor.sereno(
                "run", "-d", "--network", "none", "--runtime", "runc", "--name", "box", "busybox", "sleep", "1000"))
        let run = supervisor.directory.child("run")
        let files = {
            try expect(Command.run(["find", run, "-name", "exec-*"])).output.split(separator: "\n").map(String.init)
        }
        // An OCI runtime takes a moment until it lets others in.
        #expect(eventually(timeout: 30) { (try? supervisor.sereno("exec", "box", "true").succeeded) ?? false })
        for file in try files() { unlink(file) }
        for _ in 0..<5 { try expect(supervisor.sereno("exec", "box", "true")) }
        #expect(try files().count <= 5)
        for file in try files() { try expect(Command.run(["touch", "-d", "2020-01-01", file])) }
        try expect(supervisor.sereno("exec", "box", "true"))
        #expect(try files().count == 1)
    }

    @Test("They cannot be written where the root file system is read-only", arguments: runtimes)
    func readOnly(runtime: String) throws {
        let supervisor = try SupervisorUnderTest()
        for file in Self.files {
            let written = try supervisor.sereno(
                "run", "--rm", "--network", "none", "--runtime", runtime, "--read-only", "busybox", "sh", "-c",
                "echo harm >> \(file)")
            #expect(!written.succeeded, "\(file)")
        }
    }

    @Test("Every start has them as they should be, whatever the last run did to them", arguments: runtimes)
    func writtenAnew(runtime: String) throws {
        let supervisor = try SupervisorUnderTest()
        let harm =
            "for f in \(Self.files.joined(separator: " ")); do echo harm >> $f; chmod 4777 $f; chown 7:7 $f; done"
        let look = "cat \(Self.files.joined(separator: " ")); stat -c '%a %u %g' \(Self.files.joined(separator: " "))"
        try expect(
            supervisor.sereno(
                "create", "--network", "none", "--runtime", runtime, "--hostname", "box", "--name", "box", "busybox",
                "sh", "-c", "\(look); \(harm)"))
        let first = try expect(supervisor.sereno("start", "-a", "box")).output
        #expect(first.contains("localhost") && first.contains("box") && first.contains("644 0 0"))
        #expect(try expect(supervisor.sereno("start", "-a", "box")).output == first)
        // By policy as well.
        try expect(
            supervisor.sereno(
                "run", "-d", "--network", "none", "--runtime", runtime, "--restart", "on-failure:2", "--name", "other",
                "busybox", "sh", "-c", "\(harm); grep -c harm /etc/hosts; exit 1"))
        #expect(
            eventually(timeout: 60) {
                (try? supervisor.inspect("other", "{{.State.Status}} {{.RestartCount}}")) == "exited 2"
            })
        let counts = try supervisor.sereno("logs", "other").output.split(separator: "\n")
        #expect(counts == ["1", "1", "1"], "\(counts)")
    }

    @Test("The host's files are read at each start")
    func hostFilesAreRead() throws {
        // Its own view of /etc/hosts and /etc/resolv.conf, so that they can be changed.
        let supervisor = try SupervisorUnderTest(inside: { directory in
            for name in ["hosts", "resolv.conf"] { try TestFiles.write("# first\n", to: directory.child(name)) }
            let bind = ["hosts", "resolv.conf"].map { "mount --bind \(directory.child($0)) /etc/\($0)" }
            return ["unshare", "-m", "sh", "-c", bind.joined(separator: " && ") + " && exec \"$@\"", "sh"]
        })
        try expect(
            supervisor.sereno(
                "create", "--network", "host", "--name", "box", "busybox", "cat", "/etc/hosts", "/etc/resolv.conf"))
        #expect(try expect(supervisor.sereno("start", "-a", "box")).output == "# first\n# first\n")
        for name in ["hosts", "resolv.conf"] { try TestFiles.write("# second\n", to: supervisor.directory.child(name)) }
        #expect(try expect(supervisor.sereno("start", "-a", "box")).output == "# second\n# second\n")
    }
}
