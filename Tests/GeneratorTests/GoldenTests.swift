import Generator
import TestSupport
import Testing
import UnitFiles

@Suite("Every case gives what it says")
struct GoldenTests {
    @Test(arguments: try GoldenCase.all()) func theFilesAreThoseOfTheCase(_ golden: GoldenCase) throws {
        let result = Result { () throws(GeneratorError) in try golden.generate() }
        #expect(!golden.assertions.isEmpty, "\(golden) expects nothing")
        for assertion in golden.assertions {
            let place = "\(golden), line \(assertion.line)"
            switch result {
            case .failure(let error):
                guard assertion.kind == "assert-error" else {
                    Issue.record("\(place): \(error)")
                    continue
                }
                #expect(error.description.contains(assertion.words.joined(separator: " ")), "\(place): \(error)")
            case .success(let set): check(assertion, set, place)
            }
        }
        guard case .success(let set) = result else { return }
        let folder = "\(GoldenCase.folder)/\(golden)"
        for file in set.files {
            let text = try #require(file.contents.text)
            let inStep = try GeneratedPage.isInStep("\(folder)/\(file.name)", with: text)
            #expect(inStep, "\(golden): \(file.name) differs; run the tests with SERENO_REGENERATE=1 and look at it")
        }
        let present = try TestFiles.list(GeneratedPage.root + "/" + folder).filter { $0 != "input.txt" }
        #expect(Set(present) == Set(set.files.map(\.name)))
    }

    private func check(_ assertion: GoldenCase.Assertion, _ set: GeneratedSet, _ place: String) {
        let words = assertion.words
        switch assertion.kind {
        case "assert-files": #expect(set.files.map(\.name) == words.sorted(), "\(place)")
        case "assert-note":
            let wanted = words.joined(separator: " ")
            #expect(set.notes.contains { $0.description.contains(wanted) }, "\(place): \(set.notes)")
        case "assert-no-notes": #expect(set.notes.isEmpty, "\(place): \(set.notes)")
        case "assert-line", "assert-no-line":
            let lines = (set.files.first { $0.name == words[0] }?.contents.text ?? "").split(separator: "\n").map(
                String.init)
            let wanted = words.dropFirst().joined(separator: " ")
            let found = lines.contains {
                $0.drop { $0 == " " } == wanted || (wanted.hasSuffix("…") && $0.hasPrefix(wanted.dropLast()))
            }
            #expect(found == (assertion.kind == "assert-line"), "\(place): \(wanted)")
        case "assert-boot":
            #expect(set.files.filter(\.startsAtBoot).map(\.name) == words, "\(place)")
        default: Issue.record("\(place): no such assertion: \(assertion.kind)")
        }
    }

    @Test(arguments: try GoldenCase.all()) func everyFileIsReadBackAsItsTree(_ golden: GoldenCase) throws {
        guard let set = try? golden.generate() else { return }
        for file in set.files {
            let read: GeneratedFile.Tree =
                switch file.system {
                case .systemd: .systemd(try SystemdUnit(parsing: file.contents))
                case .upstart: .upstart(try UpstartJob(parsing: file.contents))
                case .supervisord: .supervisord(try SupervisordConfig(parsing: file.contents))
                }
            #expect(read == file.tree, "\(golden): \(file.name)")
            if file.system == .upstart { _ = try UpstartOracle(file.contents.bytes) }
        }
    }

    @Test(arguments: try GoldenCase.all()) func theOrderOfTheContainersDoesNotMatter(_ golden: GoldenCase) throws {
        guard let set = try? golden.generate() else { return }
        let other = try Generator.generate(
            golden.containers.reversed() + golden.containers, names: golden.names?.reversed(), policy: golden.policy,
            options: golden.options)
        #expect(other.files == set.files)
    }
}

/// systemd's own check of units: it tells of every line that it would not read.
@Suite("systemd has nothing to say against the units", .serialized)
struct VerifyTests {
    private static let installed: Int = {
        let told = (try? Command.run(["systemd-analyze", "--version"]).output) ?? ""
        return told.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }()

    @Test(arguments: try GoldenCase.all()) func verifyIsSilent(_ golden: GoldenCase) throws {
        try #require(Self.installed > 0, "systemd-analyze is missing: run scripts/setup")
        guard golden.options.system == .systemd, golden.options.systemdVersion <= Self.installed else { return }
        guard let set = try? golden.generate({ $0.program = "/bin/true" }) else { return }
        let directory = try TemporaryDirectory()
        for name in ["sereno", "docker", "podman"] {
            try TestFiles.write("[Service]\nExecStart=/bin/true\n", to: directory.child(name + ".service"))
            try TestFiles.write(
                "[Socket]\nListenStream=/run/x\nService=\(name).service\n", to: directory.child(name + ".socket"))
        }
        for file in set.files { try TestFiles.write(bytes: file.contents.bytes, to: directory.child(file.name)) }
        let files = set.files.map { directory.child($0.name) }
        let scope = golden.options.scope == .user ? ["--user"] : []
        for form in [[], ["--recursive-errors=no"]] {
            let said = try Command.run(
                ["systemd-analyze"] + scope + ["verify", "--man=no"] + form + files,
                environment: ["PATH=/usr/bin:/bin", "XDG_RUNTIME_DIR=" + directory.path, "HOME=" + directory.path])
            #expect(said.succeeded && said.error.isEmpty, "\(golden): \(said.status) \(said.error)")
        }
        for file in set.files where file.name.hasSuffix(".service") {
            let said = try Command.run([
                "systemd-analyze", "security", "--offline=true", "--no-pager", directory.child(file.name),
            ])
            #expect(said.output.contains("Overall exposure level"), "\(golden): \(said.error)")
        }
    }
}
