import Generator
import Model
import TestSupport
import Testing
import UnitFiles

/// Facts that nobody would choose: whatever they are, there is a set that is read back, or an error that says what to do.
@Suite struct RandomFactsTests {
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private static let odd = [
        "a", " ", "\"", "'", "\\", "%", "$", ";", "#", "\n", "\t", "=", "/", "é", "\u{2003}", "[Service]\n", "\r",
    ]

    private static func text(_ generator: inout Seeded) -> String {
        (0..<Int.random(in: 0...8, using: &generator)).map { _ in odd[Int.random(in: 0..<odd.count, using: &generator)]
        }.joined()
    }

    private static func container(_ number: Int, _ generator: inout Seeded) -> ContainerFacts {
        let policies: [RestartPolicy] = [
            .no, .onFailure(maximumRetryCount: nil), .onFailure(maximumRetryCount: Int.max), .always, .unlessStopped,
        ]
        var container = ContainerFacts(
            id: SHA256.hexadecimal(of: "\(number)".utf8), name: "c\(number)", image: text(&generator),
            policy: policies[Int.random(in: 0..<policies.count, using: &generator)])
        container.stopSignal = Signal(number: Int32.random(in: 1...64, using: &generator))
        container.stopTimeout = [nil, -1, 0, 45, Int(Int32.max)][Int.random(in: 0..<5, using: &generator)]
        container.bindSources = (0..<Int.random(in: 0...3, using: &generator)).map { _ in "/" + text(&generator) }
        container.labels = [
            text(&generator): text(&generator),
            "com.docker.compose.project": Bool.random(using: &generator) ? "p" : text(&generator),
        ]
        container.labels["com.docker.compose.service"] = container.name
        if number > 0, Bool.random(using: &generator) {
            let conditions = ["service_started", "service_healthy", "service_completed_successfully", text(&generator)]
            container.labels["com.docker.compose.depends_on"] =
                "c\(Int.random(in: 0..<number, using: &generator)):\(conditions[Int.random(in: 0..<4, using: &generator)]):true,x,:,,"
        }
        if Bool.random(using: &generator) {
            container.healthcheck = ContainerFacts.Healthcheck(
                interval: Int64.random(in: 0...Int64.max, using: &generator), timeout: Int64.max, startPeriod: -5,
                retries: Int.random(in: 0...Int.max, using: &generator))
        }
        return container
    }

    @Test(arguments: [20_260_101, UInt64.random(in: 0...UInt64.max)]) func theSetIsReadBackOrTheErrorSaysWhatToDo(
        seed: UInt64
    ) throws {
        var generator = Seeded(state: seed)
        var written = 0
        for round in 0..<400 {
            let containers = (0..<Int.random(in: 1...6, using: &generator)).map { Self.container($0, &generator) }
            var options = GeneratorOptions(
                InitSystem.allCases[round % 3], systemdVersion: round % 2 == 0 ? 252 : 257,
                program: "/opt/the program's \"%h\"")
            if options.system == .systemd { options.program = "/opt/sereno" }
            if round % 5 == 0 { options.owner = .sereno }
            if round % 7 == 0 { options.style = .plain }
            if round % 4 == 0 { options.address = "unix:///run/a b%c$d" }
            do {
                let set = try Generator.generate(containers, options: options)
                written += set.files.count
                for file in set.files {
                    let read: GeneratedFile.Tree =
                        switch file.system {
                        case .systemd: .systemd(try SystemdUnit(parsing: file.contents))
                        case .upstart: .upstart(try UpstartJob(parsing: file.contents))
                        case .supervisord: .supervisord(try SupervisordConfig(parsing: file.contents))
                        }
                    #expect(read == file.tree, "seed \(seed), round \(round): \(file.contents)")
                }
            } catch let error as GeneratorError {
                #expect(error.description.contains("; "), "seed \(seed), round \(round): \(error)")
            }
        }
        #expect(written > 100)
    }
}
