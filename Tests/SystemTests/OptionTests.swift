import Glibc
import TestSupport
import Testing

/// Options of `run` on real containers: what they say is what the container has.
@Suite("Options do what they say", .serialized)
struct OptionTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    /// Output of a container of its own, with nothing but loopback.
    private func output(_ options: [String], _ command: String, client: String = "sereno") throws -> String {
        let arguments = ["run", "--rm", "--network", "none"] + options + ["busybox", "sh", "-c", command]
        return try expect(supervisor.run(client, arguments)).output
    }

    private static let hasRunc = TestFiles.exists("/usr/sbin/runc")

    @Test("A mount of one's own over /sys, or over a part of it, is all that is there", arguments: ["native", "runc"])
    func systemPlaces(_ runtime: String) throws {
        guard runtime == "native" || Self.hasRunc else { return }
        let place = try TemporaryDirectory("sereno-sys")
        try TestFiles.write("", to: place.child("own"))
        let of = runtime == "native" ? [] : ["--runtime", runtime]
        #expect(try output(of + ["-v", place.path + ":/sys"], "ls /sys").contains("own"))
        #expect(try output(of + ["--tmpfs", "/sys"], "ls /sys").isEmpty)
        #expect(try output(of + ["--tmpfs", "/sys/fs/cgroup"], "ls /sys/fs/cgroup").isEmpty)
        #expect(try output(of + ["-v", place.path + ":/sys/fs/cgroup"], "ls /sys/fs/cgroup") == "own\n")
        let hosts = try Command.run(["ls", "/sys/fs/cgroup"]).output
        #expect(try output(of + ["-v", "/sys/fs/cgroup:/sys/fs/cgroup:ro"], "ls /sys/fs/cgroup") == hosts)
        let refused = "touch /sys/fs/cgroup/x 2>&1; mkdir /sys/fs/cgroup/x 2>&1; true"
        #expect(
            try output(of + ["-v", "/sys/fs/cgroup:/sys/fs/cgroup:ro"], refused).lowercased().contains(
                "read-only file system"))
    }

    @Test(
        "An ordinary user may listen on any port and ping, unless a sysctl says otherwise",
        arguments: ["native", "runc"])
    func unprivileged(_ runtime: String) throws {
        guard runtime == "native" || Self.hasRunc else { return }
        let of = runtime == "native" ? [] : ["--runtime", runtime]
        let read = "cd /proc/sys/net/ipv4; cat ip_unprivileged_port_start ping_group_range"
        #expect(try output(of + ["-u", "65534"], read) == "0\n0\t2147483647\n")
        let changed = ["--sysctl", "net.ipv4.ip_unprivileged_port_start=80"]
        #expect(try output(of + changed, read) == "80\n0\t2147483647\n")
        let host = try Command.run(["cat", "/proc/sys/net/ipv4/ip_unprivileged_port_start"]).output
        let shared = ["run", "--rm", "--network", "host"] + of + ["busybox", "sh", "-c", read]
        #expect(try expect(supervisor.run("sereno", shared)).output.hasPrefix(host))
    }

    @Test("HOME that is set to nothing is the user's home")
    func home() throws {
        #expect(try output(["-e", "HOME="], "echo $HOME") == "/root\n")
        #expect(try output(["-e", "HOME=/x"], "echo $HOME") == "/x\n")
        try expect(supervisor.sereno("run", "-d", "--name", "home", "-e", "HOME=", "busybox", "sleep", "1000"))
        #expect(try expect(supervisor.sereno("exec", "home", "sh", "-c", "echo $HOME")).output == "/root\n")
        #expect(
            try expect(supervisor.sereno("exec", "-e", "HOME=", "home", "sh", "-c", "echo $HOME")).output == "/root\n")
    }

    @Test("The last of two values of one variable counts, in the record too", arguments: ["sereno", "docker"])
    func repeated(_ client: String) throws {
        let name = "repeated-\(client)"
        try expect(
            supervisor.run(
                client, ["create", "--name", name, "-e", "A=1", "-e", "B=1", "-e", "A=2", "busybox", "true"]))
        #expect(try supervisor.inspect(name, "{{json .Config.Env}}") == #"["A=2","B=1"]"#)
    }

    @Test(
        "What the host does not share cannot be shared, in Docker's words", arguments: ["rshared", "shared", "rslave"])
    func propagation(_ mode: String) throws {
        let place = try TemporaryDirectory("sereno-private")
        try expect(Command.run(["mount", "-t", "tmpfs", "private", place.path]))
        defer { _ = try? Command.run(["umount", place.path]) }
        try expect(Command.run(["mount", "--make-private", place.path]))
        let arguments = ["run", "--rm", "-v", place.path + ":/x:" + mode, "busybox", "true"]
        let refused = try supervisor.run("sereno", arguments)
        let kind = mode.hasSuffix("shared") ? "shared mount" : "shared or slave mount"
        #expect(
            refused.error.contains("path \(place.path) is mounted on \(place.path) but it is not a \(kind)"),
            "\(refused.error)")
        try expect(Command.run(["mount", "--make-shared", place.path]))
        try expect(supervisor.run("sereno", arguments))
    }

    @Test("host-gateway is an address of the host, or a warning")
    func hostGateway() throws {
        let with = ["--add-host", "h:host-gateway"]
        let shared = ["run", "--rm", "--network", "host"] + with + ["busybox", "grep", "h$", "/etc/hosts"]
        #expect(try expect(supervisor.run("sereno", shared)).output.contains("127.0.0.1\th\n"))
        let alone = try expect(
            supervisor.run("sereno", ["run", "--rm", "--network", "none"] + with + ["busybox", "cat", "/etc/hosts"]))
        #expect(!alone.output.contains("host-gateway"))
        #expect(alone.error.contains("h:host-gateway: the container has no network on which it could reach the host"))
    }

    @Test("A check that takes too long ends with all that it started")
    func checkEnds() throws {
        let mark = "7" + String(Int.random(in: 10_000...99_999))
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", "check", "--health-cmd", "sleep \(mark) & sleep \(mark)", "--health-interval",
                "200ms", "--health-timeout", "300ms", "--health-retries", "100", "busybox", "sleep", "1000"))
        // Each takes its time-out and no more: with 2 s for its output there would be two.
        #expect(
            try eventually(timeout: 30) {
                Int(try supervisor.inspect("check", "{{.State.Health.FailingStreak}}")) ?? 0 >= 5
            })
        let log = try supervisor.inspect("check", "{{json .State.Health.Log}}")
        #expect(log.contains("exceeded timeout"), "\(log)")
        let left = try expect(supervisor.sereno("exec", "check", "ps")).output.split(separator: "\n").count {
            $0.contains("sleep \(mark)")
        }
        #expect(left <= 3, "\(left) processes of checks are left")
    }

    @Test(
        "top shows the container's processes, whatever it is told to show of them",
        arguments: ["", "aux", "-ef", "-o pid,args", "-o comm,pid", "-o pid=", "axf", "-eo user,pid,cmd"])
    func top(_ options: String) throws {
        let mark = String(Int.random(in: 100_000...999_999))
        try expect(supervisor.sereno("run", "-d", "--name", "listed", "busybox", "sleep", mark))
        defer { _ = try? supervisor.sereno("rm", "-f", "listed") }
        let pid = try supervisor.inspect("listed", "{{.State.Pid}}")
        let listing = try expect(
            supervisor.run("sereno", ["top", "listed"] + options.split(separator: " ").map(String.init))
        ).output
        let rows = listing.split(separator: "\n")
        let head = options == "-o pid=" ? 0 : 1
        #expect(rows.count == 1 + head, "\(listing)")
        #expect(rows.last?.split(separator: " ").contains { $0 == pid } == true, "\(listing)")
    }

    @Test("An empty command is one that is not found")
    func emptyCommand() throws {
        for client in ["sereno", "docker"] {
            let ended = try supervisor.run(client, ["run", "--rm", "--network", "none", "busybox", ""])
            #expect(ended.status.code == 127, "\(ended.error)")
            #expect(ended.error.contains(#"exec: "": executable file not found in $PATH"#), "\(ended.error)")
        }
    }

    @Test("logs -f --until ends at that time on a silent container", arguments: ["sereno", "docker"])
    func until(_ client: String) throws {
        let name = "silent-\(client)"
        try expect(supervisor.sereno("run", "-d", "--name", name, "busybox", "sh", "-c", "echo once; sleep 1000"))
        #expect(try eventually { try supervisor.sereno("logs", name).output == "once\n" })
        let now = try Int(Command.run(["date", "+%s"]).output.filter(\.isNumber)) ?? 0
        let shown = try supervisor.run(client, ["logs", "-f", "--until", "\(now + 2)", name])
        #expect(shown.succeeded && shown.output == "once\n", "\(shown.error)")
        // Times beyond all bounds are the first and the last.
        #expect(
            try expect(supervisor.run(client, ["logs", "--since", "0001-01-01T00:00:00Z", name])).output == "once\n")
        #expect(try expect(supervisor.run(client, ["logs", "--until", "99999999999999", name])).output == "once\n")
    }
}
