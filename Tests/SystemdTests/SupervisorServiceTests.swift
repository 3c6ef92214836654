import Glibc
import Model
import TestSupport
import Testing

/// The supervisor as a service of a real systemd: readiness, the watchdog, socket activation, and the store of descriptors
/// out of which a keeper takes up what the one before had.
@Suite("The supervisor under systemd", .serialized)
struct SupervisorServiceTests {
    private static let unit = "sereno.service"

    private static func service(_ more: String = "") -> String {
        """
        [Unit]
        Description=sereno
        Requires=sereno.socket
        After=sereno.socket
        StartLimitIntervalSec=0
        [Service]
        Type=notify
        ExecStart=/var/lib/bin/sereno-keeper --ready-timeout 10 --engine /var/lib/bin/serenod --data-root /var/lib/sereno
        ExecReload=\(BuiltProgram.directory)/sereno daemon reload
        Restart=always
        RestartSec=100ms
        TimeoutAbortSec=3s
        KillMode=process
        Delegate=yes
        FileDescriptorStoreMax=4096
        \(more)
        """
    }

    private static let socket = """
        [Socket]
        ListenStream=/run/sereno/sereno.sock
        SocketMode=0640
        """

    private let machine: SystemdUnderTest

    init() throws { machine = try SystemdUnderTest(units: ["sereno.socket": Self.socket]) }

    /// Puts the programs where they can be replaced, starts the socket, and has a first command start the service.
    private func start(_ more: String = "") throws {
        try machine.shell(
            """
            mkdir -p /var/lib/bin
            cp \(BuiltProgram.directory)/sereno-keeper \(BuiltProgram.directory)/serenod \
                \(BuiltProgram.directory)/sereno-archive /var/lib/bin/
            """)
        try machine.install(Self.unit, Self.service(more))
        try machine.systemctl("start", "sereno.socket")
        #expect(try machine.property("ActiveState", of: Self.unit) == "inactive")
        let tar = machine.shared + "/busybox.tar"
        try BusyboxRootfs.makeTar(at: tar)
        try sereno("import", tar, "busybox:latest")
        #expect(try machine.property("ActiveState", of: Self.unit) == "active")
    }

    @discardableResult
    private func sereno(_ arguments: String...) throws -> String {
        let done = try machine.run(["sereno"] + arguments)
        guard done.succeeded else {
            let told = try machine.journal(of: Self.unit)
            throw TestFailure("sereno \(arguments.joined(separator: " ")): \(done.error)\(done.output)\n\(told)")
        }
        return done.output
    }

    private func inspect(_ name: String, _ field: String) throws -> String {
        try sereno("inspect", "-f", "{{.State.\(field)}}", name).trimmingNewline
    }

    private func keeper() throws -> String { try machine.property("MainPID", of: Self.unit) }

