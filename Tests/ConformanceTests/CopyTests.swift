import TestSupport
import Testing

/// `cp` and `diff`.
@Suite("Copying files", .serialized)
struct CopyTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    @Test("cp into and out of running and stopped containers, diff shows it", arguments: Clients.all)
    func roundTrip(_ client: String) throws {
        let source = supervisor.directory.child("file-\(client)")
        try TestFiles.write("content\n", to: source)
        for state in ["running", "stopped"] {
            let name = "\(state)-\(client)"
            let verb = state == "running" ? ["run", "-d"] : ["create"]
            try expect(
                supervisor.run(client, verb + ["--network", "none", "--name", name, "busybox", "sleep", "600"]))
            try expect(supervisor.run(client, ["cp", source, name + ":/root/copy"]))
            let back = source + "-back-" + state
            try expect(supervisor.run(client, ["cp", name + ":/root/copy", back]))
            #expect(try TestFiles.read(back) == "content\n")
            #expect(try supervisor.run(client, ["diff", name]).output.contains("A /root/copy\n"))
            for (arguments, text) in [
                ([name + ":/nosuch", "/tmp/"], "Could not find the file /nosuch in container \(name)"),
                ([source, name + ":/nosuch/dir/"], "no such directory"),
                (["/nosuch-\(client)", name + ":/root"], "no such file or directory"),
                (["/etc", name + ":/root/copy"], "cannot copy directory"),
                (["nosuch:/a", "/tmp"], "No such container: nosuch"),
                ([name + ":/a", name + ":/b"], "copying between containers is not supported"),
            ] {
                let ran = try supervisor.run(client, ["cp"] + arguments)
                #expect(ran.status.code == 1 && ran.error.contains(text), "\(state) \(arguments): \(ran.error)")
            }
        }
    }

    @Test("without a path a container takes what is in a directory, and no file", arguments: Clients.all)
    func noPath(_ client: String) throws {
        let name = "root-\(client)"
        let source = supervisor.directory.child(name)
        try TestFiles.makeDirectories(source)
        try TestFiles.write("content", to: source + "/inside")
        try expect(supervisor.run(client, ["create", "--network", "none", "--name", name, "busybox", "true"]))
        try expect(supervisor.run(client, ["cp", source, name + ":"]))
        try expect(supervisor.run(client, ["cp", name + ":/inside", source + "-back"]))
        #expect(try TestFiles.read(source + "-back") == "content")
        let refused = try supervisor.run(client, ["cp", source + "/inside", name + ":"])
        #expect(refused.status.code == 1 && refused.error.contains("no such directory"))
    }

    @Test("cp keeps the bytes of names both ways, and gives the content of /proc", arguments: Clients.all)
    func bytes(_ client: String) throws {
        let name = "bytes-\(client)"
        try expect(
            supervisor.run(client, ["run", "-d", "--network", "none", "--name", name, "busybox", "sleep", "600"]))
        let source = supervisor.directory.child(name)
        let names = ["e\u{301}", "\u{e9}", "\u{1112}\u{1161}\u{11ab}"]
        try TestFiles.makeDirectories(source)
        for file in names { try TestFiles.write(file, to: source + "/" + file) }
        try expect(supervisor.run(client, ["cp", source, name + ":/d"]))
        try expect(supervisor.run(client, ["cp", name + ":/d", source + "-back"]))
        for file in names {
            #expect(try TestFiles.read(source + "-back/" + file).utf8.elementsEqual(file.utf8))
            let inside = try supervisor.run(client, ["exec", name, "cat", "/d/" + file]).output
            #expect(inside.utf8.elementsEqual(file.utf8))
        }
        try expect(supervisor.run(client, ["cp", name + ":/proc/meminfo", source + "-meminfo"]))
        #expect(try TestFiles.read(source + "-meminfo").hasPrefix("MemTotal:"))
    }

    @Test("cp reaches what is bound into a stopped container, and respects what is read-only", arguments: Clients.all)
    func mounts(_ client: String) throws {
        let shared = supervisor.directory.child("shared-\(client)")
        let file = shared + "/file"
        try TestFiles.makeDirectories(shared)
        try TestFiles.write("shared\n", to: file)
        let name = "bound-\(client)"
        try expect(
            supervisor.run(
                client,
                [
                    "create", "--network", "none", "--name", name, "--read-only", "-v", shared + ":/rw", "-v",
                    shared + ":/ro:ro", "busybox", "true",
                ]))
        let back = shared + "-back"
        try expect(supervisor.run(client, ["cp", name + ":/ro/file", back]))
        #expect(try TestFiles.read(back) == "shared\n")
        try expect(supervisor.run(client, ["cp", back, name + ":/rw/copy"]))
        #expect(try TestFiles.read(shared + "/copy") == "shared\n")
        let locked = try supervisor.run(client, ["cp", back, name + ":/ro/copy2"])
        #expect(locked.error.contains("mounted volume is marked read-only"))
        let root = try supervisor.run(client, ["cp", back, name + ":/root/copy"])
        #expect(root.error.contains("container rootfs is marked read-only"))
        // Nothing of it is left mounted, and the container's own layer has only the places to mount at.
        #expect(!(try TestFiles.read("/proc/self/mountinfo")).contains(shared))
        #expect(!(try supervisor.run(client, ["diff", name]).output).contains("file"))
    }

    @Test("A path that is no text is found by its bytes, in a running container and in a stopped one")
    func pathsOfBytes() throws {
        try expect(
            supervisor.sereno(
                "run", "-d", "--network", "none", "--name", "odd", "busybox", "sh", "-c",
                "mkdir /$(printf 'd\\377'); echo inside >/$(printf 'd\\377')/f; exec sleep 600"))
        let archive = ["curl", "-sS", "-f", "--unix-socket", supervisor.directory.child("sock")]
        let address = "http://localhost/containers/odd/archive?path=/d%ff"
        let tar = supervisor.directory.child("odd.tar")
        try expect(Command.run(["tar", "-C", "/etc", "-cf", tar, "hostname"]))
        for state in ["running", "stopped"] {
            #expect(eventually { (try? Command.run(archive + ["-I", address]))?.succeeded ?? false }, "\(state)")
            let copy = try expect(Command.run(archive + [address + "/f"])).output
            #expect(copy.contains("inside"), "\(state)")
            try expect(Command.run(archive + ["-T", tar, address]))
            #expect(try expect(Command.run(archive + [address])).output.contains("hostname"), "\(state)")
            let missing = try Command.run(archive + [address + "%fe"])
            #expect(!missing.succeeded, "\(state)")
            try expect(supervisor.sereno("stop", "-t", "0", "odd"))
        }
    }

    @Test("cp -a gives what it copies to the container's user, running or not", arguments: Clients.all)
    func owners(_ client: String) throws {
        let source = supervisor.directory.child("owned-\(client)")
        try TestFiles.makeDirectories(source + "/sub")
        try TestFiles.write("content\n", to: source + "/sub/file")
        for (user, owner) in [("app", "1000:1000"), ("7:8", "7:8"), ("", "0:0")] {
            let name = "owned-\(client)-\(owner.first ?? "x")"
            try expect(
                supervisor.run(
                    client, ["create", "--network", "none", "--user", user, "--name", name, "busybox", "sleep", "600"]))
            try expect(supervisor.run(client, ["cp", "-a", source, name + ":/tmp/stopped"]))
            try expect(supervisor.run(client, ["start", name]))
            try expect(supervisor.run(client, ["cp", "-a", source, name + ":/tmp/running"]))
            try expect(supervisor.run(client, ["cp", source, name + ":/tmp/plain"]))
            for (place, wanted) in [("stopped", owner), ("running", owner), ("plain", "0:0")] {
                let told = try supervisor.run(client, ["exec", name, "stat", "-c", "%u:%g", "/tmp/\(place)/sub/file"])
                #expect(told.output == wanted + "\n", "\(user) \(place)")
            }
        }
    }

    @Test("a container can see that it is one, and no diff shows it")
    func mark() throws {
        let name = "marked"
        try expect(
            supervisor.sereno("run", "--network", "none", "--name", name, "busybox", "test", "-f", "/.dockerenv"))
        #expect(try supervisor.sereno("diff", name).output == "")
    }
}
