import Glibc
import TestSupport
import Testing

/// What an image's configuration asks for is as hostile as its files.
@Suite("A hostile configuration reaches nothing", .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct HostileConfigurationTests {
    /// JSON values that stand where a text is expected.
    static let texts: [(String, [UInt8])] = {
        let written: [(String, String)] = [
            ("the program", #""/proc/self/exe""#), ("the first process's program", #""/proc/1/exe""#),
            ("up", #""../../../../../../..""#), ("up from the root", #""/../../../../..""#),
            ("the process's root", #""/proc/self/root""#), ("its directory", #""/proc/self/cwd/../../..""#),
            ("NUL", #""/bin/sh\u0000x""#), ("a line's end", #""a\nb: c\n""#), ("an escape", #""\u001b[2J""#),
            ("nothing", #""""#), ("a space", #"" ""#), ("an option", #""--help""#),
            ("a format", #""%s%n${PATH}$(id)""#),
            ("half a character", #""\ud800""#), ("a number", "5"), ("a list", #"["a"]"#), ("an object", #"{"a":{}}"#),
            ("a list of numbers", "[1,2]"), ("deep lists", String(repeating: "[", count: 5000)),
            ("a megabyte", "\"/" + String(repeating: "a", count: 1 << 20) + "\""),
            ("long names", "\"" + String(repeating: "/" + String(repeating: "a", count: 300), count: 100) + "\""),
            ("many levels", "\"" + String(repeating: "/a", count: 20_000) + "\""),
        ]
        return written.map { ($0, Array($1.utf8)) }
            + [("no text", [0x22, 0xff, 0xfe, 0x80, 0x22]), ("an overlong slash", [0x22, 0xc0, 0xaf, 0x22])]
    }()

    /// Descriptors that the supervisor may have open when it looks.
    static let descriptors = (0..<24).map { ("descriptor \($0)", Array("\"/proc/self/fd/\($0)\"".utf8)) }

    private static func cases(_ before: String, _ after: String, _ texts: [(String, [UInt8])]) -> [(String, [UInt8])] {
        texts.map { ("\(before)\($0)\(after)", Array(before.utf8) + $1 + Array(after.utf8)) }
    }

    @Test(
        "Every field with every hostile value",
        arguments: [
            (#"{"WorkingDir":"#, "}", false), (#"{"User":"#, "}", false), (#"{"User":"root","Hostname":"#, "}", false),
            (#"{"Entrypoint":["#, "]}", true), (#"{"Entrypoint":"#, "}", true), (#"{"Cmd":["#, "]}", true),
            (#"{"Env":["#, "]}", false), (#"{"Env":["A=b","#, #","PATH=/proc/self/fd/3"]}"#, false),
            (#"{"StopSignal":"#, "}", false), (#"{"Healthcheck":{"Test":["CMD","#, #"],"Interval":1000000}}"#, false),
            (#"{"Healthcheck":{"Test":["CMD-SHELL","#, #"],"Retries":3,"Interval":1000000}}"#, false),
            (#"{"Shell":["#, #"],"Healthcheck":{"Test":["CMD-SHELL","x"],"Interval":1000000}}"#, false),
            (#"{"Volumes":{"#, ":{}}}", false), (#"{"Labels":{"a":"#, "}}", false),
            (#"{"ExposedPorts":{"#, ":{}}}", false),
            (#"{"OnBuild":["#, "]}", false), (#"{"Domainname":"#, "}", false),
            (#"{"Healthcheck":{"Test":"#, "}}", false),
        ])
    func values(_ before: String, _ after: String, _ ownProgram: Bool) throws {
        let stage = try Stage(places: [])
        let isPath = ["WorkingDir", "Entrypoint\":[", "Volumes"].contains { before.hasPrefix("{\"" + $0) }
        for (name, json) in Self.cases(before, after, Self.texts + (isPath ? Self.descriptors : [])) {
            var image = HostileImage()
            image.configuration = json
            try stage.play(image, name, ownProgram: ownProgram)
        }
    }

    @Test("Volumes at the places that matter")
    func volumes() throws {
        let stage = try Stage(places: HostileImageTests.places)
        for place in [
            "/", "/proc", "/proc/self", "/proc/sys", "/proc/sys/kernel", "/proc/sysrq-trigger", "/sys",
            "/sys/fs/cgroup",
            "/sys/kernel", "/dev", "/dev/null", "/dev/pts", "/dev/shm", "/dev/console", "/etc", "/etc/hosts",
            "/etc/resolv.conf", "/etc/passwd", "/bin", "/bin/busybox", "/attack", "/attack/x", "//", "/.", "/..",
            "/a/../../b", "relative", "./x", "../..", "/var/run/docker.sock", "/proc/self/root" + stage.canaries.path,
            "/proc/1/root/etc", "/dev/fd/5", "C:\\\\x", "/volume:/etc", "/volume:ro", "/a,b",
        ] {
            var image = HostileImage()
            image.configuration = Array("{\"Volumes\":{\"\(place)\":{}}}".utf8)
            try stage.play(image, "volume at \(place)")
        }
    }

    @Test("A link of the image under what the configuration names")
    func links() throws {
        let stage = try Stage(places: HostileImageTests.places)
        let targets = [
            stage.canaries.path, "../../../../../.." + stage.canaries.path, "/proc/self/root" + stage.canaries.path,
            "/proc/self/fd/4", "/proc/self/fd/5", "/proc/self/fd/7", "/proc/1/cwd", "/proc/self/exe", "link",
            "/nowhere",
            "/proc/self/fd/4/../../..",
        ]
        for target in targets {
            for field in [
                #""WorkingDir":"/link""#, #""WorkingDir":"/link/new/directory""#, #""Volumes":{"/link":{}}"#,
                #""Volumes":{"/link/new":{}}"#, #""Env":["HOME=/link","PATH=/link:/bin"],"Cmd":["secret"]"#,
                #""Entrypoint":["/link"]"#, #""Entrypoint":["/link/secret"]"#,
                #""Healthcheck":{"Test":["CMD","/link/secret"],"Interval":1000000}"#,
            ] {
                var image = HostileImage()
                image.layer.add("link", .symbolicLink, link: target)
                image.configuration = Array("{\(field)}".utf8)
                try stage.play(
                    image, "\(field) by a link to \(target)",
                    ownProgram: field.hasPrefix("\"Entrypoint") || field.contains("Cmd"))
            }
        }
    }
}
