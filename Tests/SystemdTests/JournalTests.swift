import Glibc
import TestSupport
import Testing

/// The log driver journald, with a real journald and the real journalctl.
@Suite("The journal", .serialized)
struct JournalTests {
    private let machine: SystemdUnderTest

    init() throws {
        let arguments = [
            try BuiltProgram.path("sereno-keeper"), "--engine", try BuiltProgram.path("serenod"),
            "--data-root /var/lib/sereno --exec-root /run/sereno -H unix:///run/sereno/sereno.sock",
            "--log-driver journald --log-opt tag={{.Name}}",
        ]
        machine = try SystemdUnderTest(units: [
            "sereno.service": """
            [Service]
            ExecStart=\(arguments.joined(separator: " "))
            Delegate=yes
            KillMode=mixed
            # What containers print is not to be taken for the flood of one service.
            LogRateLimitIntervalSec=0

            """
        ])
        try machine.systemctl("start", "sereno.service")
        guard try eventually(timeout: 60, { try sereno("version").succeeded }) else {
            throw TestFailure("the supervisor does not answer: \(try machine.journal(of: "sereno.service"))")
        }
        try BusyboxRootfs.makeTar(at: machine.shared + "/busybox.tar")
        try expect(sereno("import", machine.shared + "/busybox.tar", "busybox:latest"))
    }

    private func sereno(_ arguments: String...) throws -> Command { try machine.run(["sereno"] + arguments) }

    /// Runs a shell script in a container to its end, with the shared directory at /shared.
    private func run(_ name: String, _ script: String, _ options: String...) throws -> Command {
        try machine.run(
            ["sereno", "run", "--network", "none", "--name", name, "-v", machine.shared + ":/shared"] + options
                + ["busybox", "sh", "-c", script])
    }

