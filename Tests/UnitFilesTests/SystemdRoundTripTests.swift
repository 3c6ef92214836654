import TestSupport
import Testing
import UnitFiles

@Suite("A unit file says what its tree says")
struct SystemdRoundTripTests {
    private static func unit(_ entries: (String, SystemdValue)...) -> SystemdUnit {
        var section = SystemdUnit.Section("Service")
        for (name, value) in entries { section.add(name, value) }
        return SystemdUnit([section])
    }

    private func check(_ unit: SystemdUnit, _ comment: String) throws {
        let file = try unit.encoded()
        let read = try SystemdUnit(parsing: file)
        if read != unit { Issue.record("\(comment): \(file) reads as \(read)") }
        #expect(file.bytes.split(separator: 0x0A).count <= 2 + unit.sections.flatMap(\.entries).count)
    }

    @Test func everyArgumentSurvives() throws {
        for text in Samples.short + Samples.known + [Samples.long] {
            let command = SystemdCommandLine("/bin/true", [SystemdText(text), "next"])
            try check(Self.unit(("ExecStart", .commands([command]))), "\(text)")
        }
    }

    @Test func everyVariableOfUTF8SurvivesAndOthersAreRefused() throws {
        for text in Samples.short + Samples.known {
            let unit = Self.unit(
                ("Environment", .environment([SystemdAssignment("X", SystemdText(text)), SystemdAssignment("Y", "1")])))
            if text.text != nil {
                try check(unit, "\(text)")
            } else {
                let error = #expect(throws: UnitFileError.self) { try unit.encoded() }
                #expect(error?.value == ByteString(text.bytes.flatMap { $0 == 0x25 ? [$0, $0] : [$0] }))
                #expect(error?.description.contains("set it in the container instead") == true)
            }
        }
    }

