import TestSupport
import Testing

/// Bad input gets Docker's text and changes nothing.
@Suite("Refusals", .serialized)
struct RefusalTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    /// Arguments after `create`, and a part of what the refusal says.
    private static let creations: [([String], String)] = [
        (["--name", "a", "busybox", "true"], "Invalid container name (a), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"),
        (["--name", "a b", "busybox", "true"], "Invalid container name (a b), only"),
        (["--name", "ab/c", "busybox", "true"], "Invalid container name (ab/c), only"),
        (["--name", "é", "busybox", "true"], "Invalid container name (é), only"),
        (["--restart", "on-failure:-1", "busybox", "true"], "maximum retry count cannot be negative"),
        (["--restart", "always:3", "busybox", "true"], "maximum retry count can only be used with 'on-failure'"),
        (["--restart", "unless-stopped:3", "busybox", "true"], "maximum retry count can only be used with"),
        (["--restart", "foo", "busybox", "true"], "unknown policy 'foo'"),
        (["--restart", "on-failure:x", "busybox", "true"], "maximum retry count must be an integer"),
        (["--rm", "--restart", "always", "busybox", "true"], "cannot specify both --restart and --rm"),
        (["--pull", "never", "nosuch:1", "true"], "No such image: nosuch:1"),
        (["busybox"], "no command specified"),
        (["--network", "backend", "busybox", "true"], "network backend not found"),
        (["--link", "a:b", "busybox", "true"], "links between containers are not built yet"),
        (["-w", "rel", "busybox", "true"], "the working directory 'rel' is invalid, it needs to be an absolute path"),
        (["--mount", "type=bind,src=/nosuch,dst=/x", "busybox", "true"], "bind source path does not exist: /nosuch"),
        (["-v", "/etc:rel", "busybox", "true"], "mount path must be absolute"),
        (["-v", "/etc:/a:foo", "busybox", "true"], "invalid mode: foo"),
        (["-v", "/etc:/", "busybox", "true"], "destination can't be '/'"),
        (["-m", "1m", "busybox", "true"], "Minimum memory limit allowed is 6MB"),
        (["--cpus", "100000", "busybox", "true"], "range of CPUs is from 0.01 to"),
        (["--cap-add", "FOO", "busybox", "true"], "unknown capability: \"CAP_FOO\""),
        (["--runtime", "nosuch", "busybox", "true"], "unknown or invalid runtime name: nosuch"),
        (["--log-driver", "nosuch", "busybox", "true"], "error looking up logging plugin nosuch"),
        (["--log-opt", "foo=bar", "busybox", "true"], "unknown log opt 'foo'"),
        (["--stop-signal", "FOO", "busybox", "true"], "invalid signal: FOO"),
        (["--oom-score-adj", "2000", "busybox", "true"], "range for oom score adj is [-1000, 1000]"),
        (["--pid", "container:nosuch", "busybox", "true"], "No such container: nosuch"),
        (["--ipc", "container:nosuch", "busybox", "true"], "No such container: nosuch"),
        (["--cpu-shares", "-1", "busybox", "true"], "invalid CPU shares (-1): value must be a positive integer"),
    ]

    @Test("create refuses with Docker's text and leaves no container", arguments: Clients.all)
    func creation(_ client: String) throws {
        for (arguments, text) in Self.creations {
            let made = try supervisor.run(client, ["create"] + arguments)
            // What the client finds by itself is 125, as with `run`; what the daemon refuses is 1.
            #expect(made.status.code == (made.error.contains("from daemon") ? 1 : 125), "\(arguments): \(made.error)")
            #expect(made.error.contains(text), "\(arguments): \(made.error)")
        }
        #expect(try supervisor.run(client, ["ps", "-aq"]).output == "")
    }

    @Test(
        "A missing or ended peer of the network namespace is told at the start, in Docker's words",
        arguments: Clients.all)
    func missingNetworkPeer(_ client: String) throws {
        try expect(
            supervisor.run(client, ["create", "--name", "alone", "--network", "container:later", "busybox", "true"]))
        let started = try supervisor.run(client, ["start", "alone"])
        #expect(
            started.error.contains("joining network namespace of container: No such container: later"),
            "\(started.error)")
        try expect(supervisor.run(client, ["run", "--name", "later", "--network", "none", "busybox", "true"]))
        #expect(
            try supervisor.run(client, ["start", "alone"]).error.contains(
                "cannot join network namespace of a non running container: container later is exited"))
        try expect(supervisor.run(client, ["rm", "alone", "later"]))
    }

    @Test("run tells a missing peer of the pid namespace in Docker's words", arguments: Clients.all)
    func missingPeer(_ client: String) throws {
        let ran = try supervisor.run(client, ["run", "--pid", "container:nosuch", "busybox", "true"])
        #expect(ran.status.code == 125)
        #expect(ran.error.contains("Error response from daemon: No such container: nosuch"))
        #expect(try supervisor.run(client, ["ps", "-aq"]).output == "")
    }

    @Test("attach and start -a refuse wrong detach keys, with a terminal and without", arguments: Clients.all)
    func detachKeys(_ client: String) throws {
        for option in ["-t", "-i"] {
            try expect(
                supervisor.run(client, ["create", option, "--name", "keys", "--network", "none", "busybox", "cat"]))
            for verb in [["attach", "--no-stdin"], ["start", "-a"]] {
                if verb[0] == "attach" { try expect(supervisor.run(client, ["start", "keys"])) }
                let refused = try supervisor.run(client, verb + ["--detach-keys", "ctrl-aa", "keys"])
                #expect(refused.status.code == 1)
                #expect(refused.error.contains("Invalid detach keys") || refused.error.contains("received 400"))
                try expect(supervisor.run(client, ["stop", "-t", "0", "keys"]))
            }
            try expect(supervisor.run(client, ["rm", "-f", "keys"]))
        }
    }

    @Test("docker build shows why it is refused, with 60 MB on their way")
    func build() throws {
        let context = try TemporaryDirectory("sereno-context")
        try TestFiles.write("FROM busybox\n", to: context.child("Dockerfile"))
        try expect(
            Command.run(["/bin/dd", "if=/dev/zero", "of=" + context.child("large"), "bs=1M", "count=60", "status=none"])
        )
        let refused = try Command.run([
            "/usr/bin/env", "DOCKER_BUILDKIT=0", try Clients.path(of: "docker"), "-H", supervisor.host, "build",
            context.path,
        ])
        #expect(refused.status.code == 1)
        #expect(refused.error.contains("building images is not built yet"), "\(refused.error)")
    }

    @Test("the same mount point twice is refused, the same -v twice is one", arguments: Clients.all)
    func mounts(_ client: String) throws {
        let twice = try supervisor.run(client, ["create", "-v", "/etc:/a", "-v", "/tmp:/a", "busybox", "true"])
        #expect(twice.error.contains("Duplicate mount point: /a"))
        try expect(supervisor.run(client, ["create", "-v", "/etc:/a", "-v", "/etc:/a", "busybox", "true"]))
    }

    @Test("update and rename refuse and change nothing", arguments: Clients.all)
    func changes(_ client: String) throws {
        let (name, other) = ("one-\(client)", "two-\(client)")
        for made in [name, other] {
            try expect(
                supervisor.run(client, ["create", "--restart", "on-failure:3", "--name", made, "busybox", "true"]))
        }
        for (arguments, text) in [
            (["update", "--restart", "always:3", name], "maximum retry count can only be used with 'on-failure'"),
            (["update", "--restart", "foo", name], "unknown policy 'foo'"),
            (["rename", name, "a b"], "Error when allocating new name: Invalid container name"),
            (["rename", name, other], "Error when allocating new name: Conflict. The container name \"/\(other)\""),
            (["rename", name, name], "Renaming a container with the same name as its current name"),
            (["kill", "nosuch"], "cannot kill container: nosuch: No such container: nosuch"),
            (["kill", name], "is not running"),
        ] {
            let ran = try supervisor.run(client, arguments)
            #expect(ran.status.code == 1 && ran.error.contains(text), "\(arguments): \(ran.error)")
        }
        #expect(try supervisor.inspect(name, "{{.HostConfig.RestartPolicy}} {{.Name}}") == "{on-failure 3} /\(name)")
        #expect(try supervisor.run(client, ["update", "--restart", "always", name]).output == "\(name)\n")
        #expect(try supervisor.inspect(name, "{{.HostConfig.RestartPolicy.Name}}") == "always")
    }

    @Test("filters outside the grammar are refused", arguments: Clients.all)
    func filters(_ client: String) throws {
        for filter in ["foo=bar", "status=foo", "exited=x", "health=foo", "before=nosuch"] {
            let ran = try supervisor.run(client, ["ps", "-a", "-f", filter])
            #expect(ran.status.code == 1 && ran.error.contains("Error response from daemon: "), "\(filter)")
        }
    }

    @Test("raw requests: malformed JSON, types, versions, paths and queries")
    func requests() throws {
        for (method, path, body, status, text) in [
            ("POST", "/v1.47/containers/create", "{\"Image\":", 400, "unexpected EOF"),
            ("POST", "/v1.47/containers/create", "{\"Image\":5}", 400, "cannot unmarshal number"),
            ("POST", "/v1.47/containers/create", "[]", 400, "cannot unmarshal array"),
            ("POST", "/v1.47/containers/create", "{}{}", 400, "unexpected content after JSON"),
            ("POST", "/v1.47/containers/create", "{}", 400, "config cannot be empty"),
            ("GET", "/v1.11/info", "", 400, "client version 1.11 is too old"),
            ("GET", "/v1.99/info", "", 400, "client version 1.99 is too new"),
            ("GET", "/v1.47/nosuch", "", 404, "page not found"),
            ("GET", "/v1.47/containers/json?filters=foo", "", 400, "invalid"),
            ("GET", "/v1.47/containers/json?limit=x", "", 400, "invalid syntax"),
            ("POST", "/v1.47/containers/nosuch/start", "", 404, "No such container: nosuch"),
            ("GET", "/v1.47/exec/nosuch/json", "", 404, "No such exec instance"),
            ("GET", "/_ping", "", 200, "OK"),
        ] as [(String, String, String, Int, String)] {
            let answer = try request(method, path, body)
            #expect(answer.status == status, "\(method) \(path) \(body): \(answer)")
            #expect(answer.text.contains(text), "\(method) \(path) \(body): \(answer)")
        }
    }

    @Test("an answer 304 has no body")
    func notModified() throws {
        try expect(supervisor.sereno("create", "--name", "idle", "busybox", "true"))
        let answer = try request("POST", "/v1.47/containers/idle/stop", "")
        #expect(answer.status == 304 && answer.text.isEmpty)
    }

    private func request(_ method: String, _ path: String, _ body: String) throws -> (status: Int, text: String) {
        var arguments = [
            "curl", "-s", "-m", "20", "-w", "\n%{http_code}", "-X", method, "--unix-socket",
            String(supervisor.host.dropFirst("unix://".count)), "http://d" + path,
        ]
        if !body.isEmpty { arguments += ["-H", "Content-Type: application/json", "-d", body] }
        let lines = try expect(Command.run(arguments)).output.split(separator: "\n", omittingEmptySubsequences: false)
        let text = lines.dropLast().joined(separator: "\n")
        return (lines.last.flatMap { Int($0) } ?? 0, text)
    }
}
