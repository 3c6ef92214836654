import Foundation
import Model
import TestSupport
import Testing

@Suite struct SourceTests {
    /// After start-up the supervisor ends for no operating error; so nothing in it may end it.
    @Test func nothingInTheSourcesCrashesOnPurpose() throws {
        let files = try Tree.sources()
        #expect(files.count > 100)
        for file in files {
            for line in file.code {
                for word in ["try!", "fatalError(", "as! ", "preconditionFailure(", "@unchecked Sendable"] {
                    #expect(!line.text.contains(word), "\(file.path):\(line.number) has \(word)")
                }
            }
            #expect(!file.imports.contains("Foundation"), "\(file.path) imports Foundation")
        }
    }

    /// A process number can be another process by the time it is used.
    @Test func noProcessNumberLeavesTheFloorsThatOwnProcesses() throws {
        let owners: Set<String> = [
            "Linux", "KeeperClient", "CLinux", "CTorture", "sereno-keeper", "TestSupport", "sereno-torture",
        ]
        let files = try Tree.sources().filter { !owners.contains($0.target) }
        #expect(files.count > 80)
        for file in files {
            for line in file.code {
                #expect(!line.text.contains("pid_t"), "\(file.path):\(line.number)")
                #expect(!callsKill(line.text), "\(file.path):\(line.number) calls kill(2)")
            }
        }
    }