    @Test(arguments: Samples.seeds) func randomCommandsSurvive(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<1500 {
            let words = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                SystemdText(Samples.random(&generator))
            }
            let second = SystemdCommandLine(
                "/bin/echo",
                [
                    SystemdText([.specifier(0x6E), .literal("x"), .variable("HOME")]),
                    SystemdText([.splitVariable("ARGS")]),
                ])
            let prefixes: [SystemdCommandLine.Prefix] = [
                [], .ignoresFailure, [.expandsNoVariables, .ignoresFailure], .hasFullPrivileges, .keepsCredentials,
                .keepsCredentialsWithoutAmbient,
            ]
            let first = SystemdCommandLine(
                "/opt/my $program%", words, prefix: prefixes[round % prefixes.count],
                argumentZero: round % 3 == 0 ? SystemdText(Samples.random(&generator)) : nil)
            try check(
                Self.unit(("ExecStart", .commands(round % 2 == 0 ? [first] : [first, second, first]))),
                "seed \(seed), round \(round)")
        }
    }

    @Test func everyPathThatAMountCanHaveSurvivesOrIsRefused() throws {
        for text in Samples.short + Samples.known {
            let path = ByteString(Array("/data/".utf8) + text.bytes)
            let unit = SystemdUnit([
                SystemdUnit.Section("Unit", [.directive("RequiresMountsFor", .words([SystemdText(path), "/b"]))])
            ])
            if path.text != nil, !path.bytes.contains(0x0A) {
                try check(unit, "\(text)")
            } else {
                #expect(throws: UnitFileError.self) { try unit.encoded() }
            }
        }
    }

    @Test func aRestOfALineSurvivesOrIsRefused() throws {
        for text in Samples.short + Samples.known {
            for (name, section, value) in [
                ("Description", "Unit", SystemdValue.text(SystemdText(text))),
                ("SourcePath", "Unit", .path(SystemdText(text))),
                ("Weird", "Unit", .plain(text)),
                ("ConditionPathExists", "Unit", .condition(SystemdCondition(SystemdText(text), negated: true))),
            ] {
                let unit = SystemdUnit([SystemdUnit.Section(section, [.directive(name, value)])])
                do {
                    try check(unit, "\(name) \(text)")
                    #expect(text.text != nil)
                } catch {
                    let ends = [text.bytes.first, text.bytes.last].contains {
                        $0.map { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A } ?? true
                    }
                    #expect(ends || text.text == nil || text.bytes.contains(0x0A), "\(name) \(text): \(error)")
                }
            }
        }
    }

    @Test func whatSystemdWouldNotTakeIsRefusedWithAReasonAndARemedy() throws {
        func refusal(_ name: String, _ value: SystemdValue, section: String = "Service") -> String {
            do {
                _ = try SystemdUnit([SystemdUnit.Section(section, [.directive(name, value)])]).encoded()
                return ""
            } catch { return error.description }
        }
        let relative = refusal("ExecStart", .commands([SystemdCommandLine("bin/x")]))
        #expect(
            relative
                == "systemd, Service.ExecStart: this is not the path of a program: \"bin/x\"; give an absolute path")
        #expect(refusal("ExecStart", .commands([SystemdCommandLine("/a\"b")])).contains("quotes"))
        #expect(refusal("ExecStart", .commands([])).contains("no command"))
        #expect(refusal("After", .words(["a b.service"]), section: "Unit").contains("systemd-escape"))
        #expect(refusal("SuccessExitStatus", .words(["1 2"])).contains("cannot stand in the list"))
        #expect(
            refusal("Environment", .environment([SystemdAssignment("a-b", "x")])).contains("no variable of this name"))
        #expect(refusal("Restart", .words(["a"])).contains("not of the kind"))
        #expect(refusal("Restart", .refused("x")).contains("would not accept"))
        #expect(refusal("Description", .text(SystemdText(ByteString([0x61, 0]))), section: "Unit").contains("NUL"))
        let long = ByteString([UInt8](repeating: 0x61, count: 1 << 20))
        #expect(refusal("Description", .text(SystemdText(long)), section: "Unit").contains("1 MiB"))
    }

    @Test func filesOfOthersAreReadAsSystemdReadsThem() throws {
        let unit = try SystemdUnit(
            parsing: """
                # top
                ; also
                [Unit]
                Description = with %H and \\
                  # a comment inside
                  more
                After=a.service  "b.service"\tc\\x2dd.service
                After=
                [Service]
                ExecStart=-@/bin/sh zero -c 'echo "$X" ${Y} $Z $$' \\; ; +!/bin/true a\\x41\\101\\s
                Environment=A=1 "B=two words" 'C=%%\\n' D-E=bad
                Environment="open
                """)
        #expect(unit.preamble == ["top", "also"])
        #expect(
            unit.values(of: "Description", in: "Unit") == [
                .text(SystemdText([.literal("with "), .specifier(0x48), .literal(" and    more")]))
            ])
        #expect(unit.values(of: "After", in: "Unit") == [])
        #expect(unit.sections[0].values(of: "After")[0] == .words(["a.service", "b.service", "c\\x2dd.service"]))
        let sh = SystemdCommandLine(
            "/bin/sh", ["-c", SystemdText([.literal("echo \"$X\" "), .variable("Y"), .literal(" $Z $")]), ";"],
            prefix: .ignoresFailure, argumentZero: "zero")
        // `+` and `!` do not go together, so the mark belongs to the program's name.
        #expect(
            unit.values(of: "ExecStart", in: "Service") == [
                .commands([sh, SystemdCommandLine("!/bin/true", ["aAA "], prefix: .hasFullPrivileges)])
            ])
        #expect(
            unit.values(of: "Environment", in: "Service") == [
                .refused("A=1 \"B=two words\" 'C=%%\\n' D-E=bad"), .refused("\"open"),
            ])
    }

    @Test func aFileThatIsNoneIsRefusedWithItsLine() {
        #expect(throws: UnitFileError.self) { try SystemdUnit(parsing: "A=b\n") }
        let error = #expect(throws: UnitFileError.self) { try SystemdUnit(parsing: "[Unit]\n\nnonsense\n") }
        #expect(error?.line == 3)
        #expect(throws: UnitFileError.self) { try SystemdUnit(parsing: "[Unit\n") }
    }
}
