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
}
