import Foundation
import TestSupport
import Testing

@Suite("Refusals have Docker's texts and codes", .timeLimit(.minutes(2)))
struct RefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var words: [String]
        var code: Int32
        var error: String
        var testDescription: String { words.joined(separator: " ") }
    }

    static func usage(_ verb: String, _ arguments: String = "[OPTIONS] IMAGE [COMMAND] [ARG...]") -> String {
        "\n\nUsage:  sereno \(verb) \(arguments)\n\nRun 'sereno \(verb) --help' for more information\n"
    }
    static let hint = "\n\nRun 'sereno run --help' for more information\n"

    @Test(
        "before anything is sent",
        arguments: [
            Case(words: ["run", "--bogus", "x"], code: 125, error: "unknown flag: --bogus" + usage("run")),
            Case(words: ["run", "-Z", "x"], code: 125, error: "unknown shorthand flag: 'Z' in -Z" + usage("run")),
            Case(words: ["run", "--name"], code: 125, error: "flag needs an argument: --name" + usage("run")),
            Case(words: ["run", "-ite"], code: 125, error: "flag needs an argument: 'e' in -e" + usage("run")),
            Case(
                words: ["run", "--rm=foo", "x"], code: 125,
                error: "invalid argument \"foo\" for \"--rm\" flag: strconv.ParseBool: parsing \"foo\": invalid syntax"
                    + usage("run")),
            Case(
                words: ["create", "--memory=abc", "x"], code: 125,
                error: "invalid argument \"abc\" for \"-m, --memory\" flag: invalid size: 'abc'" + usage("create")),
            Case(
                words: ["run", "--restart=on-failure:x", "x"], code: 125,
                error: "sereno: invalid restart policy format: maximum retry count must be an integer" + hint),
            Case(
                words: ["run", "--restart=:3", "x"], code: 125,
                error: "sereno: invalid restart policy format: no policy provided before colon" + hint),
            Case(
                words: ["run", "--restart=always", "--rm", "x"], code: 125,
                error: "sereno: conflicting options: cannot specify both --restart and --rm" + hint),
            Case(
                words: ["run", "-d", "-a", "stdout", "x"], code: 1,
                error: "conflicting options: cannot specify both --attach and --detach\n"),
            Case(
                words: ["run", "-e", "=x", "x"], code: 125,
                error: "invalid argument \"=x\" for \"-e, --env\" flag: invalid environment variable: =x" + usage("run")
            ),
            Case(words: ["run", "-it", "x"], code: 1, error: "the input device is not a TTY\n"),
            Case(words: ["run", "-p", "abc", "x"], code: 125, error: "sereno: invalid containerPort: abc" + hint),
            Case(words: ["run", "--pid", "foo", "x"], code: 125, error: "sereno: --pid: invalid PID mode" + hint),
            Case(
                words: ["start", "-a", "x", "y"], code: 1,
                error: "you cannot start and attach multiple containers at once\n"),
            Case(
                words: ["rm"], code: 1,
                error:
                    "sereno: 'sereno rm' requires at least 1 argument\n\nUsage:  sereno rm [OPTIONS] CONTAINER [CONTAINER...]"
                    + "\n\nSee 'sereno rm --help' for more information\n"),
            Case(
                words: ["bogus"], code: 1,
                error: "sereno: unknown command: sereno bogus\n\nRun 'sereno --help' for more information\n"),
            Case(words: ["cp", "a", "b"], code: 1, error: "must specify at least one container source\n"),
            Case(
                words: ["update", "x"], code: 1, error: "you must provide one or more flags when using this command\n"),
        ])
    func early(_ test: Case) throws {
        let bench = try Bench()
        let engine = FakeEngine(at: bench.socket) { $0.answer(500, "{\"message\":\"asked\"}") }
        defer { engine.stop() }
        let result = try BackgroundCommand(try bench.words(test.words)).wait()
        #expect(result.status.code == test.code)
        #expect(result.error == test.error)
        #expect(result.output == "")
        #expect(engine.requests.isEmpty)
    }

    @Test("no engine: 1, for run 125", arguments: [["wait", "x"], ["start", "-a", "x"], ["run", "x"]])
    func noEngine(words: [String]) throws {
        let bench = try Bench()
        let result = try BackgroundCommand(try bench.words(words)).wait()
        let text = "Cannot connect to the sereno daemon at unix://\(bench.socket). Is the daemon running?"
        #expect(result.status.code == (words[0] == "run" ? 125 : 1))
        #expect(result.error == (words[0] == "run" ? "sereno: \(text)" + RefusalTests.hint : text + "\n"))
    }

    @Test(
        "a start that is refused gives 127, 126 or 125 by its words",
        arguments: [
            ("exec: \"x\": executable file not found in $PATH", Int32(127)),
            ("stat /x: no such file or directory", 127),
            ("exec: \"/etc\": permission denied", 126), ("exec: \"/etc\": is a directory", 126),
            ("something else", 125),
        ])
    func startRefused(message: String, code: Int32) throws {
        let bench = try Bench()
        let container = FakeContainer()
        let quoted = message.replacingOccurrences(of: "\"", with: "\\\"")
        let engine = FakeEngine(at: bench.socket) { exchange in
            guard exchange.path.hasSuffix("/start") else { return container.answer(exchange) }
            exchange.answer(500, "{\"message\":\"\(quoted)\"}")
        }
        defer { engine.stop() }
        let result = try bench.run("run", "img")
        #expect(result.status.code == code)
        #expect(result.error == "sereno: Error response from daemon: \(message)" + RefusalTests.hint)
        container.end(0)
    }

    @Test("a missing image is pulled, and the pull's error is told")
    func missingImage() throws {
        let bench = try Bench()
        let engine = FakeEngine(at: bench.socket) { exchange in
            exchange.answer(
                exchange.path == "/images/create" ? 501 : 404,
                exchange.path == "/images/create"
                    ? "{\"message\":\"no registries\"}" : "{\"message\":\"No such image\"}")
        }
        defer { engine.stop() }
        let result = try bench.run("run", "nosuch", "true")
        #expect(result.status.code == 125)
        #expect(
            result.error
                == "Unable to find image 'nosuch:latest' locally\nsereno: Error response from daemon: no registries"
                + RefusalTests.hint)
        #expect(engine.requests == ["POST /containers/create", "POST /images/create?fromImage=nosuch&tag=latest"])
    }

    @Test("what create is refused is told as it is, with code 1; a wrong command line has the hint and 125")
    func createForm() throws {
        let bench = try Bench()
        let engine = FakeEngine(at: bench.socket) { $0.answer(409, "{\"message\":\"Conflict.\"}") }
        defer { engine.stop() }
        let refused = try bench.run("create", "--name", "x", "img")
        #expect(refused.status.code == 1)
        #expect(refused.error == "Error response from daemon: Conflict.\n")
        let file = bench.directory.child("cid")
        try TestFiles.write("", to: file)
        let early = try bench.run("create", "--cidfile", file, "img")
        #expect(early.status.code == 1)
        #expect(
            early.error == "container ID file found, make sure the other container isn't running or delete \(file)\n")
        let name = try bench.run("create", "Img")
        #expect(name.status.code == 1)
        #expect(name.error.hasPrefix("invalid reference format: repository name (library/Img) must be lowercase\n"))
        let line = try bench.run("create", "--pid", "x", "img")
        #expect(line.status.code == 125)
        #expect(line.error == "sereno: --pid: invalid PID mode\n\nRun 'sereno create --help' for more information\n")
    }

    @Test("run -d prints the ID before the error of a start that is refused", arguments: [["-d"], ["-d", "--rm"]])
    func detachedStartRefused(options: [String]) throws {
        let bench = try Bench()
        let container = FakeContainer()
        let engine = FakeEngine(at: bench.socket) { exchange in
            guard exchange.path.hasSuffix("/start") else { return container.answer(exchange) }
            exchange.answer(500, "{\"message\":\"no\"}")
            container.end(0)
        }
        defer { engine.stop() }
        let result = try BackgroundCommand(try bench.words(["run"] + options + ["img"])).wait()
        #expect(result.status.code == 125)
        #expect(result.output == FakeContainer.id + "\n")
        #expect(result.error == "sereno: Error response from daemon: no" + RefusalTests.hint)
        #expect(engine.requests.contains { $0.hasSuffix("/wait?condition=removed") } == options.contains("--rm"))
    }

    @Test("a platform is asked of the engine, and one that is none is refused before", arguments: ["run", "create"])
    func platform(verb: String) throws {
        let bench = try Bench()
        let refusal = "image with reference img was found but its platform (linux/amd64) does not match"
        let engine = FakeEngine(at: bench.socket) { exchange in
            if exchange.path == "/images/create" { return exchange.answer(501, "{\"message\":\"no registries\"}") }
            exchange.answer(404, "{\"message\":\"\(refusal)\"}")
        }
        defer { engine.stop() }
        let result = try bench.run(verb, "--platform", "Linux/aarch64", "img")
        #expect(result.status.code == (verb == "run" ? 125 : 1))
        #expect(result.error.contains("Error response from daemon: \(refusal)"))
        #expect(!result.error.contains("no registries"))
        #expect(engine.requests.first == "POST /containers/create?platform=linux%2Farm64")
        let count = engine.requests.count
        let wrong = try bench.run(verb, "--platform", "a/b/c/d", "img")
        #expect(wrong.status.code == (verb == "run" ? 125 : 1))
        #expect(
            wrong.error.contains(
                "error parsing specified platform: \"a/b/c/d\": cannot parse platform specifier: invalid argument"))
        #expect(engine.requests.count == count)
    }

    @Test(
        "a redirection is an error: nothing was done",
        arguments: [["stop", "/x"], ["inspect", "--type", "image", "/x"]])
    func redirected(words: [String]) throws {
        let bench = try Bench()
        let engine = FakeEngine(at: bench.socket) { $0.answer(301, "", headers: ["Location: /elsewhere"]) }
        defer { engine.stop() }
        let result = try BackgroundCommand(try bench.words(words)).wait()
        #expect(result.status.code == 1)
        #expect(result.error.contains("unexpected redirect in response"))
    }

    @Test("rm takes a name as inspect shows it, with its slash")
    func removeWithSlash() throws {
        let bench = try Bench()
        let engine = FakeEngine(at: bench.socket) { $0.answer(204) }
        defer { engine.stop() }
        #expect(try bench.run("rm", "/x", "y/").output == "/x\ny/\n")
        #expect(engine.requests == ["DELETE /containers/x", "DELETE /containers/y"])
        #expect(try bench.run("rm", "/").error == "container name cannot be empty\n")
    }

    @Test("there is one context, and it is not named beside an engine")
    func contexts() throws {
        let bench = try Bench()
        let other = try Command.run([try BuiltProgram.path("sereno"), "--context", "other", "ps"])
        #expect(other.status.code == 1)
        #expect(other.error.hasPrefix("context \"other\": context not found: there is one context, default"))
        let both = try bench.run("--context", "default", "ps")
        #expect(both.status.code == 1)
        #expect(both.error == "conflicting options: cannot specify both --host and --context\n")
        let list = try bench.run("context", "ls")
        #expect(
            list.output == """
                NAME        DESCRIPTION                               DOCKER ENDPOINT\(pad(bench.socket))   ERROR
                default *   Current DOCKER_HOST based configuration   unix://\(bench.socket)   

                """)
        #expect(try bench.run("context", "show").output == "default\n")
        #expect(
            try bench.run("context", "inspect", "-f", "{{.Endpoints.docker.Host}}").output == "unix://\(bench.socket)\n"
        )
        let missing = try bench.run("context", "inspect", "other")
        #expect(missing.status.code == 1)
        #expect(missing.output == "[]\n")
    }

    /// The blanks that bring `DOCKER ENDPOINT` to the width of an endpoint.
    private func pad(_ socket: String) -> String {
        String(repeating: " ", count: "unix://\(socket)".count - "DOCKER ENDPOINT".count)
    }

    @Test("--cidfile holds the ID, and one that is there stops everything")
    func cidfile() throws {
        let bench = try Bench()
        let container = FakeContainer()
        let engine = FakeEngine(at: bench.socket) { container.answer($0) }
        defer { engine.stop() }
        let file = bench.directory.child("cid")
        let result = try bench.run("run", "-d", "--cidfile", file, "img")
        #expect(result.status.code == 0)
        #expect(result.output == FakeContainer.id + "\n")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == FakeContainer.id)
        let before = engine.requests.count
        let again = try bench.run("run", "-d", "--cidfile", file, "img")
        #expect(again.status.code == 125)
        #expect(
            again.error
                == "sereno: container ID file found, make sure the other container isn't running or delete \(file)"
                + RefusalTests.hint)
        #expect(engine.requests.count == before)
    }

    @Test("rm -f of what is gone tells it and succeeds")
    func removeForced() throws {
        let bench = try Bench()
        let engine = FakeEngine(at: bench.socket) { $0.answer(404, "{\"message\":\"No such container: x\"}") }
        defer { engine.stop() }
        let forced = try bench.run("rm", "-f", "x")
        #expect(forced.status.code == 0)
        #expect(forced.error == "Error response from daemon: No such container: x\n")
        #expect(try bench.run("rm", "x").status.code == 1)
    }
}
