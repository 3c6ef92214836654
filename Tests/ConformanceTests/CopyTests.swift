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
}
