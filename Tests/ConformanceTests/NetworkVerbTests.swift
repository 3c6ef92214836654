import TestSupport
import Testing

/// Networks and volumes as the engine answers for them, and the platforms of images, by both clients.
@Suite("Networks, volumes and platforms", .serialized)
struct NetworkVerbTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    @Test("the networks that exist are listed and described", arguments: Clients.all)
    func networks(_ client: String) throws {
        let list = try expect(supervisor.run(client, ["network", "ls"])).output.split(separator: "\n")
        #expect(
            list.map { $0.split(separator: " ").dropFirst().joined(separator: " ") } == [
                "ID NAME DRIVER SCOPE", "host host local", "none null local",
            ])
        let id = try expect(supervisor.run(client, ["network", "ls", "-qf", "name=none", "--no-trunc"])).output
        #expect(id.count == 65)
        let template = "{{.Name}} {{.Driver}} {{.Scope}} {{len .Containers}}"
        let inspected = try supervisor.run(client, ["network", "inspect", "-f", template, "host", "nosuch"])
        #expect(inspected.output == "host host local 0\n")
        #expect(inspected.error.contains("Error response from daemon: network nosuch not found"))
        #expect(inspected.status.code == 1)
        let filtered = try supervisor.run(client, ["network", "ls", "-f", "foo=bar"])
        #expect(filtered.status.code == 1 && filtered.error.contains("invalid filter 'foo'"))
    }

    @Test("what is not built is refused by the engine's sentence", arguments: Clients.all)
    func notBuilt(_ client: String) throws {
        try expect(supervisor.run("sereno", ["create", "--name", "c-\(client)", "busybox", "true"]))
        for (arguments, text) in [
            (["network", "create", "net"], "networks other than none and host are not built yet"),
            (["network", "connect", "none", "c-\(client)"], "networks other than none and host are not built yet"),
            (["network", "disconnect", "none", "c-\(client)"], "networks other than none and host are not built yet"),
            (["volume", "create", "data"], "named volumes are not built yet"),
            (["volume", "inspect", "data"], "get data: no such volume"),
            (["volume", "rm", "data"], "get data: no such volume"),
            (["network", "rm", "host"], "host is a pre-defined network and cannot be removed"),
            (["network", "rm", "nosuch"], "network nosuch not found"),
        ] {
            let refused = try supervisor.run(client, arguments)
            #expect(refused.status.code == 1 && refused.error.contains(text), "\(arguments): \(refused.error)")
        }
        for arguments in [["network", "rm", "-f", "nosuch"], ["network", "prune", "-f"], ["volume", "ls", "-q"]] {
            let done = try expect(supervisor.run(client, arguments))
            #expect(done.output == "" && done.error == "", "\(arguments): \(done.output) \(done.error)")
        }
        #expect(try expect(supervisor.run(client, ["volume", "rm", "-f", "data"])).output == "data\n")
        #expect(try expect(supervisor.run(client, ["volume", "prune", "-f"])).output == "Total reclaimed space: 0B\n")
        #expect(try expect(supervisor.run(client, ["volume", "ls"])).output == "DRIVER    VOLUME NAME\n")
    }

    @Test("the host's platform is taken, by whatever name", arguments: Clients.all)
    func hostPlatform(_ client: String) throws {
        let architecture = try supervisor.inspect("busybox", "{{.Architecture}}")
        for platform in ["linux", architecture, "linux/\(architecture)", "Linux/\(architecture.uppercased())"] {
            let made = try supervisor.run(
                client, ["run", "--rm", "--network", "none", "--platform", platform, "busybox", "true"])
            #expect(made.succeeded, "\(platform): \(made.error)")
        }
        guard architecture == "amd64" else { return }
        for variant in ["v1", "v2", "v3"] {
            try expect(supervisor.run(client, ["create", "--platform", "linux/amd64/\(variant)", "busybox", "true"]))
        }
    }

    @Test("another platform is refused, and never run", arguments: Clients.all)
    func otherPlatforms(_ client: String) throws {
        let architecture = try supervisor.inspect("busybox", "{{.Architecture}}")
        let other = architecture == "arm64" ? "amd64" : "arm64"
        for platform in [other, "linux/\(other)", "windows/\(architecture)", "linux/riscv64", "linux/s390x"] {
            for verb in ["run", "create"] {
                let refused = try supervisor.run(
                    client, [verb, "--network", "none", "--pull", "never", "--platform", platform, "busybox", "true"])
                #expect(refused.status.code == (verb == "run" ? 125 : 1), "\(platform): \(refused.error)")
                #expect(
                    refused.error.contains(
                        "image with reference busybox was found but its platform (linux/\(architecture)) does not match the "
                            + "specified platform ("), "\(platform): \(refused.error)")
            }
        }
        for platform in ["a/b/c/d", "foo", "linux/*", "linux/am d"] {
            let refused = try supervisor.run(client, ["run", "--platform", platform, "busybox", "true"])
            #expect(refused.status.code == 125)
            #expect(refused.error.contains("error parsing specified platform: "), "\(platform): \(refused.error)")
            #expect(refused.error.contains("invalid argument"), "\(platform): \(refused.error)")
        }
        #expect(try supervisor.run(client, ["ps", "-aq"]).output == "")
    }

    @Test("an image that is made for another platform is not run, though its platform is named", arguments: Clients.all)
    func foreignImage(_ client: String) throws {
        let tar = supervisor.directory.child("busybox.tar")
        let architecture = try supervisor.inspect("busybox", "{{.Architecture}}")
        let other = architecture == "arm64" ? "amd64" : "arm64"
        try expect(supervisor.run(client, ["import", "--platform", "linux/\(other)", tar, "busybox:other"]))
        #expect(try supervisor.inspect("busybox:other", "{{.Os}}/{{.Architecture}}") == "linux/\(other)")
        let refused = try supervisor.run(client, ["create", "--platform", other, "busybox:other", "true"])
        #expect(refused.status.code == 1)
        #expect(
            refused.error.contains(
                "image with reference busybox:other was found but its platform (linux/\(other)) does not match the host platform "
                    + "(linux/\(architecture)), which emulates no other"))
        let wanted = try supervisor.run(
            client, ["create", "--pull", "never", "--platform", architecture, "busybox:other", "true"])
        #expect(wanted.error.contains("does not match the specified platform (linux/\(architecture))"))
        #expect(try supervisor.run(client, ["ps", "-aq"]).output == "")
    }

    @Test("run prints the ID of a container whose start is refused", arguments: Clients.all)
    func detached(_ client: String) throws {
        let ran = try supervisor.run(client, ["run", "-d", "--network", "none", "busybox", "/nosuch"])
        #expect(ran.status.code == 127)
        #expect(ran.output.count == 65)
        #expect(ran.error.contains("Error response from daemon: "))
    }
}
