import ArgumentParser
import Foundation
import Testing

@testable import Flags
@testable import Streaming
@testable import Verbs

@Suite("The command line is read as Docker's client reads it")
struct FlagGrammarTests {
    private func read(_ line: String, _ table: FlagTable = Run.flags) throws -> FlagGrammar.Reading {
        try FlagGrammar.read(line.split(separator: " ").map(String.init), table: table)
    }

    @Test(
        "bundles, joined values and equals signs",
        arguments: [
            ("-it img", ["--interactive", "--tty"]), ("-itv/a:/b img", ["--interactive", "--tty", "--volume=/a:/b"]),
            ("-e=A=1 img", ["--env=A=1"]), ("-eA=1 img", ["--env=A=1"]), ("-e A=1 img", ["--env=A=1"]),
            ("--env A=1 --rm img", ["--env=A=1", "--rm"]), ("--rm=false img", []), ("--rm --rm=0 img", []),
            ("--sig-proxy img", []), ("--sig-proxy=false img", ["--no-sig-proxy"]), ("-h box img", ["--hostname=box"]),
            ("--memory-swap -1 img", ["--memory-swap=-1"]), ("--entrypoint= img", ["--entrypoint", ""]),
        ])
    func flags(line: String, expected: [String]) throws {
        let reading = try read(line)
        #expect(reading.flags == expected)
        #expect(reading.arguments == ["img"])
    }

    @Test("a value that begins with an accent is a value")
    func accents() throws {
        for words in [["-e", "\u{301}=1"], ["-e\u{301}=1"], ["--env=\u{301}=1"], ["-e=\u{301}=1"]] {
            let reading = try FlagGrammar.read(words + ["img"], table: Run.flags)
            #expect(reading.flags.map { Array($0.utf8) } == [Array("--env".utf8), Array("\u{301}=1".utf8)])
        }
        #expect(try FlagGrammar.read(["-eA=\u{301}x", "img"], table: Run.flags).flags == ["--env=A=\u{301}x"])
    }

    @Test("what follows the image belongs to the command, dashes and all")
    func passthrough() throws {
        #expect(try read("--rm busybox ls -la --rm -- x").arguments == ["busybox", "ls", "-la", "--rm", "--", "x"])
        #expect(try read("-d -- busybox -x").arguments == ["busybox", "-x"])
        let exec = try read("-it web sh -c -x", Exec.flags)
        #expect(exec.arguments == ["web", "sh", "-c", "-x"])
    }

    @Test("flags of other verbs may follow their arguments")
    func interspersed() throws {
        let reading = try read("web -t 3 db", Stop.flags)
        #expect(reading.arguments == ["web", "db"])
        #expect(reading.flags == ["--timeout=3"])
    }

    @Test("the parser takes what the grammar writes, to the values that were typed")
    func parses() throws {
        let reading = try read(
            "-itd --rm -e A=1 -eB --entrypoint= --cpus 1.5 -m 64m --name=x --no-healthcheck -p80:80 img -v --x")
        let command = try #require(try Sereno.parseAsRoot(["run"] + reading.canonical) as? Run)
        #expect(command.detach && command.options.tty && command.options.interactive && command.options.rm)
        #expect(command.options.env == ["A=1", "B"])
        #expect(command.options.entrypoint == "")
        #expect(command.resources.cpus == "1.5")
        #expect(command.resources.memory == "64m")
        #expect(command.options.name == "x")
        #expect(!command.options.healthcheck)
        #expect(command.options.publish == ["80:80"])
        #expect(command.words == ["img", "-v", "--x"])
    }

    /// Every verb, groups opened.
    static let verbs: [any Verb.Type] = {
        func open(_ types: [any ParsableCommand.Type]) -> [any Verb.Type] {
            types.flatMap { type -> [any Verb.Type] in
                (type as? any Verb.Type).map { [$0] } ?? open(type.configuration.subcommands)
            }
        }
        return open(Sereno.verbs)
    }()

    @Test("the table of every verb names just the flags that its parser knows")
    func tablesAgree() throws {
        for type in FlagGrammarTests.verbs {
            let typed = type.flags.flags.map { flag in
                let isOn = type.flags.onByDefault.contains(flag.long)
                return flag.isSwitch ? (isOn ? "--no-\(flag.long)" : "--\(flag.long)") : "--\(flag.long)=1"
            }
            let arguments = [String](repeating: "x", count: type.argumentCount.least)
            #expect(throws: Never.self, "\(type._commandName)") { _ = try type.parse(typed + ["--"] + arguments) }
            let help = type.helpMessage(includeHidden: true)
            let known = help.matches(of: /--(?:no-)?([a-z][a-z0-9-]+)/).map { String($0.output.1) }
            let table = Set(type.flags.flags.map(\.long).map { $0.hasPrefix("no-") ? String($0.dropFirst(3)) : $0 })
            let options = Set(known).subtracting(["help", "version", "stdin"])
            let missing = help.split(separator: "\n").filter { $0.hasPrefix("  -") }.flatMap { line in
                line.matches(of: /--(?:no-)?([a-z][a-z0-9-]+)/).map { String($0.output.1) }
            }.filter { options.contains($0) && !table.contains($0) }
            #expect(missing.isEmpty, "\(type._commandName)")
        }
    }
}

