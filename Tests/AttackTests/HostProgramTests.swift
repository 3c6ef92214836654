import Glibc
import TestSupport
import Testing

/// The host's own programs cannot be reached from a container (CVE-2019-5736).
@Suite("The host's programs cannot be overwritten", .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct HostProgramTests {
    private func digest(_ path: String) throws -> String { try expect(Command.run(["sha256sum", path])).output }

    /// The device and inode of the keeper's file, as a container would print it.
    private func identity(_ path: String) -> String {
        var info = stat()
        return stat(path, &info) == 0 ? "\(info.st_dev):\(info.st_ino)" : "none"
    }

    private func holds(
        _ options: [String], _ command: [String], _ check: (String) -> Void = { _ in }
    ) throws {
        let supervisor = try SupervisorUnderTest(ownPrograms: true)
        let attack = try AttackProgram("overwrite")
        let keeper = supervisor.programs + "/sereno-keeper"
        let before = try digest(keeper)
        let outcome = try supervisor.run("sereno", ["run", "--name", "box"] + options + attack.options + command)
        #expect(!outcome.output.contains("overwrote"), "\(outcome.output)\(outcome.error)")
        #expect(!outcome.output.contains(identity(keeper)), "\(outcome.output)")
        check(outcome.output)
        #expect(try digest(keeper) == before)
        #expect(try supervisor.sereno("ps", "-a").succeeded)
    }

    @Test("by a program that is the one it is started with")
    func ownProgram() throws {
        try holds(["--entrypoint", "/proc/self/exe"], ["busybox", "--", "/attack/overwrite", "/proc/self/exe"]) {
            #expect($0.isEmpty, "\($0)")
        }
    }

    @Test("by the init that --init puts in, whatever else is allowed", arguments: [[], ["--cap-add", "SYS_ADMIN"]])
    func initProgram(rights: [String]) throws {
        let remount = "mount -o remount,rw,bind /sbin/docker-init; /attack/overwrite /sbin/docker-init"
        try holds(rights + ["--init"], ["busybox", "sh", "-c", remount])
    }

    @Test("once the keeper that made the container is gone")
    func afterTheKeeper() throws {
        let supervisor = try SupervisorUnderTest(ownPrograms: true)
        let attack = try AttackProgram("overwrite")
        let keeper = supervisor.programs + "/sereno-keeper"
        let before = try digest(keeper)
        let go = try TemporaryDirectory("sereno-go")
        try expect(
            supervisor.run(
                "sereno",
                ["run", "-d", "--name", "box", "-v", go.path + ":/go", "--init"]
                    + attack.options + [
                        "busybox", "sh", "-c",
                        "echo started >/go/started; while [ ! -e /go/go ]; do sleep 0.05; done; "
                            + "/attack/overwrite >/go/out 2>&1; echo done >/go/done; sleep 1000",
                    ]))
        #expect(eventually { TestFiles.exists(go.child("started")) })
        let container = try supervisor.process(of: "box")
        kill(supervisor.keeperProcess, SIGKILL)
        #expect(eventually { supervisor.hasEnded })
        try TestFiles.write("", to: go.child("go"))
        #expect(eventually(timeout: 30) { TestFiles.exists(go.child("done")) })
        let out = try TestFiles.read(go.child("out"))
        #expect(out.contains("held /proc/1/exe"), "\(out)")
        #expect(!out.contains(identity(keeper)), "\(out)")
        #expect(try digest(keeper) == before)
        // Nobody is left to end it.
        kill(container, SIGKILL)
    }
}
