import Glibc
import TestSupport
import Testing

/// Where the host's mounts are shared, what is mounted for containers is mounted in the engine's own namespace.
@Suite("Mounts of containers")
struct MountTests {
    /// A supervisor on a host whose mounts are shared, or are not, whatever they are here.
    private func supervisor(_ propagation: String) throws -> SupervisorUnderTest {
        try SupervisorUnderTest(inside: { _ in ["unshare", "--mount", "--propagation", propagation] })
    }

    /// The file systems and network namespaces of a container that a process sees mounted.
    private func mounts(of process: Int32?, _ id: String) throws -> Int {
        try TestFiles.read("/proc/\(process ?? 0)/mountinfo").split(separator: "\n").count { $0.contains(id) }
    }

    @Test("The host does not see them, the next engine finds them, and none is left", arguments: ["native", "runc"])
    func ownNamespace(runtime: String) throws {
        let supervisor = try supervisor("shared")
        let id = try expect(
            supervisor.sereno(
                "run", "-d", "--runtime", runtime, "--name", "box", "busybox", "sh", "-c",
                "echo kept >/file; while :; do sleep 0.05; done")
        ).output.trimmingNewline
        #expect(try mounts(of: supervisor.engineProcess, id) == 2)
        #expect(try mounts(of: supervisor.keeperProcess, id) == 0)
        for _ in 0..<2 {
            try supervisor.killEngine()
            #expect(try mounts(of: supervisor.engineProcess, id) == 2)
            #expect(try expect(supervisor.sereno("exec", "box", "cat", "/file")).output == "kept\n")
            try expect(supervisor.sereno("restart", "-t", "0", "box"))
            #expect(try expect(supervisor.sereno("diff", "box")).output.contains("A /file"))
            #expect(try mounts(of: supervisor.engineProcess, id) == 2)
            #expect(try mounts(of: supervisor.keeperProcess, id) == 0)
        }
        try expect(supervisor.sereno("stop", "-t", "0", "box"))
        try expect(supervisor.sereno("cp", "box:/file", "-"))
        try expect(supervisor.sereno("rm", "box"))
        #expect(try eventually { try mounts(of: supervisor.engineProcess, id) == 0 })
    }

    @Test(
        "What is mounted below a read-only bind is read-only too, unless the client says else",
        .enabled(if: Clients.hasDocker), arguments: ["native", "runc"])
    func belowReadOnly(runtime: String) throws {
        let supervisor = try supervisor("private")
        let directory = try TemporaryDirectory()
        try TestFiles.makeDirectories(directory.child("below"))
        try expect(
            Command.run([
                "nsenter", "--mount", "--target", "\(supervisor.keeperProcess)", "mount", "-t", "tmpfs", "tmpfs",
                directory.child("below"),
            ]))
        for (word, isWritable) in [
            ("enabled", false), ("readonly,bind-propagation=rprivate", false), ("writable", true),
        ] {
            let ran = try supervisor.docker(
                "run", "--rm", "--runtime", runtime, "--network", "none", "--mount",
                "type=bind,src=\(directory.path),dst=/data,readonly,bind-recursive=\(word)", "busybox", "sh", "-c",
                "touch /data/x || echo refused; touch /data/below/x && echo written")
            #expect(ran.output == "refused\n" + (isWritable ? "written\n" : ""), "\(word): \(ran.error)")
        }
    }

    @Test("What the host mounts and unmounts later counts, shared or not", arguments: ["shared", "private"])
    func followsTheHost(propagation: String) throws {
        let supervisor = try supervisor(propagation)
        let directory = try TemporaryDirectory()
        let host = ["nsenter", "--mount", "--target", "\(supervisor.keeperProcess)"]
        try expect(Command.run(host + ["mount", "-t", "tmpfs", "tmpfs", directory.path]))
        try expect(Command.run(host + ["sh", "-c", "echo later >\(directory.child("file"))"]))
        for options in [["run", "--rm"], ["run", "--name", "stays"]] {
            let read = try supervisor.run(
                "sereno",
                options + ["--network", "none", "-v", directory.path + ":/data", "busybox", "cat", "/data/file"])
            #expect(read.output == "later\n", "\(read.error)")
        }
        // Also where the engine itself looks, into the file system of a stopped container.
        #expect(try expect(supervisor.sereno("cp", "stays:/data/file", "-")).output.contains("later"))
        try expect(Command.run(host + ["umount", directory.path]))
        #expect(try mounts(of: supervisor.engineProcess, directory.path) == 0)
        let id = try expect(supervisor.sereno("run", "-d", "busybox", "sleep", "1000")).output.trimmingNewline
        #expect(try mounts(of: supervisor.keeperProcess, id) == (propagation == "shared" ? 0 : 2))
    }
}
