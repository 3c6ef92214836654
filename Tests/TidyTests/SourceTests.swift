import Foundation
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
        for name in ["README.md", "CONTRIBUTING.md", "SECURITY.md"] {
            pages.append(Tree.File(path: name, text: try TestFiles.read(root + "/" + name)))
        }
        #expect(pages.count >= 8)
        var links = 0
        for page in pages {
            let folder = page.path.split(separator: "/").dropLast().joined(separator: "/")
            for match in page.text.matches(of: /\]\(([^)#:]+)\)/) {
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
        let names = try TestFiles.list(GeneratedPage.root + "/docs/decisions")
        #expect(names.count >= 3)
        for (index, name) in names.enumerated() {
            let number = String(index + 1)
            #expect(name.hasPrefix(String(repeating: "0", count: 4 - number.count) + number + "-"), "\(name)")
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
