import Glibc
import Linux
import TestSupport
import Testing

/// A host whose control groups cannot be told what devices are allowed: in a mount namespace of the supervisor's own, so that
/// the host keeps its.
@Suite(
    "Where devices cannot be limited nothing starts", .serialized,
    .enabled(
        if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")
            && (try? CgroupLayout.detect())?.legacy("devices") != nil))
struct UnlimitedDeviceTests {
    private static let sentence = "the devices that the container may use cannot be limited: "
    private static let wayOut = "--device-cgroup-rule 'a *:* rwm'"

    private let place: String
    private let unified: String

    init() throws {
        let layout = try CgroupLayout.detect()
        place = try #require(layout.legacy("devices")).mountPoint
        unified = layout.unified?.mountPoint ?? "/mnt"
    }

    private func supervisor(_ script: String) throws -> SupervisorUnderTest {
        let variables = "D=\(place); U=\(unified)"
        return try SupervisorUnderTest { _ in
            [
                "/usr/bin/unshare", "--mount", "/bin/bash", "-c", "\(variables); \(script) || exit 1; exec \"$@\"",
                "bash",
            ]
        }
    }

    private func inside(_ supervisor: SupervisorUnderTest, _ script: String) throws {
        let engine = try #require(supervisor.engineProcess)
        try expect(
            Command.run([
                "/usr/bin/nsenter", "--target", "\(engine)", "--mount", "/bin/bash", "-c", "D=\(place); " + script,
            ]))
    }

    /// Nothing of it ran, whoever asked.
    private func expectRefused(_ supervisor: SupervisorUnderTest, with reasons: [String]) throws {
        for client in Clients.all {
            let ran = try supervisor.run(
                client, ["run", "--network", "none", "--name", client, "busybox", "echo", "began"])
            #expect(!ran.succeeded && ran.output.isEmpty, "\(ran.output)")
            for reason in reasons { #expect(ran.error.contains(reason), "\(ran.error)") }
            #expect(try supervisor.inspect(client, "{{.State.Status}} {{.State.Pid}}") == "created 0")
            #expect(try supervisor.sereno("logs", client).output.isEmpty)
        }
    }

    @Test(
        "Neither the controller nor the unified hierarchy: the start is refused in words, and what needs no limit starts",
        arguments: ["mount -t tmpfs none $D && mount -t tmpfs none $U", "umount -l $D && umount -l $U"])
    func neither(script: String) throws {
        let supervisor = try supervisor(script)
        try expectRefused(supervisor, with: [Self.sentence, Self.wayOut])
        for options in [["--privileged"], ["--device-cgroup-rule", "a *:* rwm"]] {
            let ran = try supervisor.run(
                "sereno", ["run", "--rm", "--network", "none"] + options + ["busybox", "echo", "began"])
            #expect(ran.output == "began\n", "\(ran.error)")
        }
    }

    @Test("A read-only hierarchy: no group can be made, and the start says so")
    func readOnly() throws {
        let supervisor = try supervisor("mount --bind $D $D && mount -o remount,bind,ro $D")
        try expectRefused(supervisor, with: ["mkdir \(place)/", "read-only file system"])
    }

    @Test("Without the controller the unified hierarchy limits", arguments: ["umount -l $D", "mount -t tmpfs none $D"])
    func other(script: String) throws {
        let supervisor = try supervisor(script)
        let ran = try supervisor.sereno(
            "run", "--rm", "--network", "none", "busybox", "sh", "-c",
            "mknod /tmp/node c 1 1 && (: </tmp/node) 2>&1 | grep -q 'not permitted' && echo limited")
        #expect(ran.output == "limited\n" || ran.error.contains(Self.sentence), "\(ran.output) \(ran.error)")
    }

    @Test(
        "A group that was limited before and is open now starts nothing, by hand or by a policy, once it cannot be limited"
    )
    func laterRuns() throws {
        let supervisor = try supervisor("true")
        let id = try expect(
            supervisor.sereno(
                "run", "-d", "--network", "none", "--restart", "always", "--name", "box", "busybox", "sh", "-c",
                "echo began; sleep 1000")
        ).output.trimmingNewline
        #expect(eventually { (try? supervisor.sereno("logs", "box").output) == "began\n" })
        let group = Cgroup(layout: try CgroupLayout.detect(), name: id).group
        let directory = try #require(try CgroupLayout.detect().legacy("devices")).directory(of: group)
        try TestFiles.write("a", to: directory + "/devices.allow")
        try inside(supervisor, "mount --bind $D $D && mount -o remount,bind,ro $D")
        // Its own group has to be left to be removed.
        defer { try? inside(supervisor, "umount $D") }
        kill(try supervisor.process(of: "box"), SIGKILL)
        #expect(
            eventually(timeout: 30) {
                (try? supervisor.inspect("box", "{{.State.Error}}"))?.contains(Self.sentence) == true
            })
        try expect(supervisor.sereno("stop", "box"))
        let started = try supervisor.sereno("start", "box")
        #expect(!started.succeeded && started.error.contains(Self.sentence), "\(started.error)")
        #expect(try supervisor.sereno("logs", "box").output == "began\n")
    }
}
