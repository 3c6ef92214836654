import TestSupport
import Testing

/// Several containers at once.
@Suite("Sets under systemd", .serialized)
struct SetTests {
    private let sereno: SerenoMachine
    private var machine: SystemdUnderTest { sereno.machine }

    init() throws { sereno = try SerenoMachine() }

    private static let loop = "trap 'exit 0' TERM; while :; do sleep 0.05; done"

    @Test("A compose project starts in its order and goes with its target")
    func project() throws {
        let label = { (service: String) in
            ["--label", "com.docker.compose.project=shop", "--label", "com.docker.compose.service=\(service)"]
        }
        try sereno.create("db", ["--restart", "always"] + label("db"), Self.loop)
        try sereno.create(
            "web",
            ["--restart", "always", "--label", "com.docker.compose.depends_on=db:service_started:false"] + label("web"),
            Self.loop)
        try sereno.sereno("generate", "systemd", "--install", "db", "web")
        try machine.systemctl("start", "sereno-shop.target")
        for name in ["db", "web"] { try sereno.awaitUnit(name, "ActiveState", "active") }
        #expect(try sereno.unit("web", "After").contains("sereno-db.service"))
        let started = try sereno.sereno("inspect", "-f", "{{.State.StartedAt}}", "db", "web").split(separator: "\n")
        #expect(started.count == 2 && started[0] < started[1], "\(started)")
        try machine.systemctl("stop", "sereno-shop.target")
        for name in ["db", "web"] {
            try sereno.awaitUnit(name, "ActiveState", "inactive")
            #expect(try sereno.sereno("inspect", "-f", "{{.State.Status}}", name) == "exited\n")
        }
    }

    /// The network namespace that a container wrote to its file in the gate with each run.
    private func namespaces(_ name: String) throws -> [String] {
        try TestFiles.read(sereno.gate + "/" + name).split(separator: "\n").map(String.init)
    }

    @Test("Who shares another's network starts, restarts and stops with it, in the same network all the time")
    func sharedNetwork() throws {
        func script(_ name: String) -> String {
            """
            readlink /proc/self/ns/net >>/gate/\(name); trap 'exit 0' TERM
            while :; do [ -e /gate/fail-\(name) ] && rm /gate/fail-\(name) && exit 7; sleep 0.05; done
            """
        }
        try sereno.create("db", ["--restart", "always"], script("db"))
        try sereno.create("web", ["--restart", "always"], network: "container:db", script("web"))
        try sereno.sereno("generate", "systemd", "--install", "db", "web")
        try machine.systemctl("start", "sereno-web.service")
        for name in ["db", "web"] { try sereno.awaitUnit(name, "ActiveState", "active") }
        #expect(eventually(timeout: 60) { sereno.runs("web") == 1 })
        #expect(try namespaces("web") == namespaces("db"))

        try sereno.open("fail-db")
        #expect(eventually(timeout: 60) { sereno.runs("db") == 2 })
        // Up to systemd 253 its own restart of a unit is one of what requires that unit, too.
        #expect(eventually(timeout: 60) { sereno.runs("web") == 2 })
        // At once, while the start is hardly over: a stop that was lost would take as long as systemd waits for one.
        try machine.systemctl("stop", "sereno-web.service")
        #expect(try sereno.unit("web", "Result") == "success")
        try machine.systemctl("start", "sereno-web.service")
        for name in ["db", "web"] { try sereno.awaitUnit(name, "ActiveState", "active") }
        #expect(try Set(namespaces("db")) == Set(namespaces("web")))

        try machine.systemctl("stop", "sereno-db.service")
        for name in ["db", "web"] {
            try sereno.awaitUnit(name, "ActiveState", "inactive")
            #expect(try sereno.sereno("inspect", "-f", "{{.State.Status}}", name) == "exited\n")
        }
    }

    @Test("Who is to be restarted with what it needs is, and starts after that is healthy")
    func restartedTogether() throws {
        let label = { (service: String) in
            ["--label", "com.docker.compose.project=shop", "--label", "com.docker.compose.service=\(service)"]
        }
        try sereno.create(
            "db",
            ["--restart", "always", "--health-cmd", "test -e /gate/well", "--health-interval", "200ms"] + label("db"),
            "echo run >>/gate/db; " + Self.loop)
        try sereno.create(
            "web",
            ["--restart", "always", "--label", "com.docker.compose.depends_on=db:service_healthy:true"] + label("web"),
            "echo run >>/gate/web; " + Self.loop)
        try sereno.sereno("generate", "systemd", "--install", "db", "web")
        try machine.systemctl("start", "--no-block", "sereno-web.service")
        #expect(eventually(timeout: 60) { sereno.runs("db") == 1 })
        try machine.shell("sleep 2")
        #expect(sereno.runs("web") == 0)
        try sereno.open("well")
        try sereno.awaitUnit("web", "ActiveState", "active")
        try machine.systemctl("restart", "sereno-db.service")
        #expect(eventually(timeout: 60) { sereno.runs("db") == 2 && sereno.runs("web") == 2 })
        for name in ["db", "web"] { try sereno.awaitUnit(name, "ActiveState", "active") }
    }
}
