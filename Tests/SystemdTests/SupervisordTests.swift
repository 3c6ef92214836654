import Glibc
import TestSupport
import Testing

/// Generated programs under a real supervisord, beside a supervisor of containers of its own.
@Suite("Containers as programs of supervisord", .serialized)
struct SupervisordTests {
    private let sereno: SupervisorUnderTest
    private let directory: TemporaryDirectory

    init() throws {
        sereno = try SupervisorUnderTest()
        directory = try TemporaryDirectory("sereno-supervisord")
        guard TestFiles.exists("/usr/bin/supervisord") else {
            throw TestFailure("supervisord is missing: run scripts/setup, which installs what the tests need")
        }
    }

    private func control(_ words: String...) throws -> Command {
        try Command.run(["/usr/bin/supervisorctl", "-c", directory.child("conf")] + words, timeout: 60)
    }

    private func start() throws -> BackgroundCommand {
        let socket = directory.child("sock")
        try TestFiles.write(
            """
            [supervisord]
            nodaemon=true
            logfile=\(directory.child("log"))
            pidfile=\(directory.child("pid"))
            childlogdir=\(directory.path)
            [unix_http_server]
            file=\(socket)
            [supervisorctl]
            serverurl=unix://\(socket)
            [rpcinterface:supervisor]
            supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
            [include]
            files=\(directory.child("conf.d"))/*.conf

            """, to: directory.child("conf"))
        let running = try BackgroundCommand(["/usr/bin/supervisord", "-c", directory.child("conf")])
        if !eventually(timeout: 60, { (try? control("pid").succeeded) ?? false }) {
            throw TestFailure("supervisord does not answer: \(running.error)\(running.output)")
        }
        return running
    }

    private func running(_ name: String) throws -> Bool { try sereno.inspect(name, "{{.State.Running}}") == "true" }

    private func why(_ name: String) throws -> String { try expect(sereno.sereno("why", name)).output }

    @Test("It starts and stops them, follows the policy, and its own shutdown is no user's stop")
    func programs() throws {
        let gate = directory.child("gate")
        try TestFiles.makeDirectories(gate)
        func create(_ name: String, _ policy: String, _ script: String) throws {
            try expect(
                sereno.sereno(
                    "create", "--name", name, "--restart", policy, "--network", "none", "-v", gate + ":/gate",
                    "busybox",
                    "sh", "-c", script))
        }
        try create("web", "unless-stopped", "trap 'exit 0' TERM; while :; do sleep 0.05; done")
        try create("fail", "on-failure:2", "echo run >>/gate/fail; sleep 0.1; exit 3")
        try expect(sereno.sereno("generate", "supervisord", "--files", directory.child("conf.d"), "--boot", "yes"))
        for name in ["web", "fail"] {
            try expect(sereno.sereno("update", "--restart-owner", "supervisord:sereno-\(name)", name))
        }
        let first = try start()
        #expect(try eventually(timeout: 60) { try running("web") })
        let runs = { ((try? TestFiles.read(gate + "/fail")) ?? "").split(separator: "\n").count }
        #expect(eventually(timeout: 60) { runs() == 3 })
        #expect(try eventually(timeout: 60) { try why("fail").contains("has used up its restarts") })

        try expect(control("stop", "sereno-web"))
        #expect(try !running("web"))
        let stopped = try why("web")
        #expect(stopped.contains("a user's kill with SIGTERM by user root"), "\(stopped)")
        try expect(control("start", "sereno-web"))
        #expect(try eventually(timeout: 60) { try running("web") })

        _ = try control("shutdown")
        #expect(first.wait(timeout: 60).timedOut == false)
        #expect(try eventually(timeout: 60) { try !running("web") })
        let last = try why("web").split(separator: "\n").last ?? ""
        #expect(last.contains("the next supervisor decides"), "\(last)")
        #expect(runs() == 3)
    }
}
