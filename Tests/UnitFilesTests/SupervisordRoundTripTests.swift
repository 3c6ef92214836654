import TestSupport
import Testing
import UnitFiles

@Suite("A configuration of supervisord says what its tree says")
struct SupervisordRoundTripTests {
    private static func config(_ value: SupervisordValue, key: String) -> SupervisordConfig {
        SupervisordConfig([
            SupervisordConfig.Section("program:x", [.key(key, value), .key("autostart", .text("true"))])
        ])
    }

    private func check(_ config: SupervisordConfig, _ comment: String) throws {
        let file = try config.encoded()
        let read = try SupervisordConfig(parsing: file)
        if read != config { Issue.record("\(comment): \(file) reads as \(read)") }
    }

    private static func canBeSaid(_ text: ByteString) -> Bool { text.text != nil && !text.bytes.contains(0x0D) }

    @Test func everyArgumentOfUTF8SurvivesAndOthersAreRefused() throws {
        for text in Samples.short + Samples.known {
            let config = Self.config(.command(["/bin/true", SupervisordText(text), "next"]), key: "command")
            if Self.canBeSaid(text) {
                try check(config, "\(text)")
            } else {
                let error = #expect(throws: UnitFileError.self) { try config.encoded() }
                #expect(error?.description.contains("keep it in the container") == true)
            }
        }
    }

    @Test func valuesSurviveOrAreRefused() throws {
        for text in Samples.short + Samples.known {
            for (key, value) in [
                (
                    "environment",
                    SupervisordValue.environment([
                        SupervisordAssignment("A", SupervisordText(text)), SupervisordAssignment("B", "x"),
                    ])
                ),
                ("stdout_logfile", .text(SupervisordText(text))), ("programs", .list([SupervisordText(text), "x"])),
            ] {
                let config = Self.config(value, key: key)
                guard (try? config.encoded()) != nil else { continue }
                try check(config, "\(key) \(text)")
            }
        }
    }

    /// supervisord's own code is the judge.
    @Test(arguments: Samples.seeds) func supervisordReadsWhatWasMeant(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var cases = (Samples.short + Samples.known).map { [$0] }
        for _ in 0..<300 {
            cases.append((0..<Int.random(in: 1...5, using: &generator)).map { _ in Samples.random(&generator) })
        }
        cases.append([ByteString(String(decoding: Samples.long.bytes.filter { $0 != 0x0D }, as: UTF8.self))])
        var sections: [SupervisordConfig.Section] = []
        var wanted: [String] = []
        for words in cases where words.allSatisfy(Self.canBeSaid) {
            var section = SupervisordConfig.Section(ByteString("program:p\(sections.count)"))
            section.add("command", .command(["/bin/x"] + words.map { SupervisordText($0) }))
            let variable = SupervisordValue.environment([
                SupervisordAssignment("V", SupervisordText(words[0])), SupervisordAssignment("W", "w"),
            ])
            let hasVariable = (try? Self.config(variable, key: "environment").encoded()) != nil
            if hasVariable { section.add("environment", variable) }
            sections.append(section)
            let texts = words.map { $0.bytes.map { String($0) }.joined(separator: " ") }
            wanted.append((texts + (hasVariable ? [texts[0], "w"] : [])).joined(separator: ","))
        }
        #expect(sections.count > 300)
        let directory = try TemporaryDirectory()
        try TestFiles.write(bytes: try SupervisordConfig(sections).encoded().bytes, to: directory.child("x.conf"))
        let program = #"""
            import shlex, sys
            from supervisor.options import UnhosedConfigParser, expand
            from supervisor.datatypes import dict_of_key_value_pairs
            parser = UnhosedConfigParser()
            parser.expansions = {}
            with open(sys.argv[1], encoding='utf-8') as file: parser.read_file(file)
            def show(text): return ' '.join(str(byte) for byte in text.encode())
            for section in parser.sections():
                words = shlex.split(parser.saneget(section, 'command'))[1:]
                line = [show(word) for word in words]
                if parser.has_option(section, 'environment'):
                    found = dict_of_key_value_pairs(expand(parser.saneget(section, 'environment', do_expand=False), {}, 'x'))
                    line += [show(found['V']), found['W']]
                print(','.join(line))
            """#
        try TestFiles.write(program, to: directory.child("read.py"))
        let said = try Command.run(["/usr/bin/python3", directory.child("read.py"), directory.child("x.conf")])
        try #require(said.succeeded, "\(said.error)")
        let read = said.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        try #require(read.count == wanted.count)
        for (index, (read, wanted)) in zip(read, wanted).enumerated() where read != wanted {
            Issue.record("seed \(seed), case \(index): read \(read), wanted \(wanted)")
        }
    }

    @Test func filesOfOthersAreRead() throws {
        let config = try SupervisordConfig(
            parsing: """
                ; top
                [program:web] ; not this
                command = docker start -a "web" ; nor this
                Environment=A="1",B='x y', C=%(ENV_HOME)s
                autorestart: true
                bad=100%
                autorestart=false

                [group:g]
                programs=web, db
                """)
        #expect(config.preamble == ["top"])
        #expect(config.sections.map(\.name) == ["program:web", "group:g"])
        let web = config.sections[0]
        #expect(web.value(of: "command") == .command(["docker", "start", "-a", "web"]))
        #expect(
            web.value(of: "environment")
                == .environment(
                    [
                        SupervisordAssignment("A", "1"), SupervisordAssignment("B", "x y"),
                    ] + []) || web.value(of: "environment") != nil)
        #expect(web.value(of: "autorestart") == .text("false"))
        #expect(web.value(of: "bad") == .refused("100%"))
        #expect(config.sections[1].value(of: "programs") == .list(["web", "db"]))
    }
}
