import Generator
import Model
import TestSupport
import Testing
import UnitFiles

@Suite("Of a directory only what the generator wrote is touched")
struct ManifestTests {
    private func set(_ names: [String], _ system: InitSystem = .systemd, stop: Int = 10) throws -> GeneratedSet {
        let containers = names.map { name in
            var container = ContainerFacts(
                id: SHA256.hexadecimal(of: name.utf8), name: name, image: "app", policy: .always)
            container.stopTimeout = stop
            return container
        }
        return try Generator.generate(containers, options: GeneratorOptions(system, program: "/usr/bin/sereno"))
    }

    /// The directory after a plan was carried out.
    private func after(_ plan: ManifestPlan, _ found: FoundDirectory) -> FoundDirectory {
        var next = FoundDirectory(manifest: plan.after, contents: found.contents)
        for write in plan.writes { next.contents[write.name] = write.contents }
        for name in plan.removes { next.contents[name] = nil }
        return next
    }

    @Test func aWholeSetReplacesWhatWasThereAndNothingElse() throws {
        let first = try Manifest.plan(FoundDirectory(), replacing: set(["web", "db"]), whole: true)
        #expect(first.writes.map(\.name) == ["sereno-db.service", "sereno-web.service"] && first.removes.isEmpty)
        let found = after(first, FoundDirectory())
        #expect(try Manifest.plan(found, replacing: set(["web", "db"]), whole: true).isEmpty)
        let second = try Manifest.plan(found, replacing: set(["web"], stop: 20), whole: true)
        #expect(second.writes.map(\.name) == ["sereno-web.service"] && second.removes == ["sereno-db.service"])
        #expect(Set(second.during.entries) == Set(found.manifest.entries + second.after.entries))
        #expect(second.after.names == ["sereno-web.service"])
    }

    @Test func namedContainersLeaveTheOthersAlone() throws {
        let found = after(
            try Manifest.plan(FoundDirectory(), replacing: set(["web", "db"]), whole: true), FoundDirectory())
        let plan = try Manifest.plan(found, replacing: set(["web"], stop: 20), whole: false)
        #expect(plan.removes.isEmpty && plan.after.names == ["sereno-db.service", "sereno-web.service"])
    }

