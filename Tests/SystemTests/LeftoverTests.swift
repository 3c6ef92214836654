import Glibc
import Linux
import TestSupport
import Testing

/// `scripts/test` fails a run that leaves something behind: that it finds all of it, and nothing of another run.
@Suite(
    "What a run of tests leaves behind is found", .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct LeftoverTests {
    private func leftovers(_ run: TemporaryDirectory) throws -> Command {
        try Command.run([GeneratedPage.root + "/scripts/test.d/leftovers", run.path, "0"])
    }

    /// The groups of a name, in each hierarchy.
    private func groups(_ name: String) throws -> [String] {
        Cgroup(layout: try CgroupLayout.detect(), name: name).directories.filter(TestFiles.exists)
    }

    @Test("Files, mounts, processes and control groups, each by name")
    func each() throws {
        let run = try TemporaryDirectory("sereno-run")
        let other = try TemporaryDirectory("sereno-run")
        #expect(try leftovers(run).succeeded)
        let marked = try BackgroundCommand(["/bin/sleep", "1000"], environment: ["SERENO_TEST_RUN=" + run.path])
        let busy = try BackgroundCommand(["/bin/sh", "-c", "exec 7>$0; exec sleep 1000", run.child("open")])
        let stays = try BackgroundCommand(["/bin/sh", "-c", "cd $0; exec sleep 1000", run.path + "/."])
        #expect(eventually { TestFiles.exists(run.child("open")) })
        try TestFiles.makeDirectories(run.child("place"))
        try expect(Command.run(["mount", "-t", "tmpfs", "left", run.child("place")]))
        let name = "sereno-left-" + String(UInt64.random(in: 0 ... .max), radix: 16)
        TestRun.note(group: name)
        let group = Cgroup(layout: try CgroupLayout.detect(), name: name)
        try group.create()
        defer { try? group.remove() }
        try TestFiles.write("some-other\n\(name)\n", to: run.child("groups"))
        let found = try leftovers(run)
        #expect(found.status.code == 1)
        let lines = Set(found.output.split(separator: "\n").map(String.init))
        for process in [marked, busy] {
            #expect(lines.contains { $0.hasPrefix("process \(process.processID): ") }, "\(found.output)")
        }
        #expect(lines.isSuperset(of: ["mount \(run.child("place"))", "file \(run.child("open"))"]), "\(found.output)")
        #expect(lines.contains("control group \(group.group): 0 processes"), "\(found.output)")
        #expect(try !groups(name).isEmpty)
        #expect(
            stays.poll() == nil && lines.contains { $0.hasPrefix("process \(stays.processID): ") }, "\(found.output)")
        // Nothing of it is another run's.
        let others = try leftovers(other)
        #expect(others.succeeded && others.output.isEmpty, "\(others.output)")
    }

    @Test("Containers that no engine knows any more go with the supervisor of their test", arguments: [false, true])
    func lostContainers(killed: Bool) throws {
        var supervisor: SupervisorUnderTest? = try SupervisorUnderTest()
        let id = try #require(try lose(supervisor, killed: killed))
        #expect(try !groups(id).isEmpty)
        supervisor = nil
        #expect(try groups(id) == [])
    }

    /// A running container whose record is gone, and whose keeper is killed should it be; its identity.
    private func lose(_ supervisor: SupervisorUnderTest?, killed: Bool) throws -> String? {
        guard let supervisor else { return nil }
        try expect(supervisor.sereno("run", "-d", "--network", "none", "--name", "lost", "busybox", "sleep", "1000"))
        let id = try supervisor.inspect("lost", "{{.Id}}")
        if killed {
            let engine = try #require(supervisor.engineProcess)
            kill(supervisor.keeperProcess, SIGKILL)
            kill(engine, SIGKILL)
        }
        let record = supervisor.directory.child("data") + "/containers/" + id
        try expect(Command.run(["mv", record, supervisor.directory.child("gone")]))
        if !killed { try supervisor.killEngine() }
        return id
    }
}
