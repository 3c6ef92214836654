import GoTemplate
import Images
import Linux
import Model

@testable import Isolation
@testable import Logs

extension FuzzTarget {
    static let templates = FuzzTarget("templates", "a template ends, with an output of bounded length or a message") {
        input in
        // As in Go `{{range 1000000000}}` is a billion turns, and a user's own.
        guard let template = try? Template(input.text), !input.text.contains(/range[^}]*[0-9]{5}/) else { return }
        let value = TemplateValue.map(
            TemplateMap([
                ("Name", .string("lamp")), ("Count", .int(3)), ("Ratio", .double(0.5)), ("On", .bool(true)),
                ("Ports", .array([.int(80), .int(443)])),
                ("Labels", .map(TemplateMap([("a", .string("1")), ("b", .string("2"))]))),
                ("Nothing", .null(.interface)),
            ]))
        let clock = ContinuousClock()
        let start = clock.now
        if let output = try? template.render(value) {
            try hold(output.utf8.count <= 64 << 20, "an output of \(output.utf8.count) bytes")
        }
        try hold(clock.now - start < .seconds(5), "a template takes \(clock.now - start)")
    }

    static let names = FuzzTarget("names", "a name that is taken is safe as a file name; a reference says itself again")
    { input in
        let text = input.text
        if let name = ContainerName(text) {
            try hold(
                !name.text.contains("/") && name.text != "." && name.text != ".." && !name.text.utf8.contains(0),
                "the name \(name)")
            try hold(name.text.utf8.count <= ContainerName.maximumLength, "a long name")
            try hold(ContainerName(name.text) == name, "\(name) is not a name")
        }
        if let id = ContainerID(text) {
            try hold(id.text.utf8.count == 64 && ContainerID(id.text) == id, "the identity \(id.text)")
        }
        if let reference = try? ImageReference(parsing: text) {
            let again = try? ImageReference(parsing: reference.description)
            try hold(again == reference, "\(reference) is read again as \(again.map { $0.description } ?? "nothing")")
            try hold(!reference.path.split(separator: "/").contains(".."), "\(reference) climbs")
        }
    }

    static let seccomp = FuzzTarget("seccomp", "a profile is compiled or refused with a message") { input in
        guard let profile = try? SeccompProfile.parse(input.text) else { return }
        if let program = try? SeccompCompiler.compile(profile, capabilities: []) {
            try hold(program.count % 8 == 0, "a filter of \(program.count) bytes")
        }
    }

    /// Signals, sizes, times and spans as people type them.
    static let words = FuzzTarget("words", "a word that is understood is written and understood again as the same") {
        input in
        let text = input.text
        if let signal = Signal(parsing: text) {
            try hold(Signal(parsing: "\(signal.number)") == signal, "the signal \(text)")
        }
        if let time = WallTime(rfc3339: text), time.nanoseconds != 0 {
            try hold(WallTime(rfc3339: time.rfc3339Nano) == time, "\(text) is \(time.rfc3339Nano)")
        }
        if let size = try? ByteSize.parse(text, .decimal) { try hold(size >= 0, "a size of \(size)") }
        if let span = try? Nanoseconds(goText: text) {
            try hold(try Nanoseconds(goText: span.goText) == span, "\(text) is \(span.goText)")
        }
        for span in [input.count, Int(input.first ?? 0) << 40] { _ = Nanoseconds(Int64(span)).goText }
    }
}
