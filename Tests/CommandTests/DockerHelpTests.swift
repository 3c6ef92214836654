import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import Flags
@testable import Verbs

@Suite("What Docker's client has is here, or the command says why not", .timeLimit(.minutes(5)))
struct DockerHelpTests {
    static let client = ["/usr/local/bin/docker", "/usr/bin/docker"].first { TestFiles.exists($0) }
    /// Whether a client of the recorded version is at hand, or the record shall be made anew.
    static let isComparable =
        client.map { client in
            let isAsked = ProcessInfo.processInfo.environment["SERENO_REGENERATE"] != nil
            return isAsked || (try? DockerHelp.version(of: client) == DockerHelp.recorded().version) == true
        } ?? false

    @Test("the record is what the real client says", .enabled(if: isComparable))
    func record() throws {
        let real = try DockerHelp.pages(of: try #require(Self.client))
        #expect(real.flags.count > 100)
        #expect(
            try GeneratedPage.isInStep(DockerHelp.file, with: real.text), "run the tests with SERENO_REGENERATE=1")
    }

    @Test("each command is here, or a table has the reason")
    func commands() throws {
        let record = try DockerHelp.recorded()
        #expect(record.flags.count > 100)
        for command in record.flags.keys.sorted() {
            let words = command.split(separator: " ").map(String.init)
            guard !words.isEmpty else { continue }
            let isHere = Dispatch.find(words)?.path.count == words.count
            let isAbsent = words.indices.contains { Absence.reason(for: Array(words[...$0])) != nil }
            #expect(isHere != isAbsent, "\(command): here \(isHere), in Absence.commands \(isAbsent)")
        }
    }

    @Test("each flag of a command is here in the same form, or the command's table has the reason")
    func flags() throws {
        let record = try DockerHelp.recorded()
        #expect(record.flags.values.map(\.count).reduce(0, +) > 500)
        for (command, flags) in record.flags.sorted(by: { $0.key < $1.key }) {
            let words = command.split(separator: " ").map(String.init)
            let found = Dispatch.find(words)
            guard words.isEmpty || found?.path.count == words.count else { continue }
            if let found, !(found.type is any Verb.Type) { continue }
            let type = found?.type as? any Verb.Type
            let shown = type.map { HelpPage.flags(of: $0) } ?? GlobalOptions.usages
            let absent = type?.flags.absent ?? GlobalOptions.table.absent
            for flag in flags {
                let mine = shown.first { $0.long == flag.long }
                let isAbsent = absent.contains { $0.key == flag.long }
                #expect((mine != nil) != isAbsent, "\(command) --\(flag.long): in the table \(isAbsent)")
                guard let mine else { continue }
                #expect(mine.short.map(String.init) ?? "" == flag.short, "\(command) --\(flag.long)")
                #expect(mine.value.isEmpty == flag.value.isEmpty, "\(command) --\(flag.long)")
            }
        }
    }

    @Test("a reason is a sentence without its end, and is of nothing that is here")
    func reasons() throws {
        for (words, reason) in Absence.commands {
            #expect(reason.count > 10 && !reason.hasSuffix("."), "\(words)")
            #expect(Dispatch.find(words.split(separator: " ").map(String.init))?.rest != [], "\(words)")
        }
        for type in FlagGrammarTests.verbs {
            for (flag, reason) in type.flags.absent {
                #expect(reason.count > 10 && !reason.hasSuffix("."), "\(type._commandName) --\(flag)")
                #expect(type.flags.flag(long: flag) == nil, "\(type._commandName) --\(flag)")
            }
        }
    }

