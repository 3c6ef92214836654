import Glibc
import TestSupport
import Testing

/// The second wall: a container over which engines end by a fault costs two of them, and then itself. The fault comes from a
/// library that is put before the engine's C library; nothing of it is in the engine.
@Suite(
    "A container that ends engines is set aside", .serialized,
    .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct EndlessRecoveryTests {
    /// A supervisor whose engine ends by a fault whenever it opens a file whose path holds the words of the file `trap`.
    private func supervisor() throws -> SupervisorUnderTest {
        try SupervisorUnderTest { directory in
            let library = directory.child("trap.so")
            let here = "\(#filePath)".split(separator: "/").dropLast().joined(separator: "/")
            try expect(
                Command.run(
                    [
                        "gcc", "-std=gnu11", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library,
                        "-DTRAP=\"\(directory.child("trap"))\"", "/" + here + "/Programs/trap_at_open.c", "-ldl",
                    ], timeout: 120))
            return ["/usr/bin/env", "LD_PRELOAD=" + library]
        }
    }

    private func engines(_ supervisor: SupervisorUnderTest) -> Int {
        supervisor.log.split(separator: "\n").count { $0.contains("recovered") && $0.contains("after") }
    }

    @Test(
        "Two engines end, the third serves everybody else",
        arguments: ["/spec.json", "/health.json", "/log/container.log"])
    func isSetAside(file: String) throws {
        let supervisor = try supervisor()
        for name in ["bad", "good"] {
            try expect(
                supervisor.sereno(
                    "run", "-d", "--network", "none", "--restart", "always", "--name", name, "--health-cmd", "true",
                    "busybox", "sh", "-c", "echo begun; sleep 1000"))
        }
        let id = try supervisor.inspect("bad", "{{.Id}}")
        let process = try supervisor.process(of: "bad")
        try TestFiles.write(id + file, to: supervisor.directory.child("trap"))
        try supervisor.killEngine()
        #expect(try supervisor.inspect("good", "{{.State.Running}}") == "true")
        try expect(supervisor.sereno("run", "--rm", "--network", "none", "busybox", "true"))
        #expect(try supervisor.sereno("inspect", "bad").status.code != 0)
        // Neither killed nor lost.
        #expect(kill(process, 0) == 0)
        #expect(supervisor.log.contains("two engines in a row"), "\(supervisor.log.suffix(2000))")
        #expect(try expect(supervisor.sereno("info", "--format", "{{json .Warnings}}")).output.contains(id.prefix(12)))
        #expect(
            try expect(supervisor.sereno("events", "--since", "1h", "--until", "0s")).output.contains("set_aside"))
        // Not looked into by the next one either, and given back when the mark is gone.
        let before = engines(supervisor)
        try supervisor.killEngine()
        #expect(engines(supervisor) == before + 1)
        unlink(supervisor.directory.child("trap"))
        try expect(Command.run(["rm", supervisor.directory.child("data") + "/containers/\(id)/set-aside"]))
        try supervisor.killEngine()
        #expect(try supervisor.process(of: "bad") == process)
        try expect(supervisor.sereno("rm", "-f", "bad"))
        #expect(kill(process, 0) != 0)
    }

    @Test("An engine that is killed from outside, however often, accuses no container")
    func killsAccuseNobody() throws {
        let supervisor = try SupervisorUnderTest()
        for name in ["one", "two"] {
            try expect(
                supervisor.sereno(
                    "run", "-d", "--network", "none", "--name", name, "--health-cmd", "true", "busybox", "sleep", "1000"
                ))
        }
        for delay in 0..<12 {
            if let engine = supervisor.engineProcess { kill(engine, SIGKILL) }
            usleep(useconds_t(delay * 4000))
        }
        try supervisor.waitUntilReady()
        #expect(try supervisor.inspect("one", "{{.State.Running}}") == "true")
        #expect(try supervisor.inspect("two", "{{.State.Running}}") == "true")
        #expect(!supervisor.log.contains("set aside"))
    }
}