    /// A bare call of `kill`, not a method, a case or a declaration of that name.
    private func callsKill(_ line: Substring) -> Bool {
        var rest = line[...]
        while let found = rest.range(of: "kill(") {
            let before = line[..<found.lowerBound]
            let isWord = before.last.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." || $0 == "`" } ?? false
            if !isWord, !before.hasSuffix("func "), !before.hasSuffix("case ") { return true }
            rest = rest[found.upperBound...]
        }
        return false
    }

    @Test func theCheckForKillKnowsACallFromAName() {
        #expect(callsKill("    kill(process, SIGTERM)") && callsKill("_ = kill(1, 0)"))
        #expect(!callsKill("effects.kill(x)") && !callsKill("case kill(Signal)") && !callsKill("func kill(_ x: Int)"))
        #expect(callsKill("effects.kill(x) + kill(2, 3)") && !callsKill("overkill(3)"))
    }

    /// The version stands in one file, and CHANGELOG.md tells of it.
    @Test func theVersionIsSaidOnce() throws {
        let version = "\(Release.version)"
        let places = try Tree.sources(endings: [".swift", ".c", ".h"])
            .filter { $0.target != "RestartEmbedded" && $0.text.contains("\"" + version) }.map(\.path)
        #expect(places == ["Sources/words/Model/Release.swift"])
        #expect(try TestFiles.read(GeneratedPage.root + "/CHANGELOG.md").contains("\n## \(version)"))
    }

    @Test func noFileIsLongAndNoneIsNamedForNothing() throws {
        let files = try Tree.sources(endings: [".swift", ".c", ".h"])
        #expect(files.count > 100)
        for file in files {
            let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count
            #expect(lines <= 501, "\(file.path) has \(lines) lines")
            for word in ["Utils", "Utilities", "Helper", "Manager"] {
                #expect(!file.name.contains(word), "\(file.path) is named for nothing")
            }
        }
    }

    /// A line that nobody finds again.
    @Test func nothingIsLeftForLaterInTheDarkness() throws {
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]
        let files =
            try Tree.sources(endings: [".swift", ".c", ".h"])
            + Tree.files(below: "scripts", endings: [""])
        #expect(files.count > 100)
        for file in files {
            for mark in marks { #expect(!file.text.contains(mark), "\(file.path) has \(mark)") }
        }
    }
}

@Suite struct PageTests {
    /// A link that leads nowhere is a promise broken.
    @Test func everyLinkInThePagesLeadsSomewhere() throws {
        let root = GeneratedPage.root
        var pages = try Tree.files(below: "docs", endings: [".md"])
        for name in [
            "README.md", "CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "HACKING.md", "SECURITY.md",
        ] {
            pages.append(Tree.File(path: name, text: try TestFiles.read(root + "/" + name)))
        }
        #expect(pages.count >= 8)
        var links = 0
        for page in pages {
            let folder = page.path.split(separator: "/").dropLast().joined(separator: "/")
            for match in page.text.matches(of: /\]\(([^)#:]+)(?:#[^)]*)?\)/) {
                links += 1
                #expect(TestFiles.exists(root + "/" + folder + "/" + match.1), "\(page.path) links to \(match.1)")
            }
        }
        #expect(links >= 8)
    }

    @Test func theReadmeNamesScriptsThatAreThere() throws {
        let readme = try TestFiles.read(GeneratedPage.root + "/README.md")
        let named = Set(readme.matches(of: /scripts\/([a-z-]+)/).map { String($0.1) })
        #expect(named.isSuperset(of: ["demo", "test", "install"]))
        for script in named { #expect(TestFiles.exists(GeneratedPage.root + "/scripts/" + script), "\(script)") }
    }

    @Test func decisionsAreNumberedWithoutGaps() throws {
        let pages = try DecisionPage.all()
        #expect(pages.count >= 18)
        for (index, page) in pages.enumerated() {
            let number = String(index + 1)
            #expect(page.file.hasPrefix(String(repeating: "0", count: 4 - number.count) + number + "-"), "\(page.file)")
            #expect(page.number == number, "\(page.file) is headed # \(page.number ?? "without a number")")
        }
    }

    /// A reader has to know whether a decision holds: `accepted`, `proposed`, or `superseded by` a link.
    @Test func everyDecisionHasAStatus() throws {
        for page in try DecisionPage.all() {
            let status = page.status ?? ""
            let isKnown = ["accepted", "proposed"].contains(status) || status.hasPrefix("superseded by [")
            #expect(isKnown, "\(page.file) has the status \"\(status)\"")
        }
    }

    @Test func theListOfDecisionsIsThis() throws {
        var text = "# Decisions\n\nWhat was decided, and what else was thought of. Written from the pages.\n\n"
        text += "| decision | status |\n|---|---|\n"
        for page in try DecisionPage.all() {
            text += "| [\(page.number ?? "?"). \(page.title)](\(page.file)) | \(page.status ?? "") |\n"
        }
        #expect(
            try GeneratedPage.isInStep("docs/decisions/README.md", with: text),
            "SERENO_REGENERATE=1 scripts/test theListOfDecisionsIsThis writes the list anew")
    }

    /// A page that nothing leads to is not read.
    @Test func theReadmeLeadsToEveryPage() throws {
        let root = GeneratedPage.root
        var reached: Set<String> = []
        var pending = ["README.md"]
        while let path = pending.popLast() {
            guard reached.insert(path).inserted, path.hasSuffix(".md"), TestFiles.exists(root + "/" + path) else {
                continue
            }
            let folder = path.split(separator: "/").dropLast()
            for match in try TestFiles.read(root + "/" + path).matches(of: /\]\(([^)#:]+)[^)]*\)/) {
                var parts = folder
                for part in match.1.split(separator: "/") {
                    if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
                }
                pending.append(parts.joined(separator: "/"))
            }
        }
        for page in try Tree.files(below: "docs", endings: [".md"]) {
            #expect(reached.contains(page.path), "no link leads from README.md to \(page.path)")
        }
    }
}

/// A page of docs/decisions.
private struct DecisionPage {
    let file: String
    /// As its heading has it: `# 12. Title`.
    let number: String?
    let title: String
    /// The rest of the line that begins with `Status: `.
    let status: String?

    static func all() throws -> [DecisionPage] {
        let folder = GeneratedPage.root + "/docs/decisions"
        return try TestFiles.list(folder).filter { $0 != "README.md" }.map { file in
            let lines = try TestFiles.read(folder + "/" + file).split(separator: "\n")
            let heading = lines.first?.firstMatch(of: /# (?:(\d+)\. )?(.*)/)
            return DecisionPage(
                file: file, number: heading?.1.map(String.init), title: heading.map { String($0.2) } ?? "",
                status: lines.first { $0.hasPrefix("Status: ") }.map { String($0.dropFirst("Status: ".count)) })
        }
    }
}

@Suite struct ScriptTests {
    @Test func everyScriptStopsAtItsFirstErrorAndCanBeRun() throws {
        let root = GeneratedPage.root
        let paths = try TestFiles.list(root + "/scripts").map { "scripts/" + $0 } + [".ci/run"]
        #expect(paths.count >= 6)
        for path in paths where !FileManager.default.isDirectory(root + "/" + path) {
            let text = try TestFiles.read(root + "/" + path)
            #expect(FileManager.default.isExecutableFile(atPath: root + "/" + path), "\(path)")
            // A script in another language stops at an error by itself.
            guard text.hasPrefix("#!/bin/bash") || text.hasPrefix("#!/bin/sh") || text.hasPrefix("#!/usr/bin/env bash")
            else { continue }
            #expect(text.contains("\nset -eu"), "\(path) does not stop at its first error")
            #expect(try Command.run(["/bin/bash", "-n", root + "/" + path]).succeeded, "\(path) has a syntax error")
        }
    }
}

extension FileManager {
    func isDirectory(_ path: String) -> Bool {
        var answer: ObjCBool = false
        return fileExists(atPath: path, isDirectory: &answer) && answer.boolValue
    }
}