    @Test(
        "who uses what is not here is told why",
        arguments: [
            (
                ["run", "--gpus", "all", "x"], Int32(125),
                "unknown flag: --gpus: giving GPUs to containers is not built yet"
            ),
            (["run", "--gpus=all", "x"], 125, "unknown flag: --gpus: giving GPUs"),
            (["start", "--checkpoint", "a", "x"], 125, "unknown flag: --checkpoint: checkpoints are not built yet"),
            (
                ["save", "--platform", "linux/arm64", "x"], 125,
                "unknown flag: --platform: the engine keeps an image for"
            ),
            (["create", "--disable-content-trust=false", "x"], 125, "sereno: signatures of images are not built yet"),
            (["--tls", "ps"], 125, "unknown flag: --tls: a connection that verifies nobody"),
            (["pull", "x"], 1, "sereno: unknown command: sereno pull: registries are not built yet: bring the image"),
            (["swarm", "init"], 1, "sereno: unknown command: sereno swarm: swarm mode is not built"),
            (["image", "push", "x"], 1, "sereno: unknown command: sereno image push: registries are not built yet"),
            (["context", "rm", "x"], 1, "sereno: unknown command: sereno context rm: there is one context, default"),
            (["context", "use", "x"], 1, "context \"x\": context not found: there is one context, default"),
            (["container", "bogus"], 1, "sereno: unknown command: sereno container bogus\n"),
        ])
    func told(words: [String], code: Int32, error: String) throws {
        let result = try BackgroundCommand([try BuiltProgram.path("sereno")] + words).wait()
        #expect(result.status.code == code)
        #expect(result.error.hasPrefix(error), "\(result.error)")
    }

    @Test func thePageOfTheCommandIsInStep() throws {
        let page = try CommandPage.text(beside: try DockerHelp.recorded())
        #expect(try GeneratedPage.isInStep("docs/command.md", with: page), "run the tests with SERENO_REGENERATE=1")
    }
}

/// docs/command.md: what the command has beside Docker's client.
enum CommandPage {
    static func text(beside record: DockerHelp) throws -> String {
        var text = """
            # The command beside Docker's client

            `sereno` takes the commands and flags of Docker's client, version \(record.version), and prints what it prints. Written by
            the tests from the code and from the help pages of that client (`SERENO_REGENERATE=1 scripts/test`); a test fails when it is
            stale, and when Docker's client has a command or flag that is neither here nor in these tables.

            ## What is not here

            Whoever uses it is told the same. `sereno COMMAND` ends with code 1, a flag with code 125; nothing is done.

            | command of `docker` | reason |
            |---|---|

            """
        for (words, reason) in Absence.commands { text += "| `\(words)` | \(reason) |\n" }
        text += "\n| command | flag | reason |\n|---|---|---|\n"
        for (flag, reason) in GlobalOptions.table.absent { text += "| before any | `--\(flag)` | \(reason) |\n" }
        for (words, type) in verbs {
            for (flag, reason) in type.flags.absent { text += "| `\(words)` | `--\(flag)` | \(reason) |\n" }
        }
        text += "\n## What only this command has\n\n| command | subject |\n|---|---|\n"
        let own = verbs.filter { record.flags[$0.words] == nil && $0.type.configuration.shouldDisplay }
        for (words, type) in own {
            text += "| `\(words)` | \(cell(type.configuration.abstract)) |\n"
        }
        text += "\n| command | flag | subject |\n|---|---|---|\n"
        for (words, type) in verbs {
            guard let theirs = record.flags[words] else { continue }
            for flag in HelpPage.flags(of: type) where !theirs.contains(where: { $0.long == flag.long }) {
                text += "| `\(words)` | `--\(flag.long)` | \(cell(flag.text)) |\n"
            }
        }
        return text
    }

    private static func cell(_ text: String) -> String {
        text.replacingOccurrences(of: "|", with: "\\|").replacingOccurrences(of: "\n", with: " ")
    }

    /// Every verb once, by its shortest words.
    private static var verbs: [(words: String, type: any Verb.Type)] {
        var found: [(words: String, type: any Verb.Type)] = []
        func collect(_ types: [any ParsableCommand.Type], _ path: [String]) {
            for type in types.sorted(by: { $0._commandName < $1._commandName }) {
                let words = path + [type._commandName]
                if let verb = type as? any Verb.Type,
                    !found.contains(where: { ObjectIdentifier($0.type) == ObjectIdentifier(verb) })
                {
                    found.append((words.joined(separator: " "), verb))
                }
            }
        }
        collect(Sereno.verbs, [])
        for group in Sereno.verbs.sorted(by: { $0._commandName < $1._commandName }) {
            collect(group.configuration.subcommands, [group._commandName])
        }
        return found
    }
}
