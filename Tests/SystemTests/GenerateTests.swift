import Glibc
import TestSupport
import Testing

/// `sereno generate` as a user drives it, on real containers.
@Suite("Generated files of real containers", .serialized)
struct GenerateTests {
    private let supervisor: SupervisorUnderTest

    init() throws {
        supervisor = try SupervisorUnderTest()
        for (name, options) in [
            (
                "web",
                [
                    "--restart=always", "--label", "com.docker.compose.project=shop", "--label",
                    "com.docker.compose.service=web",
                    "--label", "com.docker.compose.depends_on=db:service_healthy:true",
                ]
            ),
            (
                "db",
                [
                    "--restart=unless-stopped", "--stop-signal=QUIT", "--stop-timeout=20", "--health-cmd", "true",
                    "--label", "com.docker.compose.project=shop", "--label", "com.docker.compose.service=db",
                ]
            ),
            ("job", ["--restart=on-failure:5"]), ("tool", []),
        ] {
            try expect(
                supervisor.run(
                    "sereno", ["create", "--network=none", "--name", name] + options + ["busybox", "sleep", "100"]))
        }
    }

    private func generate(_ arguments: String...) throws -> Command {
        try supervisor.run("sereno", ["generate"] + arguments)
    }

    @Test("All containers with a policy are printed, for each init system")
    func prints() throws {
        let systemd = try generate("systemd")
        #expect(systemd.succeeded && systemd.error.isEmpty, "\(systemd.error)")
        let names = systemd.output.split(separator: "\n").filter {
            $0.hasPrefix("# sereno-") && $0.split(separator: " ").count == 2
        }
        #expect(
            names == ["# sereno-db.service", "# sereno-job.service", "# sereno-shop.target", "# sereno-web.service"])
        #expect(
            systemd.output.contains("ExecStart=\(BuiltProgram.directory)")
                || systemd.output.contains("/sereno -H \(supervisor.host) start --attach"))
        #expect(systemd.output.contains("--notify=healthy"))
        #expect(
            systemd.output.contains("SuccessExitStatus=131 143\n") && systemd.output.contains("TimeoutStopSec=50\n"))
        #expect(try generate("upstart").output.contains("respawn limit 5 2147483647\n"))
        #expect(try generate("supervisord", "job").output.contains("[program:sereno-job]\n"))
        #expect(
            try generate("systemd", "job").output
                == systemd.output.components(between: "# sereno-job.service\n", and: "\n\n# sereno-shop.target"))
    }

    @Test("A directory holds the set, and is compared with it")
    func files() throws {
        let directory = supervisor.directory.child("units")
        let made = try generate("systemd", "--files", directory)
        #expect(made.output.split(separator: "\n").count == 4 && made.succeeded)
        #expect(
            try TestFiles.list(directory).sorted() == [
                ".sereno-generated.manifest", "sereno-db.service", "sereno-job.service", "sereno-shop.target",
                "sereno-web.service",
            ])
        let same = try generate("systemd", "--files", directory, "--check")
        #expect(same.succeeded && same.output.isEmpty)

        try expect(supervisor.sereno("update", "--restart=on-failure:3", "web"))
        let drift = try generate("systemd", "--files", directory, "--check")
        #expect(drift.status.code == 1)
        #expect(drift.output.contains("sereno-web.service: what it was generated from has changed\n"))
        #expect(drift.output.contains("-Restart=always\n+Restart=on-failure\n"))
        #expect(try generate("systemd", "job", "--files", directory, "--check").succeeded)

        try expect(supervisor.sereno("rm", "job"))
        let again = try generate("systemd", "--files", directory)
        #expect(
            again.output == "\(directory)/sereno-web.service\n"
                && again.error.contains("removed \(directory)/sereno-job.service"))
        #expect(try generate("systemd", "--files", directory, "--check").succeeded)
    }

    @Test("On an error nothing is written, and the text says what to do")
    func refusals() throws {
        let directory = supervisor.directory.child("none")
        func refused(_ said: Command, _ text: String) {
            #expect(said.status.code == 1 && said.output.isEmpty && said.error.contains(text), "\(said)")
            #expect(!TestFiles.exists(directory))
        }
        refused(try generate("systemd", "nope", "web", "--files", directory), "No such container: nope")
        refused(
            try generate("systemd", "tool", "--files", directory), "no restart policy, so there is nothing to keep up")
        refused(try generate("systemd", "web", "--files", directory, "--style=foo"), "use one of attach, plain")
        refused(try generate("openrc", "--files", directory), "use one of systemd, upstart, supervisord")
        refused(try generate("systemd", "--files", directory, "--ready=healthy"), "has no health check")
        refused(try generate("systemd", "--files", supervisor.directory.child("a/b/c")), "cannot mkdir")
        try TestFiles.write("", to: supervisor.directory.child("file"))
        refused(try generate("systemd", "--files", supervisor.directory.child("file")), "is not a directory")
        #expect(try generate("systemd", "tool", "--restart=no").output.contains("Restart=no\n"))
    }

    @Test("A stranger's file stops the whole set, and an edited one does until it is forced")
    func strangers() throws {
        let directory = supervisor.directory.child("mixed")
        try TestFiles.makeDirectories(directory)
        try TestFiles.write("mine", to: directory + "/sereno-web.service")
        let foreign = try generate("systemd", "--files", directory, "--force")
        #expect(foreign.status.code == 1 && foreign.error.contains("was not written by sereno"))
        #expect(try TestFiles.list(directory) == ["sereno-web.service"])
        #expect(try TestFiles.read(directory + "/sereno-web.service") == "mine")

        try expect(Command.run(["rm", directory + "/sereno-web.service"]))
        try expect(generate("systemd", "--files", directory))
        try TestFiles.write("edited", to: directory + "/sereno-db.service")
        let edited = try generate("systemd", "--files", directory)
        #expect(edited.status.code == 1 && edited.error.contains("was edited since sereno wrote it"))
        #expect(try TestFiles.read(directory + "/sereno-db.service") == "edited")
        try expect(generate("systemd", "--files", directory, "--force"))
        #expect(try generate("systemd", "--files", directory, "--check").succeeded)
    }

    @Test("A disk that is full leaves the old set, whole")
    func fullDisk() throws {
        let directory = supervisor.directory.child("small")
        try TestFiles.makeDirectories(directory)
        let mounted = try Command.run(["mount", "-t", "tmpfs", "-o", "size=24k", "tmpfs", directory])
        try #require(mounted.succeeded, "\(mounted.error)")
        defer { _ = try? Command.run(["umount", directory]) }
        try expect(generate("systemd", "job", "--files", directory))
        let before = try TestFiles.list(directory).sorted().map { ($0, try TestFiles.read(directory + "/" + $0)) }
        try TestFiles.write(String(repeating: "x", count: 12_000), to: directory + "/ballast")
        let full = try generate("systemd", "--files", directory)
        #expect(full.status.code == 1 && full.error.contains("no space left on device"), "\(full)")
        try expect(Command.run(["rm", directory + "/ballast"]))
        let after = try TestFiles.list(directory).sorted().map { ($0, try TestFiles.read(directory + "/" + $0)) }
        #expect(before.map(\.0) == after.map(\.0) && before.map(\.1) == after.map(\.1))
    }

    @Test("What runs docker is shown as what would be written instead")
    func imports() throws {
        let path = supervisor.directory.child("docker-web.service")
        try TestFiles.write(
            "[Service]\nRestart=always\nExecStart=/usr/bin/docker start -a web\nExecStop=/usr/bin/docker stop -t 2 web\n",
            to: path)
        let said = try generate("--from", path)
        #expect(said.succeeded && said.output.hasPrefix("--- docker-web.service\n+++ sereno-web.service\n"))
        #expect(
            said.output.contains("-ExecStart=/usr/bin/docker start -a web\n")
                && said.output.contains("+TimeoutStopSec=32\n"))
        let run = supervisor.directory.child("new.service")
        try TestFiles.write(
            "[Service]\nRestart=always\nExecStart=/usr/bin/podman run --rm --name fresh -v /srv:/d nginx\n", to: run)
        let fresh = try generate("--from", run)
        #expect(fresh.output.contains("+RequiresMountsFor=/srv\n"))
        #expect(fresh.error.contains("create it first: sereno create --name=fresh --volume=/srv:/d nginx"))
        #expect(try generate("--from", "/etc/passwd").status.code == 1)
    }
}

extension String {
    fileprivate func components(between start: String, and end: String) -> String? {
        guard let from = firstRange(of: start), let to = self[from.upperBound...].firstRange(of: end) else {
            return nil
        }
        return start + self[from.upperBound..<to.lowerBound] + "\n"
    }
}
