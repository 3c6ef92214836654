import TestSupport
import Testing

/// A supervisor, canaries around it, and one container after the other.
struct Stage {
    let supervisor: SupervisorUnderTest
    let canaries: HostCanaries
    private let engine: Int32?
    private let places: [String]
    private let attack: AttackProgram

    init(places: [String]) throws {
        canaries = try HostCanaries(places: places)
        self.places = places.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        attack = try AttackProgram("hostile-image")
        supervisor = try SupervisorUnderTest()
        engine = supervisor.engineProcess
    }

    /// Every way that a container of the image can be used; how many of its processes ran to their end; `nil` when it could not
    /// even be loaded.
    @discardableResult
    func play(
        _ image: HostileImage, _ name: String, _ options: [String] = [], at place: String? = nil,
        ownProgram: Bool = false
    ) throws -> Int? {
        let loaded = try image.load(into: supervisor)
        check(loaded, name + ": load")
        guard loaded.succeeded else { return nil }
        let program = [attack.path, canaries.path] + places
        let create = ["--name", "hostile"] + options + attack.options + ["hostile"]
        var ran = 0
        // The image's own program may run as long as it likes; it is only looked at in the background.
        if !ownProgram {
            let run = try supervisor.run("sereno", ["run"] + create + program)
            check(run, name + ": run")
            #expect(!run.error.contains("already in use"), "\(name): the last container is still there")
            // What ran to its end was not held up anywhere.
            if run.succeeded { #expect(run.output.hasSuffix("done\n"), "\(name)") }
            // What the container left is looked at from outside, by the place in question.
            if let place { check(try supervisor.sereno("cp", "hostile:/" + place, "-"), name + ": cp") }
            _ = try supervisor.sereno("rm", "-f", "hostile")
            // What is refused is refused before anything runs.
            guard run.succeeded else { return try ended(name, ran: 0) }
            ran = 1
        }
        let asleep = try supervisor.run(
            "sereno", ["run", "-d"] + create + (ownProgram ? [] : ["/bin/busybox", "sleep", "1000"]))
        check(asleep, name + ": run -d")
        if asleep.succeeded {
            let joined = try supervisor.run("sereno", ["exec", "hostile"] + program)
            check(joined, name + ": exec")
            ran += joined.succeeded ? 1 : 0
            check(try supervisor.sereno("logs", "hostile"), name + ": logs")
        }
        _ = try supervisor.sereno("rm", "-f", "hostile")
        return try ended(name, ran: ran)
    }

    private func ended(_ name: String, ran: Int) throws -> Int {
        #expect(supervisor.engineProcess == engine, "\(name): the engine ended; \(supervisor.log)")
        let touched = try canaries.touched()
        #expect(touched.isEmpty, "\(name): \(touched)")
        return ran
    }

    private func check(_ command: Command, _ what: String) {
        #expect(!command.timedOut, "\(what)")
        let said = command.output + command.error
        #expect(!said.contains(canaries.token), "\(what) read a canary")
        guard let start = command.error.split(separator: "\n").first(where: { $0.hasPrefix("sereno: ") }) else {
            return
        }
        // A refusal names what is wrong with the image, and nothing of the host's.
        #expect(start.split(separator: " ").count > 3, "\(what): \(start)")
        for word in [supervisor.directory.child("data"), "errno", "Error(", "Optional("] {
            #expect(!start.contains(word), "\(what): \(start)")
        }
    }
}
