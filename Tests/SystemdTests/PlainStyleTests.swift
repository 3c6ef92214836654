import TestSupport
import Testing

/// The form of unit that calls `start -a` and nothing of sereno's own, under a real systemd.
@Suite("Plain units of systemd", .serialized)
struct PlainStyleTests {
    private let sereno: SerenoMachine
    private var machine: SystemdUnderTest { sereno.machine }

    init() throws { sereno = try SerenoMachine() }

    @Test("A crash is followed by a start, a stop holds, and the engine may be replaced", arguments: Clients.all)
    func life(client: String) throws {
        try sereno.create(
            "web", ["--restart", "always"],
            "trap 'echo bye; exit 0' TERM; echo run >>/gate/web; until [ -e /gate/crash ]; do sleep 0.05; done; rm /gate/crash; exit 3"
        )
        let program = try Clients.path(of: client)
        let generate = ["generate", "systemd", "--style", "plain", "--program", program]
        try sereno.sereno(generate + ["--install", "--now", "web"])
        let text = try machine.read("/etc/systemd/system/sereno-web.service")
        #expect(text.contains("ExecStart=\(program) ") && text.contains("start -a web"), "\(text)")
        #expect(eventually(timeout: 60) { sereno.runs("web") == 1 })
        #expect(try sereno.unit("web", "ActiveState") == "active")
        #expect(try sereno.unit("web", "UnitFileState") == "enabled")

        try sereno.open("crash")
        #expect(eventually(timeout: 60) { sereno.runs("web") == 2 })
        #expect(try eventually(timeout: 60) { try sereno.unit("web", "NRestarts") == "1" })
        #expect(try machine.journal(of: "sereno-web.service").contains("status=3"))

        try machine.systemctl("stop", "sereno-web")
        #expect(try sereno.sereno("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", "web") == "exited 0\n")
        #expect(try sereno.unit("web", "ActiveState") == "inactive")
        #expect(try machine.journal(of: "sereno-web.service").contains("bye"))
        #expect(sereno.runs("web") == 2)

        try machine.systemctl("start", "sereno-web")
        #expect(eventually(timeout: 60) { sereno.runs("web") == 3 })
        try machine.reboot()
        try sereno.awaitUnit("web", "ActiveState", "active")
        #expect(eventually(timeout: 60) { sereno.runs("web") == 4 })
        try sereno.sereno("generate", "systemd", "--uninstall")
    }

    @Test("--check finds what is no longer as it would be written, where systemd looks")
    func check() throws {
        try sereno.create("web", ["--restart", "always"], "while :; do sleep 0.05; done")
        try sereno.sereno("generate", "systemd", "--install", "web")
        #expect(try machine.run("sereno", "generate", "systemd", "--check").status.code == 0)
        try sereno.sereno("update", "--restart", "on-failure:2", "web")
        let policy = try machine.run("sereno", "generate", "systemd", "--check")
        #expect(policy.status.code == 1 && policy.output.contains("-Restart=always"), "\(policy.output)\(policy.error)")
        #expect(policy.output.contains("+Restart=on-failure"), "\(policy.output)")
        try sereno.sereno("update", "--restart", "always", "web")
        try machine.shell("echo '# mine' >>/etc/systemd/system/sereno-web.service")
        let edited = try machine.run("sereno", "generate", "systemd", "--check")
        #expect(edited.status.code == 1 && edited.output.contains("-# mine"), "\(edited.output)\(edited.error)")
        try machine.shell("rm /etc/systemd/system/sereno-web.service")
        #expect(try machine.run("sereno", "generate", "systemd", "--check").status.code == 1)
    }
}
