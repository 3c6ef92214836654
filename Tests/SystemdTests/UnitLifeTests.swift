import Glibc
import TestSupport
import Testing

/// Generated units, installed by `sereno generate --install`, under a real systemd.
@Suite("Containers as units of systemd", .serialized)
struct UnitLifeTests {
    private let sereno: SerenoMachine
    private var machine: SystemdUnderTest { sereno.machine }

    init() throws { sereno = try SerenoMachine() }

    private static let trap = "trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.05; done"

    @Test("It is enabled, shows its processes, stops with the container's true code, and outlives the engine")
    func life() throws {
        try sereno.create("web", ["--restart", "always"], Self.trap)
        try sereno.sereno(
            "generate", "systemd", "--install", "--now", "--watchdog", "supervisor", "--watchdog-sec", "60", "web")
        #expect(try sereno.unit("web", "ActiveState") == "active")
        #expect(try sereno.unit("web", "UnitFileState") == "enabled")
        #expect(try sereno.sereno("inspect", "-f", "{{.Sereno.RestartOwner.Unit}}", "web") == "sereno-web.service\n")
        #expect(try sereno.unit("web", "StatusText").hasPrefix("running: systemd's sereno-web.service was started"))

        // The first process of the container is in the unit's control group, and systemctl shows it.
        let group = try sereno.unit("web", "ControlGroup")
        let process = try sereno.sereno("inspect", "-f", "{{.State.Pid}}", "web").trimmingNewline
        #expect(try machine.processes(in: group).map(String.init).contains(process))
        #expect(try machine.run("systemctl", "status", "--full", "sereno-web").output.contains("\(process) sh -c"))
        let main = try sereno.unit("web", "MainPID")

        try sereno.killEngine()
        #expect(try sereno.unit("web", "ActiveState") == "active")
        #expect(try sereno.unit("web", "MainPID") == main)
        #expect(try sereno.sereno("inspect", "-f", "{{.State.Pid}}", "web").trimmingNewline == process)

        try machine.systemctl("stop", "sereno-web")
        #expect(try sereno.unit("web", "ExecMainStatus") == "5")
        #expect(try sereno.sereno("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", "web") == "exited 5\n")
        #expect(try sereno.why("web").last?.contains("a user's stop with SIGTERM by user root") == true)
        let told = try machine.journal(of: "sereno-web.service")
        #expect(told.contains("up") && told.contains("bye"))
        #expect(try machine.shell("ls -d /sys/fs/cgroup\(group) 2>/dev/null || true") == "")
        #expect(try sereno.unit("web", "NRestarts") == "0")

        // A kill reaches every process of it, and is no user's stop: the policy restarts it.
        try machine.systemctl("start", "sereno-web")
        let second = try sereno.sereno("inspect", "-f", "{{.State.Pid}}", "web").trimmingNewline
        try machine.systemctl("kill", "--signal=KILL", "sereno-web")
        #expect(
            try eventually(timeout: 60) {
                let now = try sereno.sereno("inspect", "-f", "{{.State.Pid}}", "web").trimmingNewline
                return now != second && now != "0"
            })
        #expect(try sereno.why("web").contains { $0.contains("restarts it") && $0.contains("restart 1 at once") })

        // The next start by another way is in no unit.
        try machine.systemctl("stop", "sereno-web")
        try sereno.sereno("start", "web")
        let third = try sereno.sereno("inspect", "-f", "{{.State.Pid}}", "web").trimmingNewline
        #expect(try machine.shell("cat /proc/\(third)/cgroup").contains("sereno-web.service") == false)
        try sereno.sereno("stop", "-t", "0", "web")

