import Glibc
import TestSupport
import Testing

/// What goes wrong with the place where the state is kept.
@Suite("A damaged home", .serialized)
struct DamageTests {
    @Test("a full disk refuses new containers with its reason, and the running ones go on")
    func fullDisk() throws {
        let supervisor = try SupervisorUnderTest()
        let data = supervisor.directory.child("data")
        try expect(
            supervisor.sereno(
                "run", "-d", "--network", "none", "--name", "lives", "busybox", "sh", "-c", "while :; do sleep 1; done")
        )
        let disk = try TestFiles.list(data)
        guard disk.contains("containers") else { throw TestFailure("no containers directory among \(disk)") }
        let place = data + "/containers"
        let mounted = try expect(Command.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", place]))
        defer { _ = try? Command.run(["umount", "-l", place]) }
        #expect(mounted.succeeded)
        _ = try Command.run(["sh", "-c", "head -c 1000000 /dev/zero > \(place)/fill 2>/dev/null"])
        let refused = try supervisor.sereno("create", "--name", "new", "busybox", "true")
        #expect(refused.status.code == 1)
        #expect(refused.error.contains("no space left on device"), "\(refused.error)")
        #expect(try supervisor.sereno("ps", "-a", "--format", "{{.Names}}").output == "lives\n")
        #expect(try supervisor.sereno("exec", "lives", "echo", "yes").output == "yes\n")
    }

    @Test("a read-only state directory refuses new containers with its reason")
    func readOnly() throws {
        let supervisor = try SupervisorUnderTest()
        let place = supervisor.directory.child("data") + "/containers"
        try expect(Command.run(["mount", "-t", "tmpfs", "-o", "ro", "none", place]))
        defer { _ = try? Command.run(["umount", "-l", place]) }
        let refused = try supervisor.sereno("create", "--name", "new", "busybox", "true")
        #expect(refused.status.code == 1)
        #expect(refused.error.contains("read-only file system"), "\(refused.error)")
        #expect(try supervisor.sereno("ps", "-aq").output == "")
    }

    @Test("a damaged record costs its container only, and the log names it")
    func damagedRecord() throws {
        let supervisor = try SupervisorUnderTest()
        for name in ["good", "bad"] {
            try expect(supervisor.sereno("create", "--network", "none", "--name", name, "busybox", "echo", name))
        }
        let id = try supervisor.inspect("bad", "{{.Id}}")
        let place = supervisor.directory.child("data") + "/containers/" + id
        for file in try TestFiles.list(place) where file.hasSuffix(".json") {
            try TestFiles.write("{\"damaged", to: place + "/" + file)
        }
        try supervisor.killEngine()
        #expect(try supervisor.sereno("start", "-a", "good").output == "good\n")
        #expect(try supervisor.sereno("start", "bad").status.code == 1)
        #expect(supervisor.log.contains(id) || supervisor.log.contains(id.prefix(12)), "\(supervisor.log)")
    }
}