    private func killKeeper() throws {
        let before = try keeper()
        try machine.systemctl("kill", "--signal=KILL", "--kill-who=main", Self.unit)
        #expect(try eventually(timeout: 60) { try !["0", before].contains(keeper()) })
        #expect(
            try eventually(timeout: 60) { try machine.property("ActiveState", of: Self.unit) == "active" },
            "\((try? machine.journal(of: Self.unit)) ?? "")")
    }

    private func counter(_ name: String) throws {
        try sereno(
            "run", "-d", "--name", name, "busybox", "sh", "-c", "i=0; while :; do i=$((i+1)); echo $i; sleep 0.01; done"
        )
    }

    private func lines(of name: String) throws -> [Int] {
        try sereno("logs", name).split(separator: "\n").map { Int($0) ?? -1 }
    }

    /// Its output is still taken up: what it writes from now on reaches the log as well.
    private func expectLogGrows(of name: String) throws {
        let before = try lines(of: name).count
        #expect(try eventually(timeout: 60) { try lines(of: name).count > before + 10 })
    }

    /// To be asked after it has ended.
    private func expectWholeLog(of name: String) throws {
        let lines = try lines(of: name)
        #expect(lines.count > 10)
        #expect(lines == Array(1...max(1, lines.count)))
    }

    @Test("A first connection starts it; it says when it is ready, and what it keeps")
    func activated() throws {
        try start()
        #expect(try machine.shell("stat -c %a /run/sereno/sereno.sock") == "640\n")
        try counter("one")
        #expect(
            try eventually(timeout: 30) {
                try machine.property("StatusText", of: Self.unit).hasPrefix("1 container runs; the engine is process ")
            })
        // It keeps its socket when it is stopped, and is started again by the next who connects.
        try machine.systemctl("stop", Self.unit)
        #expect(try machine.shell("test -S /run/sereno/sereno.sock && echo there") == "there\n")
        #expect(try sereno("ps", "-q", "-a", "--no-trunc").count == 65)
        #expect(try machine.property("ActiveState", of: Self.unit) == "active")
        #expect(try inspect("one", "Status") == "exited")
    }

    @Test("systemctl reload replaces the engine under a container, and fails when it had to be rolled back")
    func reloaded() throws {
        try start()
        try counter("one")
        let process = try inspect("one", "Pid")
        let engine = try machine.property("StatusText", of: Self.unit)
        try machine.systemctl("reload", Self.unit)
        #expect(try eventually(timeout: 30) { try machine.property("StatusText", of: Self.unit) != engine })
        try machine.shell(
            "printf '#!/bin/sh\\nexit 9\\n' >/var/lib/bin/new && chmod 755 /var/lib/bin/new && mv /var/lib/bin/new /var/lib/bin/serenod"
        )
        let refused = try machine.run("systemctl", "reload", Self.unit)
        #expect(!refused.succeeded)
        #expect(
            try machine.journal(of: Self.unit).contains(
                "reload failed: the new engine exited with code 9 before it was ready; the engine before it was started again"
            ))
        #expect(try machine.property("ActiveState", of: Self.unit) == "active")
        #expect(try inspect("one", "Pid") == process)
        try expectLogGrows(of: "one")
        try sereno("kill", "one")
        try expectWholeLog(of: "one")
    }

    @Test("A keeper that is killed leaves its containers running, their log whole and every exit code true")
    func keeperKilled() throws {
        try start()
        try counter("one")
        try sereno(
            "run", "-d", "--name", "code", "busybox", "sh", "-c", "until [ -e /go ]; do sleep 0.05; done; exit 42")
        try sereno(
            "run", "-d", "--name", "again", "--restart", "on-failure", "busybox", "sh", "-c",
            "[ -e /seen ] && exec sleep 1000; touch /seen; until [ -e /go ]; do sleep 0.05; done; exit 9")
        try sereno("run", "-d", "-i", "--name", "input", "busybox", "cat")
        let process = try inspect("one", "Pid")
        for name in ["code", "again"] { try sereno("exec", name, "true") }
        let roots = try ["code", "again"].map { "/proc/\(try inspect($0, "Pid"))/root" }

        // Both end while there is no keeper: systemd is not to start it before.
        try machine.shell("mkdir -p /run/systemd/system/sereno.service.d")
        try machine.write("[Service]\nRestartSec=3s\n", to: "/run/systemd/system/sereno.service.d/slow.conf")
        try machine.systemctl("daemon-reload")
        let before = try keeper()
        try machine.systemctl("kill", "--signal=KILL", "--kill-who=main", Self.unit)
        try machine.shell("for root in \(roots.joined(separator: " ")); do touch $root/go; done")
        #expect(try eventually(timeout: 60) { try !["0", before].contains(keeper()) })
        #expect(try eventually(timeout: 60) { try machine.property("ActiveState", of: Self.unit) == "active" })
        try machine.shell("rm /run/systemd/system/sereno.service.d/slow.conf")
        try machine.systemctl("daemon-reload")

        #expect(try inspect("one", "Pid") == process)
        #expect(try inspect("one", "Status") == "running")
        #expect(try eventually { try inspect("code", "Status") == "exited" })
        #expect(try inspect("code", "ExitCode") == "42")
        #expect(try eventually { try inspect("again", "Status") == "running" })
        #expect(try sereno("inspect", "-f", "{{.RestartCount}}", "again") == "1\n")
        #expect(try sereno("why", "again").contains("exited with code 9"))

        // Again and again, and what is started under the next keeper is kept by the one after.
        try counter("two")
        for _ in 0..<3 { try killKeeper() }
        #expect(try inspect("one", "Pid") == process)
        try expectLogGrows(of: "one")
        try expectLogGrows(of: "two")
        try sereno("kill", "-s", "TERM", "two")
        try sereno("stop", "-t", "0", "input")
        #expect(try inspect("input", "ExitCode") == "137")
        try sereno("kill", "one", "two")
        try expectWholeLog(of: "one")
        try expectWholeLog(of: "two")
        try sereno("rm", "-f", "one", "two", "code", "again", "input")
        let told = try machine.journal(of: Self.unit)
        #expect(told.contains("took up what an earlier keeper held"))

        // What is gone is not in the store any more: the region, the engine, its mounts, and what it
        // holds.
        let emptied = try eventually(timeout: 1) {
            (Int(try machine.property("NFileDescriptorStore", of: Self.unit)) ?? 100) <= 7
        }
        let stored = try machine.property("NFileDescriptorStore", of: Self.unit)
        #expect(emptied, "\(stored)")
    }

    @Test("A keeper without a store finds its containers by their records")
    func noStore() throws {
        try start("FileDescriptorStoreMax=0")
        try counter("one")
        let process = try inspect("one", "Pid")
        try sereno("exec", "one", "sh", "-c", "echo kept >/kept")
        try killKeeper()
        #expect(try inspect("one", "Pid") == process)
        #expect(try sereno("why", "one").contains("its process was found running and is kept; no start"))
        #expect(try sereno("exec", "one", "cat", "/kept") == "kept\n")
        #expect(try sereno("diff", "one").contains("A /kept"))
        try expectLogGrows(of: "one")
        try sereno("kill", "one")
        #expect(try inspect("one", "ExitCode") == "137")
        try expectWholeLog(of: "one")
        // Its file system is mounted anew, with all that was in it.
        try sereno("start", "one")
        #expect(try sereno("exec", "one", "cat", "/kept") == "kept\n")
    }

    @Test("An engine that hangs is replaced before the watchdog strikes, and without an engine it strikes")
    func watchdog() throws {
        try start("WatchdogSec=6s")
        try counter("one")
        let process = try inspect("one", "Pid")
        let main = try keeper()
        let engine = try machine.shell("pgrep -P \(main) -f serenod").trimmingNewline
        try machine.shell("kill -STOP \(engine)")
        #expect(
            try eventually(timeout: 60) {
                let next = try machine.shell("pgrep -P \(main) -f serenod || true").trimmingNewline
                return !next.isEmpty && next != engine
            })
        #expect(try keeper() == main)
        #expect(
            try machine.journal(of: Self.unit).contains("the engine does not answer; killing it: process \(engine)"))
        #expect(try inspect("one", "Pid") == process)

        // A keeper that hangs is systemd's to replace.
        try machine.shell("kill -STOP \(main)")
        #expect(try eventually(timeout: 90) { try !["0", main].contains(keeper()) })
        #expect(try machine.journal(of: Self.unit).contains("Watchdog timeout"))
        #expect(try eventually(timeout: 60) { try machine.property("ActiveState", of: Self.unit) == "active" })
        #expect(try inspect("one", "Pid") == process)
        try expectLogGrows(of: "one")
        try sereno("kill", "one")
        try expectWholeLog(of: "one")
    }
}
