import UnitFiles

extension FuzzTarget {
    static let units = FuzzTarget(
        "units", "whatever a value is, the file written has the directives meant and no other, or is refused"
    ) { input in
        let parts = input.split(separator: 0, omittingEmptySubsequences: false).map { ByteString($0) }
        let texts = parts.map { SystemdText($0) }
        let unit = SystemdUnit([
            .init("Unit", [.directive("Description", .text(texts[0]))]),
            .init(
                "Service",
                [
                    .directive("ExecStart", .commands([SystemdCommandLine("/bin/true", texts)])),
                    .directive("Environment", .environment([SystemdAssignment("NAME", texts[0])])),
                    .directive("WorkingDirectory", .path(texts[texts.count - 1])),
                ]),
        ])
        if let written = try? unit.encoded() {
            let meant = ["[Unit]", "Description", "[Service]", "ExecStart", "Environment", "WorkingDirectory"]
            try hold(
                heads(of: joined(written.bytes), comments: "#;") == meant, "systemd would read \(written.bytes.text)")
        }
        let supervised = SupervisordConfig([
            .init(
                "program:x",
                [
                    .key("command", .command([SupervisordText("/bin/true")] + parts.map { SupervisordText($0) })),
                    .key("environment", .environment([.init("NAME", SupervisordText(parts[0]))])),
                    .key("directory", .text(SupervisordText(parts[parts.count - 1]))),
                ])
        ])
        if let written = try? supervised.encoded() {
            // A line that begins with a blank goes on with the value before it (Python's configparser).
            let lines = written.bytes.split(separator: 0x0A).filter { $0.first != 0x20 && $0.first != 0x09 }.map {
                Array($0)
            }
            let meant = ["[program:x]", "command", "environment", "directory"]
            try hold(heads(of: lines, comments: "#;") == meant, "supervisord would read \(written.bytes.text)")
        }
    }

    /// Lines, with those that end in a backslash joined to the next.
    private static func joined(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var isOpen = false
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if isOpen { lines[lines.count - 1] += line } else { lines.append(Array(line)) }
            isOpen = line.last == 0x5C
        }
        return lines
    }

    /// The sections and the names before `=`.
    private static func heads(of lines: [[UInt8]], comments: String) -> [String] {
        lines.map { Array($0.drop { $0 == 0x20 || $0 == 0x09 }) }
            .filter { line in line.first.map { !comments.utf8.contains($0) } ?? false }
            .map { line in line.first == 0x5B ? line.text : Array(line.prefix { $0 != 0x3D }).text }
    }
}
