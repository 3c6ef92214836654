import Glibc
import TestSupport
import Testing
import UnitFiles

/// Arguments and environments that break what is written by joining strings: by the thousand, from a printed seed.
@Suite("Hostile values arrive byte for byte", .serialized)
struct HostileValueTests {
    private let sereno: SerenoMachine
    private var machine: SystemdUnderTest { sereno.machine }
    private var seed: UInt64

    init() throws {
        sereno = try SerenoMachine()
        seed = getenv("SERENO_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: 0...999_999)
        print("hostile values: SERENO_SEED=\(seed)")
    }

    private static let parts: [String] = [
        "", " ", "\t", "\n", "\r", "\"", "'", "\\", "\\\\", "%", "%%", "%i", "%n", "$", "$$", "${HOME}", "$HOME", ";",
        " ; ", "#",
        "a", "-", "=", ":", "@", "!", "+", "|", "&", "<", ">", "`", "$(id)", "*", "?", "~", "[Install]",
        "\nExecStart=/bin/false",
        "\\x20", "\\n", "\u{e9}", "\u{1f43b}", "\u{7f}", "\u{1}", "/", "..",
    ]

    private func value(_ chance: inout SeededGenerator) -> [UInt8] {
        (0..<Int.random(in: 0...6, using: &chance)).flatMap { _ in
            Array((Self.parts.randomElement(using: &chance) ?? "").utf8)
        }
    }

    private static func words(_ bytes: [UInt8]) -> [[UInt8]] {
        var words = bytes.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
        if words.last?.isEmpty == true { words.removeLast() }
        return words
    }

    @Test("In a container that a unit runs")
    func container() throws {
        var chance = SeededGenerator(seed: seed)
        let arguments = (0..<2000).map { _ in value(&chance) } + [[UInt8](repeating: 0x41, count: 65_536)]
        let environment = (0..<1000).map { (name: "V\($0)", value: value(&chance)) }
        func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
        let script =
            "cat /proc/$$/cmdline >/gate/cmdline; cat /proc/$$/environ >/gate/environ; while :; do sleep 0.1; done"
        var words = ["create", "--name", "hostile", "--restart", "always", "-v", sereno.gate + ":/gate"]
        words += ["--label", "x=" + text(value(&chance)) + "\n[Service]\nExecStart=/bin/false"]
        for (name, value) in environment { words += ["-e", "\(name)=\(text(value))"] }
        words += ["busybox", "sh", "-c", script, "sh"] + arguments.map(text)
        try sereno.sereno(words)
        try sereno.sereno("generate", "systemd", "--install", "--now", "hostile")
        #expect(eventually(timeout: 60) { TestFiles.exists(sereno.gate + "/environ") })
        #expect(
            eventually(timeout: 60) {
                (try? Self.words(TestFiles.readBytes(sereno.gate + "/environ")).count) ?? 0 >= environment.count
            })
        let seen = Self.words(try TestFiles.readBytes(sereno.gate + "/cmdline"))
        #expect(seen.dropFirst(4).elementsEqual(arguments))
        let wanted = Set(environment.map { Array("\($0.name)=".utf8) + $0.value })
        let found = Set(Self.words(try TestFiles.readBytes(sereno.gate + "/environ")))
        #expect(wanted.subtracting(found).isEmpty)
        // What was not meant is not there: the unit has one command, and the label is in none.
        let shown = try machine.systemctl("show", "sereno-hostile")
        #expect(!shown.contains("/bin/false"))
        #expect(shown.split(separator: "\n").filter { $0.hasPrefix("ExecStart=") }.count == 1)
    }

