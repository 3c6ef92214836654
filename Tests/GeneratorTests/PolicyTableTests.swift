import Generator
import Model
import TestSupport
import Testing
import UnitFiles

/// docs/generator-policies.md: what each policy becomes, asked from the files that are written.
enum PolicyTable {
    static let policies: [RestartPolicy] = [
        .no, .onFailure(maximumRetryCount: nil), .onFailure(maximumRetryCount: 5), .always, .unlessStopped,
    ]

    private struct Surroundings {
        var title: String
        var options: GeneratorOptions
    }

    private static var surroundings: [Surroundings] {
        func options(_ system: InitSystem, _ change: (inout GeneratorOptions) -> Void = { _ in }) -> GeneratorOptions {
            var options = GeneratorOptions(system, systemdVersion: 254, program: "/usr/bin/sereno")
            change(&options)
            return options
        }
        func docker(_ system: InitSystem) -> GeneratorOptions {
            var options = GeneratorOptions(
                system, style: .plain, systemdVersion: 254, engine: .docker, program: "/usr/bin/docker")
            options.style = .plain
            return options
        }
        return [
            Surroundings(title: "systemd 254 and later, style attach", options: options(.systemd)),
            Surroundings(
                title: "systemd before 254, style attach", options: options(.systemd) { $0.systemdVersion = 252 }),
            Surroundings(
                title: "systemd, style attach, the engine restarts (`--owner=sereno`)",
                options: options(.systemd) { $0.owner = .sereno }),
            Surroundings(
                title: "systemd 254 and later, style plain, containers of sereno",
                options: options(.systemd) { $0.style = .plain }),
            Surroundings(
                title: "systemd 254 and later, style plain, containers of docker or podman", options: docker(.systemd)),
            Surroundings(title: "upstart", options: options(.upstart)),
            Surroundings(
                title: "upstart, the engine restarts (`--owner=sereno`)",
                options: options(.upstart) { $0.owner = .sereno }),
            Surroundings(title: "upstart, containers of docker or podman", options: docker(.upstart)),
            Surroundings(title: "supervisord", options: options(.supervisord)),
            Surroundings(
                title: "supervisord, the engine restarts (`--owner=sereno`)",
                options: options(.supervisord) { $0.owner = .sereno }),
            Surroundings(title: "supervisord, containers of docker or podman", options: docker(.supervisord)),
        ]
    }

    static func render() throws -> String {
        var text = """
            # What each policy becomes

            Written by the tests from the code (`SERENO_REGENERATE=1 scripts/test`); a test fails when it is stale. What the files hold
            besides is in [generator.md](generator.md); what the policies themselves decide in [policies.md](policies.md).

            "Differs" is against Docker's policy as an engine carries it out.

            """
        for place in surroundings {
            text += "\n## \(place.title)\n\n| policy | becomes | at boot | differs |\n|---|---|---|---|\n"
            for policy in policies {
                let container = ContainerFacts(
                    id: String(repeating: "0", count: 64), name: "web", image: "", policy: policy)
                let set = try Generator.generate([container], names: ["web"], policy: policy, options: place.options)
                let file = try #require(set.files.first)
                let lines = lines(file.tree).map { "`\($0)`" }.joined(separator: "<br>")
                let differences = Generator.differences(policy, options: place.options).joined(separator: "; ")
                text +=
                    "| \(Generator.text(policy)) | \(lines.isEmpty ? "nothing" : lines) | \(file.startsAtBoot ? "started" : "not started") | \(differences.isEmpty ? "in nothing" : differences) |\n"
            }
        }
        return text
    }

    /// What of a file is about restarts.
    private static func lines(_ tree: GeneratedFile.Tree) -> [String] {
        let text = ((try? tree.encoded())?.text ?? "").split(separator: "\n").map(String.init)
        let beginnings = [
            "ExecCondition=", "Restart", "StartLimit", "SuccessExitStatus=", "respawn", "normal exit", "autorestart",
            "exitcodes",
            "startsecs", "startretries", "    /usr/bin/sereno start-condition",
        ]
        return text.filter { line in
            beginnings.contains { line.hasPrefix($0) } || line.contains("start-condition")
                || line.contains("--until-final")
        }.map { String($0.drop { $0 == " " }).replacing("|", with: "\\|") }
    }
}

@Suite struct PolicyTableTests {
    @Test func theTablesOfPoliciesAreInStep() throws {
        let inStep = try GeneratedPage.isInStep("docs/generator-policies.md", with: PolicyTable.render())
        #expect(inStep, "run the tests with SERENO_REGENERATE=1")
    }

    /// Where the engine restarts there is nothing to tell apart, but for what starts at boot.
    @Test func nothingDiffersWhereTheEngineRestarts() {
        for system in InitSystem.allCases {
            var options = GeneratorOptions(system, program: "/usr/bin/sereno")
            options.owner = .sereno
            options.boot = .yes
            for policy in PolicyTable.policies { #expect(Generator.differences(policy, options: options).isEmpty) }
        }
    }
}
