import TestSupport
import Testing
import UnitFiles

/// systemd itself is the judge of what the encoder writes.
@Suite("What a unit file says arrives", .serialized)
struct UnitTextTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private static let alphabet: [UInt8] = Array("a \"'\\%$;#\n\t\r{}=,[]!-@:".utf8) + [0x01, 0x7F, 0xC3, 0xA9, 0xFF]

    private static func text(_ generator: inout Generator) -> ByteString {
        ByteString(
            (0..<Int.random(in: 0...24, using: &generator)).map { _ in
                Bool.random(using: &generator)
                    ? alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                    : UInt8.random(in: 1...255, using: &generator)
            })
    }

    @Test(
        "Thousands of hostile arguments and variables arrive byte for byte, and no directive comes of them",
        arguments: [20_260_101, UInt64.random(in: 0...UInt64.max)])
    func arrive(seed: UInt64) throws {
        let machine = try SystemdUnderTest()
        var generator = Generator(state: seed)
        let directory = machine.shared
        var service = SystemdUnit.Section("Service")
        service.add("Type", .plain("oneshot"))
        var wanted: [[UInt8]] = []
        var variables: [SystemdAssignment] = []
        while variables.count < 300 {
            let value = Self.text(&generator)
            if value.text != nil { variables.append(SystemdAssignment("V\(variables.count)", SystemdText(value))) }
        }
        for variable in variables { service.add("Environment", .environment([variable])) }
        for index in 0..<250 {
            let words = (0..<Int.random(in: 1...12, using: &generator)).map { _ in Self.text(&generator) }
            let dump = ["-c", ByteString("printf '%s\\0' \"$@\" >\(directory)/\(index)"), "sh"] + words
            service.add("ExecStart", .commands([SystemdCommandLine("/bin/sh", dump.map { SystemdText($0) })]))
            wanted.append(words.flatMap { $0.bytes + [0] })
        }
        let long = ByteString((0..<65_536).map { UInt8(truncatingIfNeeded: 1 + $0 % 255) })
        let last = [
            "-c", ByteString("printf %s \"$1\" >\(directory)/long; cat /proc/self/environ >\(directory)/env"), "sh",
            long,
        ]
        service.add("ExecStart", .commands([SystemdCommandLine("/bin/sh", last.map { SystemdText($0) })]))
        let unit = SystemdUnit([SystemdUnit.Section("Unit", [.directive("Description", .text("hostile"))]), service])
        try machine.install("hostile.service", try #require(try unit.encoded().text))
        try machine.systemctl("start", "hostile.service")
        for (index, bytes) in wanted.enumerated() {
            #expect(try TestFiles.readBytes("\(directory)/\(index)") == bytes, "seed \(seed), command \(index)")
        }
        #expect(try TestFiles.readBytes(directory + "/long") == long.bytes, "seed \(seed)")
        let environment = Set(try TestFiles.readBytes(directory + "/env").split(separator: 0).map(Array.init))
        for variable in variables {
            let entry = Array((variable.name + "=").utf8) + (variable.value.literal?.bytes ?? [])
            #expect(environment.contains(entry), "seed \(seed), variable \(variable.name)")
        }
        // Nothing that was not meant became a directive: systemd complains of lines by file and number.
        let journal = try machine.run("journalctl", "--no-pager", "-o", "cat", "_PID=1").output
        #expect(!journal.contains(/hostile\.service:[0-9]/), "seed \(seed): \(journal)")
        // A unit with arguments that are not UTF-8 runs, and systemd has no way to show it; so this is asked of one property.
        let restart = try machine.run(
            "busctl", "get-property", "org.freedesktop.systemd1", "/org/freedesktop/systemd1/unit/hostile_2eservice",
            "org.freedesktop.systemd1.Service", "Restart")
        #expect(restart.output == "s \"no\"\n")
    }

    @Test("Every rest of a line and every path arrives")
    func rests() throws {
        let machine = try SystemdUnderTest()
        for (index, text) in ["%", "a\\", "a\\\\", "\"q\"", "'", "$x ${y}", ";x #y", "é\u{1F433}", "%n %%"].enumerated()
        {
            let paths = SystemdText(ByteString("/tmp/" + text))
            let unit = SystemdUnit([
                SystemdUnit.Section(
                    "Unit",
                    [
                        .directive("Description", .text(SystemdText(text))),
                        .directive("RequiresMountsFor", .words([paths, "/x"])),
                    ]),
                SystemdUnit.Section("Service", [.directive("ExecStart", .commands([SystemdCommandLine("/bin/true")]))]),
            ])
            try machine.install("rest\(index).service", try #require(try unit.encoded().text))
            #expect(try machine.property("Description", of: "rest\(index).service") == text)
            let shown = try machine.run(
                "busctl", "--json=short", "get-property", "org.freedesktop.systemd1",
                "/org/freedesktop/systemd1/unit/rest\(index)_2eservice", "org.freedesktop.systemd1.Unit",
                "RequiresMountsFor"
            ).output
            let escaped = "/tmp/" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            #expect(shown.contains("\"\(escaped)\""), "\(text): \(shown)")
        }
    }
}