@Suite("Values of flags")
struct FlagValueTests {
    @Test(
        "limits",
        arguments: [
            ("nofile=1:2", "nofile", 1, 2), ("core=-1", "core", -1, -1), ("nproc=5:-1", "nproc", 5, -1),
        ] as [(String, String, Int64, Int64)])
    func limits(text: String, name: String, soft: Int64, hard: Int64) {
        #expect(UlimitOption.parse(text) == .limit(name: name, soft: soft, hard: hard))
    }

    @Test("refused limits", arguments: ["foo", "foo=1", "nofile=2:1", "nofile=a", "nofile=1:2:3", "nofile=-1:5"])
    func refusedLimits(text: String) { #expect(UlimitOption.parse(text).refusal != nil) }

    @Test("restart policies are split, not judged")
    func restart() throws {
        #expect(try RestartOption(parsing: "on-failure:3").count == 3)
        #expect(try RestartOption(parsing: "on-failure:-1").count == -1)
        #expect(try RestartOption(parsing: "foo").name == "foo")
        #expect(throws: ExitFailure.self) { try RestartOption(parsing: ":3") }
    }

    @Test("published ports")
    func ports() throws {
        #expect(try PortOption.parse("80") == [.init(port: "80/tcp", hostAddress: "", hostPort: "")])
        #expect(
            try PortOption.parse("1.2.3.4:8080:80/udp") == [
                .init(port: "80/udp", hostAddress: "1.2.3.4", hostPort: "8080")
            ])
        #expect(try PortOption.parse("8000-8001:80-81").map(\.hostPort) == ["8000", "8001"])
        #expect(try PortOption.parse("[::1]:80:81")[0].hostAddress == "::1")
        #expect(throws: ExitFailure.self) { try PortOption.parse("8000-8005:80-81") }
        #expect(throws: ExitFailure.self) { try PortOption.parse("x") }
    }
}

@Suite("Completion")
struct CompletionTests {
    private let completer = Completer { subject in
        switch subject {
        case .images: ["busybox", "nginx:1"]
        case .networks: ["host", "none"]
        case .volumes: ["data"]
        case .containers(let states): states == ["running"] ? ["web"] : ["web", "old"]
        case .words(let words): words
        case .nothing: []
        }
    }

    @Test("verbs, flags, values and live names")
    func candidates() {
        #expect(completer.candidates(["sta"]).contains("start"))
        #expect(completer.candidates(["-H", "unix:///x", "unp"]) == ["unpause"])
        #expect(completer.candidates(["run", "--rest"]) == ["--restart"])
        #expect(completer.candidates(["run", "--restart", "un"]) == ["unless-stopped"])
        #expect(completer.candidates(["run", "-it", ""]) == ["busybox", "nginx:1"])
        #expect(completer.candidates(["run", "busybox", "-"]) == [])
        #expect(completer.candidates(["exec", "-it", ""]) == ["web"])
        #expect(completer.candidates(["rm", "-f", "o"]) == ["old"])
        #expect(completer.candidates(["network", "inspect", ""]) == ["host", "none"])
        #expect(completer.candidates(["network", "connect", "none", "o"]) == ["old"])
        #expect(completer.candidates(["volume", "rm", "d"]) == ["data"])
        #expect(completer.candidates(["image", "rm", "b"]) == ["busybox"])
        #expect(completer.candidates(["context", "inspect", ""]) == ["default"])
        #expect(completer.candidates(["generate", "s"]) == ["supervisord", "systemd"])
        #expect(completer.candidates(["generate", "systemd", "o"]) == ["old"])
        #expect(completer.candidates(["generate", "--style", ""]) == ["attach", "plain"])
        #expect(completer.candidates(["kill", "-s", "TE"]) == ["TERM"])
    }
}

extension ArgumentCount {
    /// The smallest number that is right.
    fileprivate var least: Int {
        switch self {
        case .any, .none, .atMost: 0
        case .exactly(let count), .atLeast(let count), .between(let count, _): count
        }
    }
}
