import Glibc
import TestSupport
import Testing

/// Records whose reading the kernel refuses, as a broken disk does: it costs their containers, and never the supervisor.
@Suite(
    "A record that fails to be read keeps no supervisor from starting", .serialized,
    .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct FailingRecordTests {
    /// What is mounted over a record, in a mount namespace of the supervisor's own.
    enum Fault: String, CaseIterable, Sendable {
        /// The memory of a process, which has nothing at address zero: read(2) fails with EIO.
        case input
        /// A file that is there to be written: open(2) fails with EACCES, for root as well.
        case access

        func file(_ helper: Int32) -> String {
            switch self {
            case .input: "/proc/\(helper)/mem"
            case .access: "/proc/sys/net/ipv4/route/flush"
            }
        }

        var reason: String {
            switch self {
            case .input: "input/output error"
            case .access: "permission denied"
            }
        }
    }

    /// Mounts the fault over files, for the next engine.
    private func put(
        _ fault: Fault, over files: [String], _ supervisor: SupervisorUnderTest, _ helper: BackgroundCommand
    ) throws {
        let file = fault.file(helper.processID)
        let read = try Command.run(["/bin/cat", file])
        #expect(read.error.lowercased().contains(fault.reason), "\(read.error)")
        for process in [supervisor.keeperProcess, try #require(supervisor.engineProcess)] {
            for path in files {
                _ = try Command.run([
                    "/usr/bin/nsenter", "--target", "\(process)", "--mount", "mount", "--bind", file, path,
                ])
            }
        }
    }

    private func supervisor() throws -> SupervisorUnderTest {
        try SupervisorUnderTest { _ in ["/usr/bin/unshare", "--mount"] }
    }

    @Test("Each file of a container's record", arguments: Fault.allCases)
    func containers(fault: Fault) throws {
        let supervisor = try supervisor()
        let helper = try BackgroundCommand(["/bin/sleep", "1000"])
        defer { helper.signal(SIGKILL) }
        let files = ["spec.json", "state.json", "history.log", "health.json"]
        for name in files.indices.map({ "c\($0)" }) + ["good"] {
            try expect(
                supervisor.sereno(
                    "run", "-d", "--network", "none", "--name", name, "--health-cmd", "true", "busybox", "sleep", "1000"
                ))
        }
        let folder = supervisor.directory.child("data") + "/containers/"
        let paths = try files.enumerated().map { try "\(folder)\(supervisor.inspect("c\($0)", "{{.Id}}"))/\($1)" }
        #expect(eventually { paths.allSatisfy(TestFiles.exists) })
        let processes = try files.indices.map { try supervisor.process(of: "c\($0)") }
        try put(fault, over: paths, supervisor, helper)
        try supervisor.killEngine()
        #expect(try supervisor.inspect("good", "{{.State.Running}}") == "true")
        let new = try expect(supervisor.sereno("run", "--rm", "--network", "none", "busybox", "echo", "served"))
        #expect(new.output == "served\n")
        // Nobody is ended for what the disk does.
        for process in processes { #expect(kill(process, 0) == 0) }
        #expect(supervisor.log.contains(fault.reason), "\(supervisor.log.suffix(3000))")
        let info = try expect(supervisor.sereno("info", "--format", "{{json .Warnings}}")).output
        let events = try expect(supervisor.sereno("events", "--since", "1h", "--until", "0s")).output
        #expect(info.contains("set aside"), "\(info)")
        #expect(events.contains("set_aside"), "\(events)")
        // What is known of the others is enough to stop and remove them, or they say why not.
        for index in files.indices {
            let removed = try supervisor.sereno("rm", "-f", "c\(index)")
            #expect(removed.succeeded || !removed.error.isEmpty, "\(index): \(removed.error)")
        }
        for process in processes where kill(process, 0) == 0 { kill(process, SIGKILL) }
    }

    @Test("An image, the images' names and the supervisor's mark", arguments: Fault.allCases)
    func images(fault: Fault) throws {
        let supervisor = try supervisor()
        let helper = try BackgroundCommand(["/bin/sleep", "1000"])
        defer { helper.signal(SIGKILL) }
        let data = supervisor.directory.child("data")
        let tar = supervisor.directory.child("busybox.tar")
        try expect(supervisor.sereno("import", "--change", "CMD true", tar, "victim:latest"))
        let id = try expect(supervisor.sereno("images", "-q", "--no-trunc", "victim")).output.trimmingNewline
        try expect(supervisor.sereno("run", "-d", "--network", "none", "--name", "good", "busybox", "sleep", "1000"))
        let paths = [
            "\(data)/images/images/sha256/\(id.dropFirst("sha256:".count)).json", data + "/images/repositories.json",
            data + "/supervisor.json",
        ]
        #expect(paths.allSatisfy(TestFiles.exists), "\(paths)")
        try put(fault, over: paths, supervisor, helper)
        try supervisor.killEngine()
        #expect(try supervisor.inspect("good", "{{.State.Running}}") == "true")
        try expect(supervisor.sereno("exec", "good", "true"))
        try expect(supervisor.sereno("info"))
        #expect(supervisor.log.contains(fault.reason), "\(supervisor.log.suffix(3000))")
    }
}
