import TestSupport
import Testing

/// import, load, save, tag, rmi and images.
@Suite("Images", .serialized)
struct ImageTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    @Test("tag, save, rmi, load bring the same image back", arguments: Clients.all)
    func roundTrip(_ client: String) throws {
        let run = { (arguments: String...) in try expect(supervisor.run(client, arguments)).output }
        let image = "try/\(client):v1"
        let file = supervisor.directory.child("save-\(client).tar")
        try expect(supervisor.run(client, ["tag", "busybox", image]))
        let before = try run("images", "-q", "--no-trunc", image)
        #expect(try run("images", "--format", "{{.Repository}}:{{.Tag}}", "-f", "reference=try/*").contains(image))
        try expect(supervisor.run(client, ["save", "-o", file, image]))
        #expect(try run("rmi", image).contains("Untagged: \(image)"))
        #expect(try run("load", "-i", file) == "Loaded image: \(image)\n")
        #expect(try run("images", "-q", "--no-trunc", image) == before)
        #expect(try run("run", "--rm", "--network", "none", image, "echo", "hi") == "hi\n")
        try expect(supervisor.run(client, ["rmi", image]))
    }

    @Test("an image in use is kept; -f takes its name away", arguments: Clients.all)
    func inUse(_ client: String) throws {
        let tar = supervisor.directory.child("busybox.tar")
        let image = "used/\(client):v1"
        let change = "CMD [\"echo\",\"\(client)\"]"
        try expect(supervisor.run(client, ["import", "-c", change, "-m", "a message", tar, image]))
        let name = "user-\(client)"
        #expect(
            try supervisor.run(client, ["run", "--network", "none", "--name", name, image]).output == "\(client)\n")
        let refused = try supervisor.run(client, ["rmi", image])
        #expect(refused.status.code == 1)
        #expect(refused.error.contains("conflict: unable to remove repository reference \"\(image)\" (must force)"))
        try expect(supervisor.run(client, ["rm", name]))
        try expect(supervisor.run(client, ["rmi", image]))
        #expect(try supervisor.run(client, ["rmi", image]).error.contains("No such image: \(image)"))
    }

    @Test("damaged archives and unknown images are refused and leave nothing", arguments: Clients.all)
    func damaged(_ client: String) throws {
        let before = try supervisor.run(client, ["images", "-aq"]).output
        let cut = supervisor.directory.child("cut-\(client).tar")
        try expect(
            Command.run(["sh", "-c", "head -c 700000 \(supervisor.directory.child("busybox.tar")) > \(cut)"]))
        for (arguments, text) in [
            // The client ends in the middle of its request.
            (["import", supervisor.directory.path, "cut"], "is a directory"),
            (["import", cut, "cut"], "unexpected EOF"), (["load", "-i", cut], "unexpected EOF"),
            (["import", "/etc/passwd", "cut"], "Error processing tar file"),
            (["load", "-i", "/etc/passwd"], "tar file"),
            (["load", "-i", "/nosuch"], "no such file or directory"), (["save", "nosuch"], "No such image: nosuch"),
            (["tag", "nosuch", "a"], "No such image: nosuch:latest"), (["tag", "busybox", "A"], "must be lowercase"),
            (["rmi", "nosuch"], "No such image: nosuch:latest"), (["images", "-f", "foo=bar"], "invalid filter 'foo'"),
            (["image", "inspect", "nosuch"], "No such image: nosuch"),
            (["import", "-c", "FOO bar", cut, "cut"], "not a valid change command"),
        ] {
            let ran = try supervisor.run(client, arguments)
            #expect(ran.status.code == 1, "\(arguments)")
            #expect(ran.error.contains(text), "\(arguments): \(ran.error)")
        }
        #expect(try supervisor.run(client, ["images", "-aq"]).output == before)
    }
}
