import TestSupport
import Testing

/// Units of a user's own manager, which asks the machine's engine.
@Suite("Units of a user's manager", .serialized)
struct UserUnitTests {
    private let sereno: SerenoMachine
    private var machine: SystemdUnderTest { sereno.machine }
    private static let manager = "user@0.service"
    private static let unit = "sereno-web.service"

    init() throws { sereno = try SerenoMachine() }

    /// A command in the surroundings of a user who is logged in.
    @discardableResult
    private func user(_ words: String...) throws -> String {
        let done = try machine.run(["env", "HOME=/root", "XDG_RUNTIME_DIR=/run/user/0"] + words)
        guard done.succeeded else { throw TestFailure("\(words.joined(separator: " ")): \(done.error)\(done.output)") }
        return done.output
    }

    private func property(_ name: String) throws -> String {
        try user("systemctl", "--user", "show", "-p", name, "--value", Self.unit).trimmingNewline
    }

    private func reach(_ name: String, _ value: String) throws {
        guard try eventually(timeout: 60, { try property(name) == value }) else {
            let journal = try machine.run("journalctl", "--no-pager", "-n", "60", "-o", "cat").output
            throw TestFailure("\(name) is \(try property(name)), not \(value):\n\(journal)")
        }
    }

    @Test("The manager starts, watches and stops it, and its own end is no user's stop")
    func life() throws {
        // A home of the machine's own, in which nothing was ever installed.
        try machine.shell("mount -t tmpfs -o mode=700 tmpfs /root")
        try machine.systemctl("start", Self.manager)
        try sereno.create(
            "web", ["--restart", "unless-stopped"],
            "echo run >>/gate/web; trap 'exit 0' TERM; while :; do [ -e /gate/fail ] && rm /gate/fail && exit 7; sleep 0.05; done"
        )
        try user("sereno", "generate", "systemd", "--user", "--install", "--now", "web")
        try reach("ActiveState", "active")
        // The container's processes are the unit's.
        let group = try property("ControlGroup")
        #expect(group.hasPrefix("/user.slice/user-0.slice/user@0.service/"))
        let inside = try sereno.sereno("inspect", "-f", "{{.State.Pid}}", "web").trimmingNewline
        let found = try machine.shell("cat /proc/\(inside)/cgroup")
        #expect(found.contains(group + "/"), "\(group) \(found)")
        // A crash is restarted by the manager.
        try sereno.open("fail")
        #expect(eventually(timeout: 60) { sereno.runs("web") == 2 })
        try reach("NRestarts", "1")
        try reach("ActiveState", "active")
        // The session ends, and comes back.
        try machine.systemctl("stop", Self.manager)
        #expect(try sereno.sereno("inspect", "-f", "{{.State.Status}}", "web") == "exited\n")
        #expect(try sereno.why("web").last?.contains("the next supervisor decides") == true)
        try machine.systemctl("start", Self.manager)
        try reach("ActiveState", "active")
        #expect(eventually(timeout: 60) { sereno.runs("web") == 3 })
        // A user's stop holds over the next session.
        try user("systemctl", "--user", "stop", Self.unit)
        #expect(try sereno.why("web").last?.contains("a user's stop") == true)
        try machine.systemctl("restart", Self.manager)
        try reach("ActiveState", "inactive")
        #expect(
            try eventually(timeout: 60) {
                try machine.run("journalctl", "--no-pager", "-o", "cat").output.contains(
                    "Skipped due to 'exec-condition'")
            })
        #expect(sereno.runs("web") == 3)
        try user("sereno", "generate", "systemd", "--user", "--uninstall", "web")
        #expect(try property("LoadState") == "not-found")
    }
}
