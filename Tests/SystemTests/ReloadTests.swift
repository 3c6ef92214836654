import Glibc
import Model
import TestSupport
import Testing

/// The engine is replaced on purpose, by one that comes up and by ones that do not.
@Suite("The engine is replaced", .serialized)
struct ReloadTests {
    private let supervisor: SupervisorUnderTest

    init() throws {
        supervisor = try SupervisorUnderTest(ownPrograms: true, keeperOptions: ["--ready-timeout", "3"])
    }

    /// Puts another program in the place of the engine's, as a package manager does: the file is another one.
    private func install(_ script: String) throws {
        let path = supervisor.programs + "/serenod"
        try TestFiles.write(script, to: path + ".new")
        chmod(path + ".new", 0o755)
        rename(path + ".new", path)
    }

    private func installGood() throws {
        let path = supervisor.programs + "/serenod"
        try expect(Command.run(["/bin/cp", BuiltProgram.path("serenod"), path + ".new"]))
        rename(path + ".new", path)
    }

    private func inode(_ path: String) -> UInt64 {
        var info = stat()
        return stat(path, &info) == 0 ? UInt64(info.st_ino) : 0
    }

    @Test("The program that is installed takes over, and the container does not notice")
    func replaced() throws {
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", "counter", "busybox", "sh", "-c",
                "i=0; while :; do i=$((i+1)); echo $i; sleep 0.01; done"))
        let process = try supervisor.process(of: "counter")
        let before = try #require(supervisor.engineProcess)
        try installGood()
        let done = try expect(supervisor.sereno("daemon", "reload"))
        let after = try #require(supervisor.engineProcess)
        #expect(done.output == "the new engine took over (process \(after))\n")
        #expect(after != before)
        #expect(inode("/proc/\(after)/exe") == inode(supervisor.programs + "/serenod"))
        let events = try supervisor.sereno(
            "events", "--since", "1m", "--until", "0s", "--format", "{{.Type}} {{.Action}} {{.Actor.Attributes.result}}"
        )
        #expect(events.output.contains("daemon reload replaced\n"))

        // HUP asks for the same.
        kill(supervisor.keeperProcess, SIGHUP)
        #expect(eventually(timeout: 30) { supervisor.engineProcess.map { $0 != after } ?? false })
        try supervisor.waitUntilReady()
        #expect(try supervisor.process(of: "counter") == process)
        try expect(supervisor.sereno("kill", "counter"))
        let numbers = try supervisor.sereno("logs", "counter").output.split(separator: "\n").map { Int($0) ?? -1 }
        #expect(numbers == Array(1...max(1, numbers.count)))
    }

    @Test("One that does not come up is rolled back, and the reason is told")
    func rolledBack() throws {
        try expect(supervisor.sereno("run", "-d", "--name", "sleeper", "busybox", "sleep", "1000"))
        let process = try supervisor.process(of: "sleeper")
        let good = inode("/proc/\(try #require(supervisor.engineProcess))/exe")

        let again = "; the engine before it was started again\n"
        try install("#!/bin/sh\nexit 3\n")
        let crashed = try supervisor.sereno("daemon", "reload")
        #expect(crashed.status.code == 1)
        #expect(crashed.error == "reload failed: the new engine exited with code 3 before it was ready" + again)

        try install("#!/bin/sh\nexec sleep 1000\n")
        let hung = try supervisor.sereno("daemon", "reload")
        #expect(hung.status.code == 1)
        #expect(hung.error == "reload failed: the new engine was not ready in time and was killed" + again)

        // execvp(3) has a shell read it.
        try install("no program at all")
        #expect(try supervisor.sereno("daemon", "reload").error.contains("exited with code 127 before it was ready"))

        // It runs the program that is no more at its path, and does so again after a crash.
        #expect(inode("/proc/\(try #require(supervisor.engineProcess))/exe") == good)
        try supervisor.killEngine()
        #expect(inode("/proc/\(try #require(supervisor.engineProcess))/exe") == good)
        #expect(try supervisor.process(of: "sleeper") == process)

        try installGood()
        try expect(supervisor.sereno("daemon", "reload"))
        #expect(inode("/proc/\(try #require(supervisor.engineProcess))/exe") != good)
        #expect(try supervisor.process(of: "sleeper") == process)
    }

    @Test("One that refuses the store is rolled back with its own words")
    func refused() throws {
        let path = supervisor.programs + "/serenod"
        try expect(Command.run(["/bin/cp", path, path + ".real"]))
        // As an engine of another version that does not know an option.
        try install("#!/bin/sh\nexec '\(path).real' --no-such-option\n")
        let unknown = try supervisor.sereno("daemon", "reload")
        #expect(unknown.status.code == 1)
        #expect(unknown.error.contains("exited with code 64 before it was ready"))
        // As one that finds the records in use.
        try install(
            "#!/bin/sh\nexec '\(path).real' --data-root /proc/self/nowhere --exec-root \(supervisor.programs)/run\n")
        let told = try supervisor.sereno("daemon", "reload")
        #expect(told.status.code == 1)
        #expect(
            told.error.contains("exited with code 78 before it was ready: mkdir /proc/self/nowhere"), "\(told.error)")
    }
}

/// An engine that runs and does not answer is as bad as one that is dead.
@Suite struct HungEngineTests {
    @Test("An engine that hangs is killed and started again by the keeper")
    func hung() throws {
        let supervisor = try SupervisorUnderTest(keeperOptions: ["--ping-interval", "1"])
        try expect(supervisor.sereno("run", "-d", "--name", "sleeper", "busybox", "sleep", "1000"))
        let process = try supervisor.process(of: "sleeper")
        let engine = try #require(supervisor.engineProcess)
        kill(engine, SIGSTOP)
        #expect(eventually(timeout: 60) { supervisor.engineProcess.map { $0 != engine } ?? false })
        try supervisor.waitUntilReady()
        #expect(supervisor.log.contains("the engine does not answer; killing it: process \(engine)"))
        #expect(try supervisor.process(of: "sleeper") == process)
    }

    @Test("A second supervisor on the same records is refused by name of the first")
    func twice() throws {
        let supervisor = try SupervisorUnderTest(image: false)
        let second = try BackgroundCommand([
            BuiltProgram.path("sereno-keeper"), "--engine", BuiltProgram.path("serenod"),
            "--data-root", supervisor.directory.child("data"), "--exec-root", supervisor.directory.child("run2"),
            "-H", "unix://" + supervisor.directory.child("sock2"),
        ])
        let ended = second.wait(timeout: 60)
        #expect(ended.status.code == 78)
        let engine = try #require(supervisor.engineProcess)
        #expect(
            ended.error.contains("another supervisor uses \(supervisor.directory.child("data")) (process \(engine))"))
    }
}
