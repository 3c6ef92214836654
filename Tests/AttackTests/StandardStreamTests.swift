import Glibc
import TestSupport
import Testing

/// What a container can do to the other end of its standard streams, and to the device behind them.
@Suite("Standard streams are the container's own", .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct StandardStreamTests {
    private func hostsNull() throws -> UInt32 { try TestFiles.mode(of: "/dev/null") }

    /// Changes whatever the descriptor is, and its time, owner and name where that can be.
    private static let change =
        "chmod 600 /proc/self/fd/0; chown 7:7 /proc/self/fd/0; touch -d '2001-01-01' /dev/stdin; :"

    private func unchanged(_ body: () throws -> Void) throws {
        var before = stat()
        var after = stat()
        #expect(stat("/dev/null", &before) == 0)
        defer {
            // Whatever the outcome, the host's device stays usable.
            chmod("/dev/null", before.st_mode & 0o7777)
            chown("/dev/null", before.st_uid, before.st_gid)
        }
        try body()
        #expect(stat("/dev/null", &after) == 0)
        #expect(before.st_mode == after.st_mode)
        #expect(before.st_uid == after.st_uid && before.st_gid == after.st_gid)
        #expect(before.st_mtim.tv_sec == after.st_mtim.tv_sec)
    }

    @Test("Without -i input is the container's null device")
    func run() throws {
        let supervisor = try SupervisorUnderTest()
        try unchanged {
            for options in [[], ["--privileged"], ["-d"], ["--pid", "host"], ["--user", "0"]] {
                try expect(
                    supervisor.run(
                        "sereno",
                        ["run", "--network", "none"] + options + ["busybox", "sh", "-c", Self.change]))
            }
            usleep(300_000)
        }
    }

    @Test("exec and health checks too")
    func exec() throws {
        let supervisor = try SupervisorUnderTest()
        try unchanged {
            try expect(
                supervisor.sereno(
                    "run", "-d", "--name", "box", "--network", "none", "--health-cmd", Self.change,
                    "--health-interval", "200ms", "busybox", "sleep", "1000"))
            for options in [[], ["--privileged"], ["-d"]] {
                try expect(supervisor.run("sereno", ["exec"] + options + ["box", "sh", "-c", Self.change]))
            }
            #expect(try eventually { try supervisor.inspect("box", "{{.State.Health.Status}}") == "healthy" })
        }
    }

    @Test("Input is a null device: it ends at once, and is 1:3")
    func isNull() throws {
        let supervisor = try SupervisorUnderTest()
        let script = "cat; stat -L -c %t:%T /proc/self/fd/0; stat -L -c %d:%i /proc/self/fd/0 /dev/null"
        let lines = try expect(
            supervisor.sereno("run", "--rm", "--network", "none", "busybox", "sh", "-c", script)
        ).output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.first == "1:3")
        #expect(lines.last == lines.dropFirst().first)
    }

    @Test("A masked path is no way to the host's null device")
    func masked() throws {
        let supervisor = try SupervisorUnderTest()
        try unchanged {
            try supervisor.sereno(
                "run", "--rm", "--network", "none", "busybox", "sh", "-c",
                "chmod 600 /proc/kcore /proc/keys; chown 7:7 /proc/kcore; touch -d 2001-01-01 /proc/kcore; :")
        }
    }

    @Test("What a container does to its pipes harms neither its log nor its engine")
    func pipes() throws {
        let supervisor = try SupervisorUnderTest()
        let attack = try AttackProgram("pipes")
        try expect(
            supervisor.run(
                "sereno", ["run", "-d", "--name", "box"] + attack.options + ["busybox", attack.path]))
        #expect(try eventually { try supervisor.sereno("logs", "box").output.contains("last line") })
        let engine = supervisor.engineProcess
        #expect(try expect(supervisor.sereno("wait", "box")).output == "0\n")
        let lines = try expect(supervisor.sereno("logs", "box")).output.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("numbered") }.count == 2000)
        #expect(supervisor.engineProcess == engine)
    }
}
