import Glibc
import TestSupport

/// A machine whose systemd runs the supervisor, with a busybox image in its store.
final class SerenoMachine: Sendable {
    let machine: SystemdUnderTest

    /// A directory that the host, the machine and its containers share, as `/gate` in these.
    var gate: String { machine.shared + "/gate" }

    init() throws {
        let programs = BuiltProgram.directory
        let units = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/units"
        machine = try SystemdUnderTest(units: [
            "sereno.socket": try TestFiles.read(units + "/sereno.socket"),
            "sereno.service": try TestFiles.read(units + "/sereno.service"),
        ])
        // As it is shipped, but for where the programs are.
        try machine.shell("mkdir -p /etc/systemd/system/sereno.service.d")
        try machine.write(
            """
            [Service]
            ExecStart=
            ExecStart=\(programs)/sereno-keeper --engine \(programs)/serenod
            ExecReload=
            ExecReload=\(programs)/sereno daemon reload

            """, to: "/etc/systemd/system/sereno.service.d/programs.conf")
        try machine.systemctl("daemon-reload")
        try TestFiles.makeDirectories(gate)
        chmod(gate, 0o777)
        try machine.systemctl("enable", "--now", "sereno.service")
        try awaitEngine()
        let tar = machine.shared + "/busybox.tar"
        try BusyboxRootfs.makeTar(at: tar)
        try sereno("import", tar, "busybox:latest")
    }

    /// The project's own command inside, when it succeeded: what it printed.
    @discardableResult
    func sereno(_ arguments: String...) throws -> String { try sereno(arguments) }

    /// The same with a list.
    @discardableResult
    func sereno(_ arguments: [String]) throws -> String {
        let done = try machine.run(["sereno"] + arguments)
        guard done.succeeded else {
            let journal = try machine.run("journalctl", "--no-pager", "-n", "40", "-o", "cat").output
            throw TestFailure(
                "sereno \(arguments.prefix(12).joined(separator: " ")): \(done.error)\(done.output)\n\(journal)")
        }
        return done.output
    }

    /// Creates a container that runs a shell script with the gate in it.
    func create(_ name: String, _ options: [String] = [], network: String = "none", _ script: String) throws {
        try sereno(
            ["create", "--name", name, "--network", network, "-v", gate + ":/gate"] + options
                + ["busybox", "sh", "-c", script])
    }

    /// Lets the containers that wait for a file of the gate go on.
    func open(_ name: String) throws { try TestFiles.write("", to: gate + "/" + name) }

    /// How often a container wrote a line to its file in the gate.
    func runs(_ name: String) -> Int {
        ((try? TestFiles.read(gate + "/" + name)) ?? "").split(separator: "\n").count
    }

    /// A property of a container's unit.
    func unit(_ name: String, _ property: String) throws -> String {
        try machine.property(property, of: "sereno-\(name).service")
    }

    /// Waits for a property of a container's unit.
    func awaitUnit(_ name: String, _ property: String, _ value: String, timeout: Double = 60) throws {
        let reached = try eventually(timeout: timeout) { try unit(name, property) == value }
        if !reached {
            let found = try unit(name, property)
            throw TestFailure(
                "\(property) of \(name) is \(found), not \(value):\n"
                    + (try machine.journal(of: "sereno-\(name).service")))
        }
    }

    /// Waits until systemd has left a unit alone because `sereno start-condition` said so. Its `Result` is gone soon: systemd forgets
    /// a unit that does nothing.
    func awaitSkip(_ name: String) throws {
        let skipped = try eventually(timeout: 60) {
            try machine.journal(of: "sereno-\(name).service").contains("Skipped due to 'exec-condition'")
                && unit(name, "ActiveState") == "inactive"
        }
        if !skipped {
            throw TestFailure("\(name) is not left alone:\n" + (try machine.journal(of: "sereno-\(name).service")))
        }
    }

    /// What `why` says, line by line.
    func why(_ name: String) throws -> [String] {
        try sereno("why", name).split(separator: "\n").map { String($0.drop { $0 != " " }.dropFirst(2)) }
    }

    /// Kills the engine with -9 and waits for the next one.
    func killEngine() throws {
        let main = try machine.property("MainPID", of: "sereno.service")
        func engines() throws -> [String] {
            try machine.shell("pgrep -x -P \(main) serenod || true").split(separator: "\n").map(String.init)
        }
        let before = try engines()
        guard before.count == 1 else { throw TestFailure("engines: \(before)") }
        try machine.shell("kill -9 \(before[0])")
        let replaced = try eventually(timeout: 60) { try !engines().isEmpty && engines() != before }
        guard replaced else { throw TestFailure("no new engine came up") }
        try awaitEngine()
    }

    private func awaitEngine() throws {
        if try !eventually(timeout: 60, { try machine.run("sereno", "version").succeeded }) {
            throw TestFailure("the engine does not answer: " + (try machine.journal(of: "sereno.service")))
        }
    }
}
