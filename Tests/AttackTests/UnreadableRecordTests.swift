import Glibc
import TestSupport
import Testing

/// Something else than a record in the place of one: it costs its container or image, and never the supervisor.
@Suite(
    "What cannot be read keeps no supervisor from starting", .serialized,
    .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct UnreadableRecordTests {
    /// What is put in the place of a file.
    enum Obstacle: String, CaseIterable, Sendable {
        case directory, link, danglingLink, fifo, device, huge

        func put(at path: String) throws {
            try expect(Command.run(["rm", "-rf", path]))
            switch self {
            case .directory: try TestFiles.makeDirectories(path + "/inside")
            case .link: symlink("/etc/hostname", path)
            case .danglingLink: symlink("/nowhere/at/all", path)
            case .fifo: mkfifo(path, 0o600)
            // The endless zeros of a device.
            case .device: mknod(path, S_IFCHR | 0o600, 0x105)
            case .huge: try expect(Command.run(["truncate", "-s", "200G", path]))
            }
        }
    }

    @Test("Containers: each file of a record, and the directory itself", arguments: Obstacle.allCases)
    func containers(obstacle: Obstacle) throws {
        let supervisor = try SupervisorUnderTest()
        let files = ["spec.json", "state.json", "history.log", "health.json", "log", "state.json.new", ""]
        for (index, _) in files.enumerated() {
            try expect(
                supervisor.sereno(
                    "run", "-d", "--network", "none", "--name", "c\(index)", "--health-cmd", "true", "busybox", "sleep",
                    "1000"))
        }
        try expect(supervisor.sereno("run", "-d", "--network", "none", "--name", "good", "busybox", "sleep", "1000"))
        let folder = supervisor.directory.child("data") + "/containers/"
        let ids = try files.indices.map { try supervisor.inspect("c\($0)", "{{.Id}}") }
        kill(try #require(supervisor.engineProcess), SIGSTOP)
        for (id, file) in zip(ids, files) {
            // A container's own directory stays, for its processes.
            let path = folder + id + (file.isEmpty ? "" : "/" + file)
            if file.isEmpty { try expect(Command.run(["mv", path, supervisor.directory.child("gone")])) }
            try obstacle.put(at: path)
        }
        try obstacle.put(at: folder + "no-container")
        try supervisor.killEngine()
        try checkServes(supervisor)
        for name in ["spec.json", "history.log"] {
            #expect(supervisor.log.contains(name), "\(name) is not reported:\n\(supervisor.log.suffix(3000))")
        }
        #expect(supervisor.log.contains("no-container"))
        // The state that was lost can be written again, or tells why not.
        let stopped = try supervisor.sereno("stop", "-t", "0", "c1")
        #expect(stopped.succeeded || !stopped.error.isEmpty)
        try expect(supervisor.sereno("stop", "-t", "0", "c2"))
    }

    @Test("Images, their names, their layers and what stands beside them", arguments: Obstacle.allCases)
    func images(obstacle: Obstacle) throws {
        let supervisor = try SupervisorUnderTest()
        let root = supervisor.directory.child("data") + "/images"
        let tar = supervisor.directory.child("busybox.tar")
        try expect(supervisor.sereno("import", "--change", "CMD true", tar, "victim:latest"))
        let id = try expect(supervisor.sereno("images", "-q", "--no-trunc", "victim")).output.trimmingNewline
        try expect(supervisor.sereno("run", "-d", "--network", "none", "--name", "good", "busybox", "sleep", "1000"))
        try obstacle.put(at: "\(root)/images/sha256/\(id.dropFirst("sha256:".count)).json")
        try obstacle.put(at: root + "/images/sha256/" + String(repeating: "0", count: 64) + ".json")
        try obstacle.put(at: root + "/tmp/left")
        try obstacle.put(at: root + "/layers/l/short")
        try supervisor.killEngine()
        #expect(try supervisor.sereno("image", "inspect", "victim").status.code != 0)
        try expect(supervisor.sereno("image", "inspect", "busybox"))
        try checkServes(supervisor)
        try obstacle.put(at: root + "/repositories.json")
        for place in ["/tmp", "/layers/l", "/layers/mark"] { try obstacle.put(at: root + place) }
        try supervisor.killEngine()
        try checkServes(supervisor, hasNames: false)
        // The names are lost, the image is not, and can be named again.
        let left = try expect(supervisor.sereno("images", "-q", "-a")).output.split(separator: "\n")
        try expect(supervisor.sereno("tag", String(try #require(left.first)), "again:latest"))
    }

    @Test("The supervisor's own files", arguments: Obstacle.allCases)
    func ownFiles(obstacle: Obstacle) throws {
        let supervisor = try SupervisorUnderTest()
        let data = supervisor.directory.child("data")
        try expect(supervisor.sereno("run", "-d", "--network", "none", "--name", "good", "busybox", "sleep", "1000"))
        for file in ["supervisor.json", "lock", "fault-note", "supervisor.json.new"] {
            try obstacle.put(at: data + "/" + file)
        }
        try supervisor.killEngine()
        #expect(try supervisor.inspect("good", "{{.State.Running}}") == "true")
        // Twice, as the first has put others in their place.
        try supervisor.killEngine()
        #expect(try supervisor.inspect("good", "{{.State.Running}}") == "true")
    }

    @Test("The list of containers itself", arguments: [Obstacle.link, .danglingLink, .fifo, .huge])
    func list(obstacle: Obstacle) throws {
        let supervisor = try SupervisorUnderTest()
        let data = supervisor.directory.child("data")
        try expect(Command.run(["mv", data + "/containers", data + "/elsewhere"]))
        try obstacle.put(at: data + "/containers")
        try supervisor.killEngine()
        try expect(supervisor.sereno("create", "--network", "none", "--name", "new", "busybox", "true"))
        #expect(try supervisor.sereno("ps", "-a", "--format", "{{.Names}}").output == "new\n")
    }

    /// The good container runs on, a new one can be run, and what is not used is told in all three places.
    private func checkServes(_ supervisor: SupervisorUnderTest, hasNames: Bool = true) throws {
        #expect(try supervisor.inspect("good", "{{.State.Running}}") == "true")
        let new = try supervisor.sereno("run", "--rm", "--network", "none", "busybox", "echo", "served")
        #expect(hasNames ? new.output == "served\n" : new.error.contains("Unable to find image"), "\(new.error)")
        #expect(supervisor.log.contains("set aside"))
        let info = try expect(supervisor.sereno("info", "--format", "{{json .Warnings}}")).output
        #expect(info.contains("set aside"), "\(info)")
        let events = try expect(supervisor.sereno("events", "--since", "1h", "--until", "0s")).output
        #expect(events.contains("set_aside"), "\(events)")
    }
}
