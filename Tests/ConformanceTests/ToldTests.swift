import Foundation
import TestSupport
import Testing

/// What ps, events, inspect and warnings tell is true, also when names have moved on and commands have taken their time.
@Suite("What is told of containers", .serialized)
struct ToldTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    private func events(_ arguments: String...) throws -> [String] {
        // Docker's client names the end in whole seconds.
        _ = eventually(timeout: 1.1) { false }
        let format = "{{.Action}} {{.Actor.ID}} {{.Actor.Attributes.name}} {{.Actor.Attributes.by}}"
        let ran = try expect(
            supervisor.run("docker", ["events", "--since", "5m", "--until", "0s", "--format", format] + arguments))
        return ran.output.split(separator: "\n").map(String.init)
    }

    @Test("ps shows the image's ID when its name has moved on, and ancestor goes by the image", arguments: Clients.all)
    func movedName(_ client: String) throws {
        let run = { (arguments: String...) in try expect(supervisor.run(client, arguments)).output }
        let (image, name) = ("moved/\(client):1", "moved-\(client)")
        let tar = supervisor.directory.child("busybox.tar")
        _ = try run("import", "-c", "LABEL of=\(client)", tar, image)
        let old = try run("images", "-q", image).prefix(12)
        _ = try run("create", "--network", "none", "--name", name, image, "true")
        let ps = { (filter: String) in try run("ps", "-a", "--format", "{{.Image}}", "-f", filter) }
        #expect(try ps("name=\(name)") == "\(image)\n")
        #expect(try ps("ancestor=\(image)") == "\(image)\n")
        _ = try run("tag", "busybox", image)
        #expect(try ps("name=\(name)") == "\(old)\n")
        #expect(try ps("ancestor=\(image)") == "")
        #expect(try ps("ancestor=\(old)") == "\(old)\n")
        #expect(try ps("ancestor=nosuch") == "")
    }

    @Test("the event untag carries the image's ID, and layers have no events")
    func untag() throws {
        let run = { (arguments: String...) in try expect(supervisor.run("docker", arguments)).output }
        let tar = supervisor.directory.child("busybox.tar")
        _ = try run("import", "-c", "LABEL of=untag", tar, "gone:1")
        let id = try run("images", "-q", "--no-trunc", "gone:1").trimmingCharacters(in: .whitespacesAndNewlines)
        _ = try run("rmi", "gone:1")
        let told = try events("--filter", "type=image").filter { !$0.hasPrefix("tag ") && !$0.hasPrefix("import ") }
        #expect(
            told.map { $0.split(separator: " ").prefix(3).joined(separator: " ") }
                == ["untag", "delete"].map { "\($0) \(id) \(id)" })
    }

    @Test("start and destroy name who asked for them, and an automatic start names nobody")
    func askers() throws {
        let run = { (arguments: String...) in try expect(supervisor.run("docker", arguments)).output }
        _ = try run(
            "run", "-d", "--network", "none", "--restart", "always", "--name", "asked", "busybox", "sleep", "60")
        let pid = try run("inspect", "-f", "{{.State.Pid}}", "asked").trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(kill(try #require(pid_t(pid)), SIGKILL) == 0)
        #expect(
            try eventually { try run("inspect", "-f", "{{.RestartCount}} {{.State.Status}}", "asked") == "1 running\n" }
        )
        _ = try run("restart", "-t", "0", "asked")
        _ = try run("rm", "-f", "asked")
        let told = try events("--filter", "container=asked").map { line in
            let words = line.split(separator: " ", maxSplits: 3)
            return (action: String(words[0]), by: words.count > 3 && words[3].contains("uid 0"))
        }
        #expect(told.filter { $0.action == "start" }.map(\.by) == [true, false, true])
        #expect(told.filter { $0.action == "restart" }.map(\.by) == [true])
        #expect(told.filter { $0.action == "destroy" }.map(\.by) == [true])
    }

    @Test("inspect keeps the paths of a stopped container's files, and names its sandbox and its layers")
    func paths() throws {
        let run = { (arguments: String...) in try expect(supervisor.run("docker", arguments)).output }
        let lower = { try run("inspect", "-f", "{{.GraphDriver.Data.LowerDir}}", "kept") }
        let files = "{{.LogPath}} {{.HostsPath}} {{.HostnamePath}} {{.ResolvConfPath}}"
        _ = try run("run", "-d", "--network", "none", "--name", "kept", "busybox", "sleep", "60")
        let before = try run("inspect", "-f", files, "kept")
        #expect(before.split(separator: " ").count == 4)
        let sandbox = try run("inspect", "-f", "{{.NetworkSettings.SandboxID}}", "kept")
        let id = try run("ps", "-q", "-f", "name=kept").prefix(12)
        #expect(sandbox.count == 65 && sandbox.hasPrefix(id))
        let standing = try lower()
        for directory in standing.dropLast().split(separator: ":") {
            #expect(FileManager.default.fileExists(atPath: String(directory)))
        }
        _ = try run("stop", "-t", "0", "kept")
        #expect(try run("inspect", "-f", files, "kept") == before)
        #expect(try lower() == standing && standing.contains("/layers/"))
        _ = try run("rm", "kept")
    }

    @Test("CgroupnsMode says which namespace a container has", arguments: Clients.all)
    func controlGroupNamespace(_ client: String) throws {
        let host = try Command.run(["readlink", "/proc/self/ns/cgroup"]).output
        for (arguments, mode) in [
            ([], "private"), (["--cgroupns", "host"], "host"), (["--cgroupns", "private"], "private"),
        ] {
            let name = "ns-\(client)"
            let command =
                ["run", "--name", name, "--network", "none"] + arguments + [
                    "busybox", "readlink", "/proc/self/ns/cgroup",
                ]
            let inside = try expect(supervisor.run(client, command)).output
            #expect((inside == host) == (mode == "host"))
            #expect(try supervisor.inspect(name, "{{.HostConfig.CgroupnsMode}}") == mode)
            try expect(supervisor.run(client, ["rm", name]))
        }
    }

    @Test("published ports on the host's network are said to be discarded", arguments: Clients.all)
    func publishedOnHost(_ client: String) throws {
        let ran = try expect(
            supervisor.run(
                client, ["create", "--name", "port-\(client)", "--network", "host", "-p", "8080:80", "busybox", "true"])
        )
        #expect(ran.error.contains("Published ports are discarded when using host network mode"))
        try expect(supervisor.run(client, ["rm", "port-\(client)"]))
    }

    @Test("the first start of an empty root is told as one, not as a recovery")
    func firstStart() {
        #expect(supervisor.log.contains("first start: there is nothing to recover"))
        #expect(!supervisor.log.contains("recovered"))
    }

    @Test("requests to a swarm are answered as by a dockerd that is in none")
    func noSwarm() throws {
        for arguments in [
            ["node", "ls"], ["service", "ls"], ["secret", "ls"], ["config", "ls"], ["service", "rm", "x"],
        ] {
            let ran = try supervisor.run("docker", arguments)
            #expect(
                ran.status.code == 1
                    && ran.error.contains("This node is not a swarm manager. Use \"docker swarm init\""))
        }
        #expect(try supervisor.run("docker", ["swarm", "leave"]).error.contains("This node is not part of a swarm"))
    }
}
