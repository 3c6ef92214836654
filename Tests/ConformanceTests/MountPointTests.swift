import TestSupport
import Testing

/// What a container's root file system has beside the image's files.
@Suite("Places to mount at", .serialized)
struct MountPointTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    /// The names in an exported tree, with what a link leads to.
    private func exported(_ name: String) throws -> Set<String> {
        let tar = supervisor.directory.child(name + ".tar")
        try expect(supervisor.sereno("export", "-o", tar, name))
        let listed = try expect(Command.run(["tar", "-tvf", tar])).output
        return Set(
            listed.split(separator: "\n").map { line in
                line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true).last.map(String.init) ?? ""
            })
    }

    @Test("An export has them as dockerd's has, also of a container that was never started, and a diff does not")
    func exports() throws {
        let host = supervisor.directory.child("host")
        try TestFiles.makeDirectories(host)
        try expect(
            supervisor.sereno(
                "create", "--network", "none", "--name", "box", "-v", host + ":/bound/here", "--tmpfs", "/scratch",
                "busybox", "cat", "/etc/mtab"))
        let every = [
            ".dockerenv", "dev/", "dev/console", "dev/pts/", "dev/shm/", "etc/hostname", "etc/hosts",
            "etc/mtab -> /proc/mounts",
            "etc/resolv.conf", "proc/", "sys/",
        ]
        let before = try exported("box")
        #expect(before.isSuperset(of: every), "\(Set(every).subtracting(before))")
        #expect(before.isDisjoint(with: ["bound/", "scratch/"]))
        #expect(try supervisor.sereno("diff", "box").output == "")
        let shown = try expect(supervisor.sereno("start", "-a", "box")).output
        #expect(shown.contains(" /bound/here ") && shown.contains("proc /proc proc"))
        let after = try exported("box")
        #expect(after.isSuperset(of: every + ["bound/", "bound/here/", "scratch/"]))
        let changes = try supervisor.sereno("diff", "box").output
        #expect(Set(changes.split(separator: "\n")) == ["A /bound", "A /bound/here", "A /scratch"])
    }

    @Test(
        "A volume of the image is a directory, of which create warns, and what is mounted there takes its place",
        arguments: Clients.all)
    func volumes(_ client: String) throws {
        let tar = supervisor.directory.child("busybox.tar")
        try expect(
            supervisor.sereno(
                "import", "--change", "VOLUME /data/db", "--change", "VOLUME relative", tar, "with-volumes"))
        let created = try expect(
            supervisor.run(
                client,
                ["run", "--network", "none", "--name", "box", "with-volumes", "touch", "/data/db/x", "/relative/y"]))
        #expect(created.error.contains("WARNING: Volumes are not built yet"), "\(created.error)")
        #expect(created.error.contains("/data/db, /relative"))
        #expect(try supervisor.inspect("box", "{{json .Config.Volumes}}") == #"{"/data/db":{},"relative":{}}"#)
        #expect(try exported("box").isSuperset(of: ["data/db/x", "relative/y"]))
        let host = supervisor.directory.child("host")
        try TestFiles.makeDirectories(host)
        let bound = try expect(
            supervisor.run(
                client,
                [
                    "run", "--rm", "--network", "none", "-v", host + ":/data/db", "--tmpfs", "/relative",
                    "with-volumes", "touch",
                    "/data/db/kept",
                ]))
        #expect(bound.error == "")
        #expect(TestFiles.exists(host + "/kept"))
    }

    @Test("A volume over a file of the image is refused in dockerd's words")
    func overFile() throws {
        let tar = supervisor.directory.child("busybox.tar")
        try expect(supervisor.sereno("import", "--change", "VOLUME /etc/passwd", tar, "over-file"))
        let refused = try supervisor.sereno("run", "--rm", "over-file", "true")
        #expect(
            refused.error.contains("cannot mount volume over existing file, file exists /etc/passwd"),
            "\(refused.error)")
    }
}