        // A stranger's file is never touched, and ours goes without a trace.
        try machine.write("[Service]\nExecStart=/bin/true\n", to: "/etc/systemd/system/sereno-other.service")
        try sereno.sereno("create", "--name", "other", "--restart", "always", "busybox", "true")
        let refused = try machine.run("sereno", "generate", "systemd", "--install")
        #expect(refused.status.code == 1 && refused.error.contains("was not written by sereno"), "\(refused.error)")
        #expect(try machine.read("/etc/systemd/system/sereno-other.service") == "[Service]\nExecStart=/bin/true\n")
        try sereno.sereno("generate", "systemd", "--uninstall")
        #expect(try machine.shell("ls /etc/systemd/system | grep sereno-").trimmingNewline == "sereno-other.service")
        #expect(try sereno.sereno("inspect", "-f", "{{.Sereno.RestartOwner.System}}", "web") == "sereno\n")
        #expect(try sereno.unit("web", "LoadState") == "not-found")
    }

    @Test("It is ready when the container runs, when its payload says so, or when it is healthy")
    func readiness() throws {
        let notify = ["-v", "/usr:/usr:ro", "-v", "/usr/lib:/lib:ro", "-v", "/usr/lib64:/lib64:ro"]
        try sereno.create("started", [], "while :; do sleep 0.05; done")
        try sereno.create(
            "payload", notify,
            """
            until [ -e /gate/payload ]; do sleep 0.05; done
            /usr/bin/systemd-notify --ready --status=tuned; while :; do sleep 0.05; done
            """)
        try sereno.create(
            "healthy",
            ["--health-cmd", "test -e /gate/healthy", "--health-interval", "200ms", "--health-start-period", "60s"],
            "while :; do sleep 0.05; done")
        for ready in ["started", "payload", "healthy"] {
            try sereno.sereno("generate", "systemd", "--install", "--restart", "always", "--ready", ready, ready)
            try machine.systemctl("start", "--no-block", "sereno-\(ready)")
        }
        try sereno.awaitUnit("started", "ActiveState", "active")
        for waiting in ["payload", "healthy"] {
            let runs = try eventually(timeout: 60) {
                try sereno.sereno("inspect", "-f", "{{.State.Running}}", waiting) == "true\n"
            }
            #expect(runs)
            #expect(try sereno.unit(waiting, "ActiveState") == "activating")
        }
        try sereno.open("payload")
        try sereno.awaitUnit("payload", "ActiveState", "active")
        #expect(try sereno.unit("payload", "StatusText") == "tuned")
        #expect(try sereno.unit("healthy", "ActiveState") == "activating")
        try sereno.open("healthy")
        try sereno.awaitUnit("healthy", "ActiveState", "active")
        #expect(try sereno.unit("healthy", "StatusText").hasPrefix("running (healthy): "))
        let without = try machine.run("sereno", "start", "--attach", "--notify=healthy", "started")
        #expect(without.status.code == 1 && without.error.contains("has no health check"), "\(without.error)")
    }

    @Test("A crash is followed by what the policy says, and a user's stop is undone by none")
    func policies() throws {
        let script = "echo run >>/gate/$0; exit 3"
        for (name, policy) in [
            ("no", "no"), ("failure", "on-failure:2"), ("always", "always"), ("unless", "unless-stopped"),
        ] {
            try sereno.create(name, ["--restart", policy], script.replacing("$0", with: name))
        }
        try sereno.create(
            "well", ["--restart", "on-failure"], "echo run >>/gate/well; until [ -e /gate/w ]; do sleep 0.05; done")
        try sereno.create("final", ["--restart", "on-failure:2"], "echo run >>/gate/final; sleep 0.2; exit 4")
        try sereno.sereno("generate", "systemd", "--install", "--restart", "no", "no")
        try sereno.sereno("generate", "systemd", "--install", "failure", "always", "unless", "well")
        try sereno.sereno("generate", "systemd", "--install", "--owner", "sereno", "final")
        #expect(try sereno.unit("no", "UnitFileState") == "static")
        #expect(try sereno.unit("unless", "UnitFileState") == "enabled")
        for name in ["no", "failure", "always", "unless", "well", "final"] {
            // Those that end at once may have failed before they are seen to run.
            try machine.run("systemctl", "start", "sereno-\(name)")
        }
        #expect(eventually(timeout: 90) { sereno.runs("always") >= 3 && sereno.runs("unless") >= 3 })
        #expect(eventually(timeout: 90) { sereno.runs("failure") == 3 })
        try sereno.awaitSkip("failure")
        #expect(sereno.runs("failure") == 3 && sereno.runs("no") == 1)
        #expect(
            try sereno.why("failure").last?.contains("policy on-failure:2 has used up its restarts; gave up") == true)
        #expect(try machine.journal(of: "sereno-failure.service").contains("has used up its restarts"))

        // What ended well is left, and what a user stops with sereno's own command stays down.
        try sereno.open("w")
        try sereno.awaitUnit("well", "ActiveState", "inactive")
        #expect(sereno.runs("well") == 1)
        try sereno.create("up", ["--restart", "always"], "trap 'exit 0' TERM; while :; do sleep 0.05; done")
        try sereno.sereno("generate", "systemd", "--install", "--now", "up")
        try sereno.sereno("stop", "up")
        try sereno.awaitSkip("up")
        #expect(try sereno.sereno("inspect", "-f", "{{.State.Status}}", "up") == "exited\n")
        // A user's start is obeyed, also where the budget was spent.
        try machine.systemctl("start", "sereno-up")
        #expect(try sereno.sereno("inspect", "-f", "{{.State.Status}}", "up") == "running\n")
        _ = try machine.run("systemctl", "start", "sereno-failure")
        #expect(eventually(timeout: 60) { sereno.runs("failure") > 3 })

        // With sereno as the owner the unit stays up over all runs and ends with the last code.
        #expect(eventually(timeout: 60) { sereno.runs("final") == 3 })
        try sereno.awaitUnit("final", "ActiveState", "failed")
        #expect(try sereno.unit("final", "ExecMainStatus") == "4")
        #expect(try sereno.unit("final", "NRestarts") == "0")
    }

    @Test("A reboot starts what ran, leaves what a user had stopped, and is itself no user's stop")
    func reboot() throws {
        for (name, policy) in [
            ("up", "unless-stopped"), ("down", "unless-stopped"), ("always", "always"), ("mine", "unless-stopped"),
        ] {
            try sereno.create(name, ["--restart", policy], "trap 'exit 0' TERM; while :; do sleep 0.05; done")
        }
        try sereno.sereno("generate", "systemd", "--install", "--now", "up", "down", "always")
        try sereno.sereno("generate", "systemd", "--install", "--now", "--owner", "sereno", "mine")
        try machine.systemctl("stop", "sereno-down", "sereno-always")
        try machine.systemctl("start", "sereno-down")
        try machine.systemctl("stop", "sereno-down")
        try machine.reboot()
        let started = ["up", "always", "mine"]
        for name in started { try sereno.awaitUnit(name, "ActiveState", "active") }
        #expect(try sereno.unit("down", "ActiveState") == "inactive")
        try sereno.awaitSkip("down")
        // One that sereno restarts is left to its unit too, or it would not be in the unit's control group.
        for name in started {
            let process = try sereno.sereno("inspect", "-f", "{{.State.Pid}}", name).trimmingNewline
            #expect(try machine.shell("cat /proc/\(process)/cgroup").contains("sereno-\(name).service"), "\(name)")
        }
        let why = try sereno.why("up")
        #expect(why.contains { $0.contains("starts it as the machine comes up") }, "\(why)")
        let stops = why.filter { $0.contains("user's stop") }
        #expect(stops.isEmpty, "\(why)")
        #expect(try machine.journal(of: "sereno-down.service").contains("a user's stop with SIGTERM by user root"))

        // After another reboot it is the same, and a user's start lifts it.
        try machine.systemctl("start", "sereno-down")
        #expect(try sereno.unit("down", "ActiveState") == "active")
        try machine.systemctl("disable", "sereno-mine")
        try machine.reboot()
        for name in ["up", "always", "down"] { try sereno.awaitUnit(name, "ActiveState", "active") }
        // The unit that does not ask for it does not keep a user's start waiting.
        #expect(try sereno.sereno("inspect", "-f", "{{.State.Running}}", "mine") == "false\n")
        try sereno.sereno("start", "mine")
        #expect(try sereno.sereno("inspect", "-f", "{{.State.Running}}", "mine") == "true\n")
    }
}