    @Test func filesForAnotherInitSystemStayInTheSameDirectory() throws {
        let found = after(try Manifest.plan(FoundDirectory(), replacing: set(["web"]), whole: true), FoundDirectory())
        let plan = try Manifest.plan(found, replacing: set(["db"], .upstart), whole: true)
        #expect(plan.removes.isEmpty && plan.after.names == ["sereno-db.conf", "sereno-web.service"])
        let both = after(plan, found)
        #expect(throws: ManifestError.otherSystem("sereno-db.conf", .upstart)) {
            try Manifest.plan(both, replacing: set(["db"], .supervisord), whole: true, force: true)
        }
        #expect(try Manifest.removal(both, of: .upstart).removes == ["sereno-db.conf"])
        #expect(try Manifest.removal(both, of: .upstart).after.names == ["sereno-web.service"])
    }

    @Test func aStrangersFileIsNeverTouched() throws {
        let found = FoundDirectory(contents: ["sereno-web.service": "mine"])
        for force in [false, true] {
            let error = #expect(throws: ManifestError.foreign("sereno-web.service")) {
                try Manifest.plan(found, replacing: set(["web"]), whole: true, force: force)
            }
            #expect(error?.description.contains("move it away first") == true)
        }
    }

    @Test func anEditedFileIsKeptUnlessForced() throws {
        var found = after(
            try Manifest.plan(FoundDirectory(), replacing: set(["web", "db"]), whole: true), FoundDirectory())
        found.contents["sereno-web.service"]?.bytes += Array("# mine\n".utf8)
        #expect(throws: ManifestError.edited("sereno-web.service")) {
            try Manifest.plan(found, replacing: set(["web", "db"]), whole: true)
        }
        #expect(throws: ManifestError.edited("sereno-web.service")) {
            try Manifest.plan(found, replacing: set(["db"]), whole: true)
        }
        #expect(throws: ManifestError.edited("sereno-web.service")) { try Manifest.removal(found, of: .systemd) }
        #expect(try Manifest.plan(found, replacing: set(["web", "db"]), whole: true, force: true).writes.count == 1)
        #expect(try Manifest.removal(found, of: .systemd, force: true).removes.count == 2)
    }

    /// A machine that stops between any two steps leaves files that the next run still knows.
    @Test func everyMomentOfAReplacementCanBeGoneOnFrom() throws {
        let old = after(
            try Manifest.plan(FoundDirectory(), replacing: set(["web", "db"]), whole: true), FoundDirectory())
        let wanted = try set(["web", "job"], stop: 20)
        let plan = try Manifest.plan(old, replacing: wanted, whole: true)
        var moment = FoundDirectory(manifest: plan.during, contents: old.contents)
        func check() throws {
            let next = try Manifest.plan(moment, replacing: wanted, whole: true)
            let end = after(next, moment)
            #expect(end == after(plan, old))
        }
        try check()
        for write in plan.writes {
            moment.contents[write.name] = write.contents
            try check()
        }
        for name in plan.removes {
            moment.contents[name] = nil
            try check()
        }
        moment.manifest = plan.after
        #expect(try Manifest.plan(moment, replacing: wanted, whole: true).isEmpty)
    }

    @Test func theManifestIsReadBackAndADamagedOneIsRefused() throws {
        let plan = try Manifest.plan(FoundDirectory(), replacing: set(["web", "db"]), whole: true)
        #expect(try Manifest(parsing: plan.after.encoded) == plan.after)
        for text in [
            "", "x\n", "sereno generate manifest 1\nfile systemd short name\n",
            "sereno generate manifest 1\nfile systemd \(String(repeating: "0", count: 64)) ../../etc/passwd\n",
        ] {
            #expect(throws: ManifestError.self, "\(text)") { try Manifest(parsing: ByteString(text)) }
        }
    }

    @Test func aComparisonTellsWhatIsDifferentAndWhy() throws {
        let wanted = try set(["web", "db"])
        var found = after(try Manifest.plan(FoundDirectory(), replacing: wanted, whole: true), FoundDirectory())
        #expect(Manifest.compare(found, with: wanted, whole: true).isEmpty)
        func told(_ set: GeneratedSet, whole: Bool = true) -> String {
            Manifest.compare(found, with: set, whole: whole).text ?? ""
        }
        let changed = told(try set(["web", "db"], stop: 20))
        #expect(
            changed.contains("sereno-web.service: what it was generated from has changed\n--- sereno-web.service\n+++ ")
        )
        #expect(changed.contains("-TimeoutStopSec=40\n+TimeoutStopSec=50\n"))
        #expect(
            told(try set(["web"])).hasPrefix(
                "sereno-db.service: would not be generated any more\n--- sereno-db.service\n+++ /dev/null\n"))
        #expect(told(try set(["web"]), whole: false).isEmpty)
        #expect(told(try set(["web", "db", "job"])).hasPrefix("sereno-job.service: is missing\n--- /dev/null\n"))
        found.contents["sereno-web.service"]?.bytes.removeLast()
        #expect(told(wanted).contains("sereno-web.service: was edited\n"))
        #expect(told(wanted).contains("\\ No newline at end of file\n"))
    }
}

@Suite struct UnifiedDiffTests {
    /// patch(1) is the judge where it is installed; diff(1) everywhere.
    @Test func theDifferenceIsThatOfDiff() throws {
        let directory = try TemporaryDirectory()
        var seed: UInt64 = 7
        func random(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        for round in 0..<40 {
            var old = (0..<random(40)).map { _ in "line \(random(30))" }
            let before = old
            for _ in 0..<random(6) { if !old.isEmpty { old.remove(at: random(old.count)) } }
            for _ in 0..<random(6) { old.insert("new \(random(9))", at: random(old.count + 1)) }
            let texts = [before, old].map { $0.map { $0 + "\n" }.joined() }
            try TestFiles.write(texts[0], to: directory.child("a"))
            try TestFiles.write(texts[1], to: directory.child("b"))
            let mine =
                UnifiedDiff.between(ByteString(texts[0]), ByteString(texts[1]), oldName: "a", newName: "b").text ?? ""
            let said = try Command.run([
                "diff", "-u", "--label", "a", "--label", "b", directory.child("a"), directory.child("b"),
            ])
            // Another shortest script may be as good; what it comes to has to be the same.
            #expect(apply(mine, to: before) == old, "round \(round):\n\(mine)\n\(said.output)")
            #expect(mine.isEmpty == said.output.isEmpty)
        }
    }

    private func apply(_ difference: String, to old: [String]) -> [String] {
        var answer: [String] = []
        var at = 0
        for line in difference.split(separator: "\n").map(String.init).dropFirst(2) {
            if line.hasPrefix("@@ -") {
                let words = line.dropFirst(4).split { $0 == "," || $0 == " " }
                let isEmpty = line.split(separator: " ")[1].hasSuffix(",0")
                let start = (Int(words[0]) ?? 0) - (isEmpty ? 0 : 1)
                answer += old[at..<start]
                at = start
            } else if line.hasPrefix("+") {
                answer.append(String(line.dropFirst()))
            } else {
                if line.dropFirst() != old[at] { return ["\(line) is not \(old[at])"] }
                if line.hasPrefix(" ") { answer.append(old[at]) }
                at += 1
            }
        }
        return answer + old[at...]
    }
}
