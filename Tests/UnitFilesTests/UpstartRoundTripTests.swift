import TestSupport
import Testing
import UnitFiles

@Suite("A job file says what its tree says")
struct UpstartRoundTripTests {
    private func check(_ job: UpstartJob, _ comment: String) throws {
        let file = try job.encoded()
        let read = try UpstartJob(parsing: file)
        if read != job { Issue.record("\(comment): \(file) reads as \(read)") }
        _ = try UpstartOracle(file.bytes)
    }

    @Test func everyArgumentSurvivesAndTheOracleSeesNoOtherStanza() throws {
        for text in Samples.short + Samples.known + [Samples.long] {
            let job = UpstartJob([.respawn, .process(.main, .arguments(["/bin/true", text, "next"])), .task])
            try check(job, "\(text)")
            let oracle = try UpstartOracle(try job.encoded().bytes)
            #expect(
                oracle.stanzas.map { $0.words.map { String(decoding: $0, as: UTF8.self) } } == [["respawn"], ["task"]],
                "\(text)")
            if case .direct(let words) = oracle.processes["main"] {
                #expect(words == [Array("/bin/true".utf8), text.bytes, Array("next".utf8)])
            }
        }
    }

    /// A shell is the judge: what it hands to the program is what the tree says.
    @Test(arguments: Samples.seeds) func argumentsArriveThroughTheShellByteForByte(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let directory = try TemporaryDirectory()
        var cases = Samples.known.map { [$0, "x"] } + [[Samples.long]]
        for _ in 0..<60 {
            cases.append((0..<Int.random(in: 1...6, using: &generator)).map { _ in Samples.random(&generator) })
        }
        for (index, words) in cases.enumerated() {
            let file = directory.child("\(index)")
            let dump = [ByteString("/bin/sh"), "-c", ByteString("printf '%s\\0' \"$@\" >\(file)"), "sh"]
            let job = try UpstartJob([.process(.main, .arguments(dump + words))]).encoded()
            guard case .shell(let text) = try UpstartOracle(job.bytes).processes["main"] else {
                Issue.record("\(words) is not run through a shell")
                continue
            }
            let script = directory.child("script")
            try TestFiles.write(bytes: text, to: script)
            #expect(try Command.run(["/bin/sh", "-e", script]).succeeded)
            let arrived = try TestFiles.readBytes(file)
            #expect(arrived == words.flatMap { $0.bytes + [0] }, "seed \(seed), case \(index): \(words)")
        }
    }

    @Test func everyWordSurvivesOrIsRefused() throws {
        for text in Samples.short + Samples.known {
            let job = UpstartJob([.description(text), .environment("X", text), .killSignal("TERM")])
            if text.isEmpty || text.bytes.contains(0x0A) {
                let error = #expect(throws: UnitFileError.self) { try job.encoded() }
                #expect(error?.remedy.isEmpty == false)
            } else {
                try check(job, "\(text)")
                let oracle = try UpstartOracle(try job.encoded().bytes)
                #expect(oracle.stanzas[0].words == [Array("description".utf8), text.bytes], "\(text)")
                #expect(oracle.stanzas[1].words == [Array("env".utf8), Array("X=".utf8) + text.bytes], "\(text)")
            }
        }
    }

    private func events(_ generator: inout SeededGenerator, depth: Int) -> UpstartEvents {
        if depth == 0 || Int.random(in: 0..<3, using: &generator) == 0 {
            let names: [ByteString] = ["filesystem", "started", "and", "or", "a b", "(x)", "runlevel"]
            var matches: [UpstartMatch] = []
            if Bool.random(using: &generator) { matches.append(.positional("[!2345]")) }
            if Bool.random(using: &generator) { matches.append(.equal("JOB", "a b(c)")) }
            if Bool.random(using: &generator) { matches.append(.notEqual("X", "*")) }
            return .event(names[Int.random(in: 0..<names.count, using: &generator)], matches)
        }
        let left = events(&generator, depth: depth - 1)
        let right = events(&generator, depth: depth - 1)
        return Bool.random(using: &generator) ? .and(left, right) : .or(left, right)
    }

    private func text(_ events: UpstartEvents) -> String {
        switch events {
        case .event(let name, let matches):
            ([name]
                + matches.map { match in
                    switch match {
                    case .positional(let value): value
                    case .equal(let key, let value): ByteString(key.bytes + [0x3D] + value.bytes)
                    case .notEqual(let key, let value): ByteString(key.bytes + [0x21, 0x3D] + value.bytes)
                    }
                }).map { $0.text ?? "" }.joined(separator: " ")
        case .and(let left, let right): "(\(text(left)) and \(text(right)))"
        case .or(let left, let right): "(\(text(left)) or \(text(right)))"
        }
    }

    @Test(arguments: Samples.seeds) func eventsMeanTheSameToTheOracle(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<500 {
            let start = events(&generator, depth: 4)
            let job = UpstartJob([.startOn(start), .stopOn(events(&generator, depth: 2))])
            try check(job, "seed \(seed), round \(round)")
            #expect(
                try UpstartOracle(try job.encoded().bytes).events["start"] == text(start),
                "seed \(seed), round \(round)")
        }
    }

    @Test func everyStanzaSurvives() throws {
        try check(
            UpstartJob([
                .comment("c"), .description("d"), .author("a"), .version("1"), .usage("u"), .emits(["x", "y"]),
                .instance("$N"),
                .environment("A", nil), .export(["A", "B"]), .manual, .expect(.stop), .task, .killSignal("INT"),
                .killTimeout(5),
                .reloadSignal("USR1"), .respawn, .respawnLimit(.unlimited), .respawnLimit(.atMost(3, seconds: 20)),
                .normalExit(["0", "TERM"]), .console(.log), .umask(0o22), .nice(-3), .oomScore(.never),
                .oomScore(.adjustment(-5)),
                .limit(.nofile, soft: .value(1), hard: .unlimited), .chroot("/c"), .chdir("/d e"), .setuid("u"),
                .setgid("g"),
                .apparmorLoad("/p"), .apparmorSwitch("q"), .cgroup(UpstartControlGroup("cpu")),
                .cgroup(UpstartControlGroup("memory", name: "n", key: "k", value: "v")), .debug,
                .process(.preStart, .script("if true; then\n  :\nfi\n")),
                .process(.postStop, .shellLine("echo \"$X\" >/x")),
                .process(.preStop, .script("")), .process(.postStart, .arguments(["/bin/true"])),
            ]), "all")
    }

    @Test func whatUpstartWouldChangeIsRefused() throws {
        for stanza: UpstartStanza in [
            .process(.main, .shellLine("a # b")), .process(.main, .shellLine(" a$")),
            .process(.main, .shellLine("a '\\' b")),
            .process(.main, .script("a\nend script\nb\n")), .process(.main, .script("a")),
            .process(.main, .script("  a\n  b\n")),
            .process(.main, .arguments([])), .umask(0o1000), .nice(20), .killTimeout(-1), .normalExit([]),
            .startOn(.event("a", [.equal("K", "v"), .positional("p")])),
        ] {
            #expect(throws: UnitFileError.self, "\(stanza)") { try UpstartJob([stanza]).encoded() }
        }
    }

    @Test func jobsOfOthersAreRead() throws {
        let job = try UpstartJob(
            parsing: """
                # web
                description   "the \\"web\\"" # not this
                start on (filesystem
                          and started docker) or \\
                    manual-start X=1
                exec docker start -a web
                post-stop script
                \techo $RESULT
                \t  x
                end script

                """)
        #expect(
            job.stanzas == [
                .comment("web"), .description("the \"web\""),
                .startOn(
                    .or(
                        .and(.event("filesystem"), .event("started", [.positional("docker")])),
                        .event("manual-start", [.equal("X", "1")]))),
                .process(.main, .arguments(["docker", "start", "-a", "web"])),
                .process(.postStop, .script("echo $RESULT\n  x\n")),
            ])
        let error = #expect(throws: UnitFileError.self) { try UpstartJob(parsing: "respawn\nresspawn\n") }
        #expect(error?.line == 2)
    }
}
