import ArgumentParser
import CTorture
import Glibc
import TestSupport

/// Sets supervisors under real faults and counts what they lose.
struct TortureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sereno-torture", abstract: "Set supervisors under real faults and count what they lose.",
        discussion:
            "Each torture prints its figures; the exit code is 1 when a promise was broken. See docs/reliability.md.",
        subcommands: [Run.self, Recycle.self, Without.self], defaultSubcommand: Run.self)
}

/// Runs tortures by name.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the tortures of these names, or all.")

    @Flag(help: "List them.")
    var list = false
    @Flag(help: "Do little of each: a few seconds.")
    var quick = false
    @Argument(help: "Their names.")
    var names: [String] = []

    func run() throws {
        if list {
            for torture in Tortures.all { print("\(torture.name): \(torture.summary)") }
            return
        }
        let unknown = names.filter { name in !Tortures.all.contains { $0.name == name } }
        guard unknown.isEmpty else {
            throw ValidationError("there is no torture called \(unknown.joined(separator: ", "))")
        }
        guard geteuid() == 0 else { throw ValidationError("tortures start supervisors and need root") }
        var broken: [String] = []
        for torture in Tortures.all where names.isEmpty || names.contains(torture.name) {
            if !attempt(torture) { broken.append(torture.name) }
        }
        guard broken.isEmpty else {
            print("BROKEN: \(broken.joined(separator: " "))")
            throw ExitCode(1)
        }
    }

    private func attempt(_ torture: any Torture.Type) -> Bool {
        tell("\(torture.name): \(torture.summary)")
        let report = Report()
        let start = ContinuousClock.now
        do {
            try torture.run(quick ? .quick : .full, report)
        } catch {
            report.violated("it came to no end: \(error)")
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        tell(report.text + "  \(report.isClean ? "held" : "BROKEN"), in \(Int(seconds.rounded())) s")
        return report.isClean
    }

    /// At once, as a torture may take an hour.
    private func tell(_ text: String) {
        print(text)
        fflush(nil)
    }
}

/// Takes the numbers of dead processes, inside a PID namespace.
struct Recycle: ParsableCommand {
    static let configuration = CommandConfiguration(shouldDisplay: false)

    @Argument var held: String
    @Argument var tally: String

    func run() throws {
        let code = ctorture_recycle(held, tally, 1000)
        throw TestFailure("recycle", held, code)
    }
}

TortureCommand.main()