    private func write(_ bytes: [UInt8], to name: String) throws {
        let descriptor = open(machine.shared + "/" + name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw TestFailure("write", name) }
            rest = rest.dropFirst(count)
        }
    }

    @Test("Every byte comes back, the two streams apart")
    func bytes() throws {
        var random = SystemRandomNumberGenerator()
        var out: [UInt8] = [0, 0xFF, 0xFE, 0x0A, 0x0A, 0xC3, 0x28, 0x0D, 0x0A]
        out += Array(repeating: 0x61, count: 1 << 20) + [0x0A]
        out += Array(repeating: 0x62, count: 16 << 10) + [0x0A] + Array("MESSAGE\n=\n".utf8)
        for _ in 0..<200_000 { out.append(.random(in: 0...255, using: &random)) }
        let err = (0..<300_000).map { _ in UInt8.random(in: 0...255, using: &random) } + Array("no end".utf8)
        try write(out, to: "out")
        try write(err, to: "err")
        try expect(run("bytes", "cat /shared/out; cat /shared/err >&2", "-d"))
        try expect(sereno("wait", "bytes"))
        try machine.shell("sereno logs bytes >\(machine.shared)/out2 2>\(machine.shared)/err2")
        try expect(Command.run(["cmp", machine.shared + "/out", machine.shared + "/out2"]))
        try expect(Command.run(["cmp", machine.shared + "/err", machine.shared + "/err2"]))
        // A second reader finds the same, and so it is after the engine was killed.
        try machine.shell("kill -9 $(pgrep -x serenod)")
        #expect(try eventually(timeout: 60) { try sereno("version").succeeded })
        try machine.shell("sereno logs bytes >\(machine.shared)/out2 2>/dev/null")
        try expect(Command.run(["cmp", machine.shared + "/out", machine.shared + "/out2"]))
    }

    @Test("tail, since, until, stamps and following, as with files")
    func options() throws {
        let script = "for i in 1 2 3 4 5; do echo o$i; done; echo e1 >&2; printf unfinished"
        try expect(run("talk", script))
        let logs = { (options: [String]) in try machine.run(["sereno", "logs"] + options + ["talk"]) }
        let all = try logs([])
        #expect(all.output == "o1\no2\no3\no4\no5\nunfinished" && all.error == "e1\n")
        #expect(try logs(["--tail", "0"]).output == "")
        let three = try logs(["--tail", "3"])
        #expect(three.output.split(separator: "\n").count + three.error.split(separator: "\n").count == 3)
        #expect(try logs(["--since", "10m"]).output == all.output)
        #expect(try logs(["--until", "10m"]).output == "")
        #expect(try logs(["--since", "2099-01-01T00:00:00Z"]).output == "")
        let stamped = try logs(["-t"]).output.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(stamped.first?.last == "o1" && stamped.first?.first?.count == "2026-11-24T03:22:32.867764928Z".count)
        let fourth = try #require(stamped.dropFirst(3).first?.first)
        #expect(try logs(["--since", String(fourth)]).output.hasPrefix("o"))
        #expect(
            try sereno("inspect", "-f", "{{.HostConfig.LogConfig.Type}} {{.LogPath}}", "talk").output == "journald \n")

        try expect(run("slow", "echo begin; sleep 1; echo middle >&2; sleep 1; echo end; exit 1", "-d"))
        let followed = try machine.run("sereno", "logs", "-f", "slow")
        #expect(followed.succeeded && followed.output == "begin\nend\n" && followed.error == "middle\n")
        try expect(run("late", "sleep 1; echo late", "-d"))
        let tail = try machine.run("sereno", "logs", "-f", "--tail", "0", "late")
        #expect(tail.output == "late\n")
    }

    @Test("The entries have dockerd's fields, and what --log-opt asks for")
    func fields() throws {
        try expect(
            run(
                "tagged", "echo hello; echo oh >&2", "--log-opt", "tag=night/{{.Name}}/{{.ID}}", "--log-opt",
                "labels=tier", "--log-opt", "env-regex=^SHO", "--label", "tier=front", "--label", "other=no", "-e",
                "SHOWN=yes", "-e", "HIDDEN=no"))
        try expect(sereno("logs", "tagged"))
        let id = try expect(sereno("inspect", "-f", "{{.Id}}", "tagged")).output.trimmingNewline
        let told = try machine.shell("journalctl -o export CONTAINER_NAME=tagged")
        for line in [
            "CONTAINER_ID=\(id.prefix(12))", "CONTAINER_ID_FULL=\(id)", "CONTAINER_NAME=tagged",
            "CONTAINER_TAG=night/tagged/\(id.prefix(12))", "SYSLOG_IDENTIFIER=night/tagged/\(id.prefix(12))",
            "IMAGE_NAME=busybox", "PRIORITY=6", "PRIORITY=3", "MESSAGE=hello", "MESSAGE=oh", "TIER=front", "SHOWN=yes",
        ] { #expect(told.split(separator: "\n").contains(line[...]), "\(line) is not in \(told)") }
        #expect(!told.contains("OTHER=") && !told.contains("HIDDEN="))
        let refused = try run("odd", "true", "--log-opt", "tag={{.Nobody}}")
        #expect(
            refused.status.code == 125 && refused.error.contains("failed to initialize logging driver: invalid log tag")
        )
        #expect(
            try run("size", "true", "--log-opt", "max-size=1m").error.contains(
                "unknown log opt 'max-size' for journald log driver"))
    }

    @Test("A journald that hangs holds up nobody else, and what it costs is counted")
    func hanging() throws {
        let journald = try machine.property("MainPID", of: "systemd-journald.service")
        try machine.shell("kill -STOP \(journald)")
        defer { _ = try? machine.shell("kill -CONT \(journald)") }
        // More than all queues hold, so that it would wait for ever.
        try expect(
            run("flood", "head -c 40000000 /dev/zero | tr '\\0' 'x' | fold -w 99; touch /shared/flooded", "-d"))
        for number in 1...5 {
            let name = "other\(number)"
            try expect(run(name, "echo hi \(number)", "--log-driver", "cri"))
            #expect(try sereno("logs", name).output == "hi \(number)\n")
        }
        // After its patience the container goes on.
        #expect(eventually(timeout: 60) { TestFiles.exists(machine.shared + "/flooded") })
        #expect(try expect(sereno("wait", "flood")).output == "0\n")
        try machine.shell("kill -CONT \(journald)")
        let report = "log bytes dropped"
        #expect(try eventually(timeout: 60) { try machine.journal(of: "sereno.service").contains(report) })
        let line = try machine.journal(of: "sereno.service").split(separator: "\n").last { $0.contains(report) }
        let dropped = try #require(
            line?.split(separator: " ").first { $0.hasPrefix("bytes=") }.flatMap { Int($0.dropFirst(6)) })
        try machine.shell("sereno logs flood >\(machine.shared)/kept")
        let kept = try machine.shell("wc -c <\(machine.shared)/kept").split(separator: "\n").first.flatMap { Int($0) }
        // fold ends each line of 99 with one byte more; the last has none.
        let written = 40_000_000 + 40_000_000 / 99
        #expect((kept ?? 0) + dropped == written, "\(kept ?? 0) kept, \(dropped) dropped of \(written)")
        try expect(run("after", "echo back"))
        #expect(try sereno("logs", "after").output == "back\n")
    }

    @Test("A journald that is full when a run ends, and slow when it is read, loses nothing")
    func late() throws {
        let journald = try machine.property("MainPID", of: "systemd-journald.service")
        try machine.shell("kill -STOP \(journald)")
        defer { _ = try? machine.shell("kill -CONT \(journald)") }
        try expect(run("written", "echo whole; printf 'no end'", "-d"))
        try expect(sereno("wait", "written"))
        let reading = """
            sereno logs written >\(machine.shared)/read & reader=$!
            sleep 5; kill -CONT \(journald); wait $reader; cat \(machine.shared)/read
            """
        #expect(try machine.shell(reading) == "whole\nno end")

        try machine.shell("kill -STOP \(journald)")
        try expect(run("flood", "head -c 40000000 /dev/zero | tr '\\0' 'x' | fold -w 99", "-d"))
        try machine.shell("sleep 1")
        try expect(run("full", "printf 'all of it'", "-d"))
        try machine.shell("sleep 0.5; kill -CONT \(journald)")
        try expect(sereno("wait", "full"))
        #expect(try sereno("logs", "full").output == "all of it")
        try expect(sereno("rm", "-f", "flood"))
    }

    @Test("A journald that is started again in the middle loses nothing")
    func restarted() throws {
        let script =
            "i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); [ $((i % 100)) != 0 ] || sleep 0.05; done"
        try expect(run("counted", script, "-d"))
        for _ in 0..<3 {
            usleep(300_000)
            try machine.systemctl("restart", "systemd-journald.service")
        }
        try expect(sereno("wait", "counted"))
        let expected = (0..<3000).map { "line \($0)\n" }.joined()
        #expect(try sereno("logs", "counted").output == expected)
    }
}
