import Foundation
import TestSupport

/// The help pages of Docker's client: all of its commands, and the flags of each.
struct DockerHelp: Hashable {
    /// One flag.
    struct Flag: Hashable {
        var long: String
        /// The one-letter form; empty for none.
        var short: String
        /// The word for a value, such as `list`; empty for a switch.
        var value: String
    }

    /// The client's version: `28.2.2`.
    var version: String
    /// The flags by command: `container run`; the client's own are those of the empty one.
    var flags: [String: [Flag]]

    /// Where the recorded pages are.
    static let file = "Tests/Corpus/help/docker.txt"

    /// The record as text: the version, then one line for each command, and below it one for each flag.
    var text: String {
        let commands = flags.sorted { $0.key < $1.key }.map { command, flags in
            (command.isEmpty ? "docker\n" : "docker \(command)\n")
                + flags.map { flag in
                    (flag.short.isEmpty ? "  " : "  -\(flag.short), ") + "--\(flag.long)"
                        + (flag.value.isEmpty ? "" : " \(flag.value)") + "\n"
                }.joined()
        }
        return "version \(version)\n" + commands.joined()
    }

    /// The recorded pages.
    static func recorded() throws -> DockerHelp {
        var help = DockerHelp(version: "", flags: [:])
        var command = ""
        for line in try TestFiles.read(GeneratedPage.root + "/" + file).split(separator: "\n") {
            if line.hasPrefix("version ") {
                help.version = String(line.dropFirst("version ".count))
            } else if line.hasPrefix("docker") {
                command = String(line.dropFirst("docker ".count))
                help.flags[command] = []
            } else {
                help.flags[command, default: []] += Self.flags(in: line)
            }
        }
        return help
    }

    /// The version of a real client.
    static func version(of client: String) throws -> String {
        let text = try Command.run([client, "--version"]).output
        return text.firstMatch(of: /version ([0-9.]+)/).map { String($0.1) } ?? ""
    }

    /// The pages of a real client, which is given no engine, no plugins and no configuration.
    static func pages(of client: String) throws -> DockerHelp {
        let home = try TemporaryDirectory("sereno-help")
        var help = DockerHelp(version: try version(of: client), flags: [:])
        var pending: [[String]] = [[]]
        while let words = pending.popLast() {
            let page = try Command.run(
                [
                    "/usr/bin/env", "-i", "HOME=" + home.path, "DOCKER_CONFIG=" + home.path,
                    "DOCKER_HOST=unix://" + home.child("sock"), client,
                ] + words + ["--help"]
            ).output
            help.flags[words.joined(separator: " ")] = options(of: page)
            pending += commands(of: page).map { words + [$0] }
        }
        return help
    }

    private static func options(of page: String) -> [Flag] {
        section(of: page) { $0 == "Options:" || $0 == "Global Options:" }.flatMap(flags)
    }

    private static func commands(of page: String) -> [String] {
        section(of: page) { $0.hasSuffix("Commands:") }.compactMap { line in
            line.firstMatch(of: #/^  ([a-z][a-z-]*) /#).map { String($0.1) }
        }
    }

    private static func section(of page: String, _ isHeading: (Substring) -> Bool) -> [Substring] {
        var isInside = false
        return page.split(separator: "\n").filter { line in
            if !line.hasPrefix(" ") { isInside = isHeading(line) }
            return isInside
        }
    }

    private static func flags(in line: Substring) -> [Flag] {
        guard let found = line.firstMatch(of: /^ +(?:-(\w), )?--([a-z0-9-]+)(?: (\S+))?(?:  .*)?$/) else { return [] }
        // Every command takes it.
        if found.2 == "help" { return [] }
        return [
            Flag(
                long: String(found.2), short: found.1.map(String.init) ?? "", value: found.3.map(String.init) ?? "")
        ]
    }
}