    @Test("In the command lines and environments of units themselves")
    func units() throws {
        var chance = SeededGenerator(seed: seed &+ 1)
        let unitCount = 20
        let reader = "/usr/bin/cat /proc/$PPID/cmdline >\"$1\"; /usr/bin/cat /proc/$PPID/environ >\"$2\""
        try machine.write(
            "#!/bin/bash\n/bin/bash -c '\(reader)' x \"$1\" \"$2\"\n", to: "/etc/sereno-test-reader", mode: "0755")
        var expected: [(arguments: [[UInt8]], environment: [[UInt8]])] = []
        for number in 0..<unitCount {
            let arguments = (0..<100).map { _ in value(&chance) }
            // systemd takes UTF-8 without control characters but tab and newline only here.
            let environment = (0..<50).map {
                (name: "V\($0)", value: value(&chance).filter { $0 >= 0x20 && $0 != 0x7F })
            }
            let program: [SystemdText] = ["\(sereno.gate)/cmd\(number)", "\(sereno.gate)/env\(number)"].map {
                SystemdText($0)
            }
            let command = SystemdCommandLine(
                SystemdText("/etc/sereno-test-reader"), program + arguments.map { SystemdText(ByteString($0)) })
            var service = SystemdUnit.Section("Service")
            service.add("Type", .plain("oneshot"))
            service.add("ExecStart", .commands([command]))
            service.add(
                "Environment",
                .environment(environment.map { SystemdAssignment($0.name, SystemdText(ByteString($0.value))) }))
            let file = try SystemdUnit([service]).encoded()
            try TestFiles.write(String(decoding: file.bytes, as: UTF8.self), to: machine.shared + "/unit\(number)")
            try machine.shell("cp \(machine.shared)/unit\(number) /etc/systemd/system/hostile-\(number).service")
            expected.append((arguments, environment.map { Array("\($0.name)=".utf8) + $0.value }))
        }
        try machine.install("plain.service", "[Service]\nType=oneshot\nExecStart=/bin/true\nEnvironment=V0=x\n")
        let names = (0..<unitCount).map { "hostile-\($0).service" }
        try expect(machine.run(["systemctl", "start", "plain.service"] + names, timeout: 120))
        for (number, wanted) in expected.enumerated() {
            let seen = Self.words(try TestFiles.readBytes(sereno.gate + "/cmd\(number)"))
            // The interpreter, the script and its two files come first.
            #expect(seen.dropFirst(4).elementsEqual(wanted.arguments), "unit \(number)")
            let found = Set(Self.words(try TestFiles.readBytes(sereno.gate + "/env\(number)")))
            #expect(Set(wanted.environment).subtracting(found).isEmpty, "unit \(number)")
        }
        // Nothing was set that was not meant.
        let properties = try settable("plain.service")
        #expect(properties.count > 200)
        let plain = try settings("plain.service", properties)
        for name in names {
            let set = try settings(name, properties)
            let differing = zip(set, plain).filter { $0 != $1 }
            #expect(set.count == plain.count && differing.isEmpty, "\(name): \(differing.prefix(5))")
            let commands = try machine.systemctl("show", "--property=ExecStart", name)
            #expect(commands.split(separator: "ExecStart={ path=", omittingEmptySubsequences: false).count == 2)
        }
    }

    /// The names of all properties but those that differ on purpose, and what time and place make of a unit.
    private func settable(_ unit: String) throws -> [String] {
        let own: Set<String> = [
            "ExecStart", "ExecStartEx", "Environment", "Id", "Names", "FragmentPath", "Description", "InvocationID",
            "ControlGroup", "ControlGroupId", "MainPID", "NRestarts",
        ]
        let measured = [
            "ExecMain", "CPUUsage", "MemoryCurrent", "MemoryAvailable", "TasksCurrent", "IPIngress", "IPEgress",
        ]
        let counted = ["IOReadBytes", "IOReadOperations", "IOWriteBytes", "IOWriteOperations"]
        return try machine.systemctl("show", "--all", unit).split(separator: "\n").map {
            String($0.prefix { $0 != "=" })
        }
        .filter { name in
            !own.contains(name) && !counted.contains(name) && !measured.contains { name.hasPrefix($0) }
                && !name.hasSuffix("Timestamp") && !name.hasSuffix("TimestampMonotonic")
        }
    }

    /// The values of these properties, none of which holds a line break in a unit that is what was meant. Of dependencies systemd
    /// keeps no order.
    private func settings(_ unit: String, _ names: [String]) throws -> [String] {
        try machine.systemctl("show", "--all", "--property=" + names.joined(separator: ","), unit)
            .split(separator: "\n").map { line in
                let value = line.drop { $0 != "=" }.dropFirst()
                let words = value.split(separator: " ", omittingEmptySubsequences: false).sorted()
                return line.prefix { $0 != "=" } + "=" + words.joined(separator: " ")
            }
    }
}
