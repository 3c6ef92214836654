import Glibc
import TestSupport
import Testing

/// A restart, by a command or by the policy, finds and makes all that a start does.
@Suite("A restart is a start", .serialized)
struct RestartIsStartTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    private func process(_ name: String) throws -> Int { Int(try supervisor.inspect(name, "{{.State.Pid}}")) ?? 0 }

    /// Kills the first process and returns when another runs.
    private func killAndAwaitRestart(_ name: String) throws -> Bool {
        let before = try process(name)
        guard before > 0, kill(pid_t(before), SIGKILL) == 0 else { return false }
        return try eventually(timeout: 20) {
            let now = try process(name)
            return now > 0 && now != before
        }
    }

    @Test("A missing source of -v is made again", arguments: ["restart", "policy", "start"])
    func sources(_ way: String) throws {
        let place = try TemporaryDirectory("sereno-source")
        let source = place.child("data")
        let name = "source-\(way)"
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", name, "--restart", "always", "-v", source + ":/data", "busybox", "sleep", "1000")
        )
        #expect(TestFiles.exists(source))
        #expect(rmdir(source) == 0)
        switch way {
        case "restart": try expect(supervisor.sereno("restart", "-t", "0", name))
        case "start":
            try expect(supervisor.sereno("stop", "-t", "0", name))
            try expect(supervisor.sereno("start", name))
        default: #expect(try killAndAwaitRestart(name))
        }
        #expect(TestFiles.exists(source))
        try expect(supervisor.sereno("exec", name, "touch", "/data/file"))
        #expect(TestFiles.exists(source + "/file"))
    }

    @Test("The user is looked up in the container's files as they are now")
    func user() throws {
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", "user", "-u", "nobody", "busybox", "sh", "-c", "id -u; exec sleep 1000"))
        try expect(
            supervisor.sereno(
                "exec", "-u", "0", "user", "sed", "-i", "s/^nobody:x:[0-9]*:/nobody:x:4711:/", "/etc/passwd"))
        try expect(supervisor.sereno("restart", "-t", "0", "user"))
        #expect(try eventually { try supervisor.sereno("logs", "user").output.hasSuffix("\n4711\n") })
    }

    @Test("Lines that a container added to its /etc/hosts are gone after a restart")
    func hosts() throws {
        let command = "wc -l < /etc/hosts; echo '192.0.2.1 more' >> /etc/hosts; exec sleep 1000"
        try expect(supervisor.sereno("run", "-d", "--name", "hosts", "busybox", "sh", "-c", command))
        for _ in 0..<2 { try expect(supervisor.sereno("restart", "-t", "0", "hosts")) }
        #expect(try eventually { try supervisor.sereno("logs", "hosts").output.split(separator: "\n").count == 3 })
        #expect(Set(try supervisor.sereno("logs", "hosts").output.split(separator: "\n")).count == 1)
    }
}

/// Containers that join others' namespaces, when those are restarted.
@Suite("A container waits for the one whose namespaces it joins", .serialized)
struct SharingRestartTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    private func namespace(_ kind: String, of name: String) throws -> String? {
        guard let pid = Int(try supervisor.inspect(name, "{{.State.Pid}}")), pid > 0 else { return nil }
        return try? Command.run(["readlink", "/proc/\(pid)/ns/\(kind)"]).output
    }

    private func share(_ kind: String) throws -> Bool {
        try eventually(timeout: 30) {
            guard let donor = try namespace(kind, of: "donor"), let joiner = try namespace(kind, of: "joiner") else {
                return false
            }
            return !donor.isEmpty && donor == joiner
        }
    }

    private func make(_ kind: String) throws {
        let shareable = kind == "ipc" ? ["--ipc", "shareable"] : []
        let option = kind == "net" ? "--network" : "--" + kind
        try expect(
            supervisor.run(
                "sereno",
                ["run", "-d", "--name", "donor", "--restart", "always"] + shareable + ["busybox", "sleep", "1000"]))
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", "joiner", "--restart", "always", option, "container:donor", "busybox", "sleep",
                "1000"))
        #expect(try share(kind))
    }

    private func clear() { _ = try? supervisor.sereno("rm", "-f", "donor", "joiner") }

    @Test("The donor's first process is killed: both run again, in one namespace", arguments: ["pid", "ipc", "net"])
    func killed(_ kind: String) throws {
        try make(kind)
        defer { clear() }
        let before = try supervisor.inspect("donor", "{{.State.Pid}}")
        #expect(kill(pid_t(before) ?? 0, SIGKILL) == 0)
        #expect(
            try eventually(timeout: 20) {
                let now = try supervisor.inspect("donor", "{{.State.Pid}}")
                return now != "0" && now != before
            })
        if kind != "pid" { try expect(supervisor.sereno("restart", "-t", "0", "joiner")) }
        #expect(try share(kind))
        try expect(supervisor.sereno("restart", "-t", "0", "joiner"))
        #expect(try share(kind))
    }

    @Test("The donor is restarted, also by another engine", arguments: ["pid", "ipc", "net"])
    func restarted(_ kind: String) throws {
        try make(kind)
        defer { clear() }
        try supervisor.killEngine()
        try expect(supervisor.sereno("restart", "-t", "0", "donor"))
        if kind != "pid" { try expect(supervisor.sereno("restart", "-t", "0", "joiner")) }
        #expect(try share(kind))
    }

    @Test("A restart without patience, again and again: the kill of one run never meets the next", arguments: ["pid"])
    func impatient(_ kind: String) throws {
        try make(kind)
        defer { clear() }
        for _ in 0..<8 { try expect(supervisor.sereno("restart", "-t", "0", "joiner")) }
        #expect(try share(kind))
    }

    @Test("A stop while it waits ends the wait, and the removal of the donor makes the start fail with its name")
    func endsOfTheWait() throws {
        defer { clear() }
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", "donor", "--restart", "always", "busybox", "sh", "-c", "sleep 1; exit 1"))
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", "joiner", "--restart", "always", "--pid", "container:donor", "busybox", "sleep",
                "1000"))
        // The donor's delay doubles with each end: the joiner waits for it.
        #expect(try eventually(timeout: 60) { Int(try supervisor.inspect("donor", "{{.RestartCount}}")) ?? 0 >= 5 })
        let began = try supervisor.sereno("stop", "-t", "0", "joiner")
        #expect(began.succeeded, "\(began.error)")
        #expect(try supervisor.inspect("joiner", "{{.State.Status}}") == "exited")
        try expect(supervisor.sereno("rm", "-f", "donor"))
        let refused = try supervisor.sereno("start", "joiner")
        #expect(!refused.succeeded && refused.error.contains("donor"), "\(refused.error)")
    }
}
