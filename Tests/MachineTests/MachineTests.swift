import Glibc
import TestSupport
import Testing

/// A whole machine: the keeper as its first process, the engine, and containers.
@Suite(.timeLimit(.minutes(5))) struct MachineTests {
    /// Asks the way a user does, and fails with what was said.
    @discardableResult
    private func sereno(_ machine: MachineUnderTest, _ words: String...) throws -> String {
        let done = try Command.run(machine.words(["sereno"] + words))
        guard done.succeeded else {
            throw TestFailure("sereno \(words.joined(separator: " ")): \(done.error)\(machine.console)")
        }
        return done.output.trimmingNewline
    }

    private func state(_ machine: MachineUnderTest, _ name: String) -> String {
        (try? sereno(machine, "inspect", "-f", "{{.State.Status}}", name)) ?? ""
    }

    @Test func containersComeUpInOrderAndGoDownInReverseOverAReboot() throws {
        let machine = try MachineUnderTest(try MachineUnderTest.words(engine: ["--default-runtime", "native"]))
        try machine.awaitEngine()
        try BusyboxRootfs.makeTar(at: machine.shared + "/busybox.tar")
        try sereno(machine, "import", machine.shared + "/busybox.tar", "busybox")
        let compose = { (service: String, needs: String) in
            [
                "--label", "com.docker.compose.project=shop", "--label", "com.docker.compose.service=\(service)",
                "--label", "com.docker.compose.depends_on=\(needs)",
            ]
        }
        // Made in the wrong order, and each ends as soon as it is asked.
        let script = "trap 'exit 0' TERM; while :; do sleep 0.05; done"
        for (name, needs) in [("web", "app:service_started:false"), ("app", "db:service_healthy:false"), ("db", "")] {
            let health =
                name == "db"
                ? ["--health-cmd", "test -e /tmp/up", "--health-interval", "100ms", "--health-start-period", "0s"] : []
            let body = name == "db" ? "rm -f /tmp/up; (sleep 1; touch /tmp/up) & " + script : script
            let words = ["run", "-d", "--network", "none", "--restart", "always", "--name", name]
            try expect(
                Command.run(
                    machine.words(["sereno"] + words + compose(name, needs) + health + ["busybox", "sh", "-c", body])))
        }
        try sereno(
            machine, "run", "-d", "--network", "none", "--restart", "unless-stopped", "--name", "stays", "busybox",
            "sleep", "1000")
        try sereno(machine, "stop", "-t", "0", "stays")
        try sereno(machine, "run", "-d", "--network", "none", "--name", "plain", "busybox", "sleep", "1000")

        try sereno(machine, "reboot")
        #expect(try machine.awaitEnd() == .reboot, "\(machine.console)")
        try machine.boot()
        try machine.awaitEngine()
        for name in ["web", "app", "db"] {
            #expect(eventually(timeout: 60) { state(machine, name) == "running" }, "\(name): \(machine.console)")
        }
        #expect(state(machine, "stays") == "exited" && state(machine, "plain") == "exited")
        let times = try ["db", "app", "web"].map { name in
            (
                try sereno(machine, "inspect", "-f", "{{.State.StartedAt}}", name),
                try sereno(machine, "inspect", "-f", "{{.State.FinishedAt}}", name)
            )
        }
        // Times of RFC 3339 in UTC are in the order of their text.
        #expect(times[0].0 < times[1].0 && times[1].0 < times[2].0, "started: \(times) \(machine.console)")
        #expect(times[0].1 > times[1].1 && times[1].1 > times[2].1, "ended: \(times) \(machine.console)")
        // It was waited for until it was healthy, a second after it had started.
        #expect(try sereno(machine, "inspect", "-f", "{{.State.Health.Status}}", "db") == "healthy")

        try sereno(machine, "poweroff")
        #expect(try machine.awaitEnd() == .powerOff, "\(machine.console)")
    }

    /// Twenty containers that ignore TERM do not keep a machine from its end.
    @Test func theShutdownHasABound() throws {
        let machine = try MachineUnderTest(try MachineUnderTest.words(engine: ["--shutdown-timeout", "2"]))
        try machine.awaitEngine()
        try BusyboxRootfs.makeTar(at: machine.shared + "/busybox.tar")
        try sereno(machine, "import", machine.shared + "/busybox.tar", "busybox")
        for number in 1...20 {
            try sereno(
                machine, "run", "-d", "--network", "none", "--name", "deaf\(number)", "busybox", "sh", "-c",
                "trap '' TERM; while :; do sleep 1; done")
        }
        machine.signal(SIGPWR)
        #expect(try machine.awaitEnd(timeout: 90) == .powerOff, "\(machine.console)")
        #expect(!machine.console.contains("the engine did not stop everything in time"))
    }

    /// The disk is full at boot: that keeps neither the machine nor its engine down, and what could not be written is when there
    /// is room.
    @Test func aFullDiskIsWaitedOut() throws {
        let machine = try MachineUnderTest(
            try MachineUnderTest.words(),
            root: """
                mount -t tmpfs -o size=1m,mode=755 small $root/var
                mkdir $root/var/tmp
                ! dd if=/dev/zero of=$root/var/filler bs=4k 2>/dev/null || exit 1
                """)
        #expect(eventually(timeout: 60) { machine.console.contains("no space left on device") }, "\(machine.console)")
        try machine.awaitEngine()
        try expect(machine.run("rm", "/var/filler"))
        #expect(
            try eventually(timeout: 60) { try machine.run("test", "-s", "/var/lib/sereno/supervisor.json").succeeded },
            "\(machine.console)")
        machine.signal(SIGTERM)
        #expect(try machine.awaitEnd() == .reboot)
    }

    /// The engine is killed again and again: the machine and its containers stay.
    @Test func anEngineThatIsKilledTakesNothingWithIt() throws {
        let machine = try MachineUnderTest(try MachineUnderTest.words())
        try machine.awaitEngine()
        try BusyboxRootfs.makeTar(at: machine.shared + "/busybox.tar")
        try sereno(machine, "import", machine.shared + "/busybox.tar", "busybox")
        try sereno(machine, "run", "-d", "--network", "none", "--name", "one", "busybox", "sleep", "1000")
        let process = try sereno(machine, "inspect", "-f", "{{.State.Pid}}", "one")
        for _ in 1...3 {
            #expect(
                eventually(timeout: 30) { (try? machine.run("pkill", "-KILL", "-x", "serenod"))?.succeeded ?? false })
            try machine.awaitEngine()
        }
        #expect(try sereno(machine, "inspect", "-f", "{{.State.Pid}} {{.State.Status}}", "one") == process + " running")
        machine.signal(SIGTERM)
        #expect(try machine.awaitEnd() == .reboot)
    }
}
