import Glibc
import TestSupport
import Testing

/// What systemd's watchdog does to a container that is unwell.
@Suite("The watchdog of a unit", .serialized)
struct WatchdogTests {
    private let sereno: SerenoMachine
    private var machine: SystemdUnderTest { sereno.machine }

    init() throws { sereno = try SerenoMachine() }

    private static let health = [
        "--health-cmd", "test ! -e /gate/sick", "--health-interval", "200ms", "--health-retries", "1",
    ]

    /// It writes a line for each run, and is well again in each but the first.
    private static let script = """
        echo run >>/gate/web; [ $(wc -l </gate/web) = 1 ] || rm -f /gate/sick
        trap 'exit 0' TERM; while :; do sleep 0.05; done
        """

    private func awaitSecondRun() throws {
        guard eventually(timeout: 60, { sereno.runs("web") >= 2 }) else {
            throw TestFailure(
                "no second run:\n" + (try machine.journal(of: "sereno-web.service")) + (try sereno.sereno("why", "web"))
            )
        }
    }

    @Test(
        "It ends a container that is unhealthy, which is no user's stop, and the container runs again",
        arguments: [("init", "always"), ("init", "on-failure:3"), ("sereno", "unless-stopped")])
    func unhealthy(owner: String, policy: String) throws {
        try sereno.create("web", ["--restart", policy] + Self.health, Self.script)
        try sereno.sereno(
            "generate", "systemd", "--install", "--now", "--owner", owner, "--watchdog", "health", "--watchdog-sec",
            "8", "web")
        try sereno.awaitUnit("web", "ActiveState", "active")
        try sereno.open("sick")
        try awaitSecondRun()
        try sereno.awaitUnit("web", "ActiveState", "active")
        #expect(try machine.journal(of: "sereno-web.service").contains("Watchdog timeout"))
        let why = try sereno.why("web")
        #expect(
            why.contains {
                $0.hasPrefix("exited with code 0 ")
                    && $0.hasSuffix("its unit's watchdog ended it as unhealthy, and its unit decides; no start")
            }, "\(why)")
        #expect(!why.contains { $0.contains("a user's stop") }, "\(why)")
        // A user's stop is one as before.
        try machine.systemctl("stop", "sereno-web.service")
        #expect(try sereno.why("web").last?.contains("a user's stop") == true)
        #expect(sereno.runs("web") == 2)
    }

    @Test("Ready when healthy, and watched from then on")
    func readyAndWatched() throws {
        try sereno.open("sick")
        try sereno.create(
            "web", ["--restart", "always", "--health-start-period", "60s"] + Self.health,
            "echo run >>/gate/web; trap 'exit 0' TERM; while :; do sleep 0.05; done")
        try sereno.sereno(
            "generate", "systemd", "--install", "--ready", "healthy", "--watchdog", "health", "--watchdog-sec", "8",
            "web")
        try machine.systemctl("start", "--no-block", "sereno-web.service")
        #expect(eventually(timeout: 60) { sereno.runs("web") == 1 })
        // Longer than the watchdog's time: before it is ready nothing is watched.
        try machine.shell("sleep 10")
        #expect(try sereno.unit("web", "ActiveState") == "activating")
        #expect(unlink(sereno.gate + "/sick") == 0)
        try sereno.awaitUnit("web", "ActiveState", "active")
        try machine.shell("sleep 10")
        #expect(try sereno.unit("web", "NRestarts") == "0")
        try sereno.open("sick")
        try awaitSecondRun()
    }
}
