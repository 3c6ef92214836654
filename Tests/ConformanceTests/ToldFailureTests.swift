import Foundation
import TestSupport
import Testing

/// Whatever goes wrong is told to whoever asked in words of containers, with what was tried, on what, and why; by the same words
/// wherever it is told.
@Suite("What is told of failures", .serialized)
struct ToldFailureTests {
    private let supervisor: SupervisorUnderTest
    private let files: TemporaryDirectory
    private let reader: MessageReader

    init() throws {
        supervisor = try SupervisorUnderTest()
        reader = try MessageReader()
        files = try TemporaryDirectory("sereno-told")
        try TestFiles.makeDirectories(files.child("directory/below"))
        try TestFiles.write("text", to: files.child("file"))
        try TestFiles.write("neither a program nor a script", to: files.child("program"), mode: 0o755)
        try TestFiles.write("{ no JSON", to: files.child("profile.json"))
        try TestFiles.write("A=1\u{0}2\n", to: files.child("variables"))
        // Seen inside as /m.
        for (name, target) in [("dangling", "/nowhere/at/all"), ("round", "round"), ("one", "two"), ("two", "one")] {
            try FileManager.default.createSymbolicLink(
                atPath: files.child("directory/" + name), withDestinationPath: target)
        }
    }

    private var places: [String] { ["data", "run"].map { supervisor.directory.child($0) } }

    private static let hint =
        "not a directory: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists "
        + "and is the expected type"
    private static let long = String(repeating: "n", count: 300)

    /// Arguments of `run` after its name and network, in which FILES is the directory of files; and a part of what is told.
    private static let starts: [([String], String)] = [
        // Places of mounts.
        (["-v", "FILES/file:/bin", "busybox", "true"], "mount FILES/file on /bin: \(hint)"),
        (["-v", "FILES/directory:/etc/passwd", "busybox", "true"], "mount FILES/directory on /etc/passwd: \(hint)"),
        (["-v", "FILES/directory:/etc/passwd/x", "busybox", "true"], hint),
        (["-v", "FILES/directory:/m", "-v", "FILES/file:/m/round", "busybox", "true"], "\"/m/round\""),
        (["-v", "FILES/directory:/m", "-v", "FILES/file:/m/one", "busybox", "true"], "\"/m/one\""),
        (["-v", "FILES/directory:/m:ro", "-v", "FILES/file:/m/new", "busybox", "true"], "read-only file system"),
        (["-v", "FILES/directory:/\(long)", "busybox", "true"], "file name too long"),
        (["-v", "FILES/file:/proc/x", "busybox", "true"], "\"/proc/x\" cannot be mounted because it is inside /proc"),
        (["-v", "FILES/file:/proc", "busybox", "true"], "cannot be mounted to \"/proc\""),
        // Their sources and options.
        (
            ["-v", "FILES/directory/dangling:/x", "busybox", "true"],
            "error while creating mount source path 'FILES/directory/dangling': FILES/directory/dangling is a symbolic link"
        ),
        (["-v", "FILES/file/x:/x", "busybox", "true"], "error while creating mount source path 'FILES/file/x': mkdir"),
        (["-v", "FILES/directory/round:/x", "busybox", "true"], "error while creating mount source path"),
        (
            ["--mount", "type=bind,src=FILES/nosuch,dst=/x", "busybox", "true"],
            "bind source path does not exist: FILES/nosuch"
        ),
        (["--tmpfs", "/t:bogus", "busybox", "true"], "invalid tmpfs option"),
        (["--tmpfs", "/t:size=x", "busybox", "true"], "/t"),
        (["--tmpfs", "/etc/passwd", "busybox", "true"], "/etc/passwd"),
        // The process.
        (["-w", "/etc/passwd", "busybox", "true"], "Cannot mkdir: /etc/passwd is not a directory"),
        (["-w", "/proc/1/cwd", "busybox", "true"], "/proc/1/cwd"),
        (["-w", "/\(long)", "busybox", "true"], "file name too long"),
        (["-v", "FILES/program:/prog", "busybox", "/prog"], "exec: \"/prog\": exec format error"),
        (["busybox", "nosuch"], "exec: \"nosuch\": executable file not found in $PATH"),
        (["busybox", "/nosuch"], "exec: \"/nosuch\": stat /nosuch: no such file or directory"),
        (["busybox", "/etc"], "exec: \"/etc\": "),
        (["busybox", "/etc/passwd"], "exec: \"/etc/passwd\": permission denied"),
        (["busybox", "/etc/passwd/x"], "exec: \"/etc/passwd/x\": "), (["busybox", "/\(long)"], "file name too long"),
        (["busybox", ""], "exec: \"\": executable file not found"),
        (["--env-file", "FILES/variables", "busybox", "true"], "NUL"),
        (["-u", "nobody9", "busybox", "true"], "unable to find user nobody9: no matching entries in passwd file"),
        (["-u", "0:nogroup9", "busybox", "true"], "unable to find group nogroup9"),
        (["--group-add", "nogroup9", "busybox", "true"], "nable to find group nogroup9"),
        (["-u", "99999999999", "busybox", "true"], "uids and gids must be in range 0-2147483647"),
        // What surrounds it.
        (["--sysctl", "kernel.bogus=1", "busybox", "true"], "sysctl 'kernel.bogus=1' is not allowed"),
        (
            ["--sysctl", "net.ipv4.nosuch=1", "busybox", "true"],
            "set sysctl net.ipv4.nosuch to 1: no such file or directory"
        ),
        (
            ["--sysctl", "net.ipv4.ip_forward=x", "busybox", "true"],
            "set sysctl net.ipv4.ip_forward to x: invalid argument"
        ),
        (["--device", "/dev/nosuch", "busybox", "true"], "/dev/nosuch"),
        (["--device", "FILES/file", "busybox", "true"], "FILES/file"),
        (["--ulimit", "nofile=20:10", "busybox", "true"], "ulimit"),
        (["--ulimit", "bogus=1", "busybox", "true"], "bogus"),
        (["--runtime", "nosuch", "busybox", "true"], "unknown or invalid runtime name: nosuch"),
        (["--security-opt", "seccomp=FILES/profile.json", "busybox", "true"], "seccomp"),
        (["--cap-add", "BOGUS", "busybox", "true"], "CAP_BOGUS"),
        (["--hostname", long, "busybox", "true"], "set the host name"),
        (["--pid", "container:nosuch", "busybox", "true"], "No such container: nosuch"),
        (["--log-opt", "max-size=x", "busybox", "true"], "invalid size: 'x'"),
        (["--device-cgroup-rule", "x", "busybox", "true"], "invalid device cgroup"),
        (["nosuch:1", "true"], "nosuch:1"),
    ]

    /// The text of a failed command without what a client adds to it.
    private func told(_ ran: Command) -> String {
        let line = ran.error.split(separator: "\n").last { $0.contains("Error response from daemon: ") }
        let first = String(line ?? ran.error.split(separator: "\n").first ?? "")
        return [
            "docker: ", "sereno: ", "Error response from daemon: ",
        ].reduce(first) { $0.hasPrefix($1) ? String($0.dropFirst($1.count)) : $0 }
    }

    private func check(_ text: String, _ what: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        // The docker client's own sentences are not ours to judge, but none of ours ends so.
        let faults = reader.faults(in: text.hasSuffix(".") ? String(text.dropLast()) : text, hiding: places)
        #expect(faults == [], "\(what): \(text)", sourceLocation: sourceLocation)
        #expect(
            text.firstMatch(of: #/keeper|launch plan|operation \d|/(merged|diff|netns|bundle)\b/#) == nil,
            "\(what): \(text)", sourceLocation: sourceLocation)
    }

    @Test("a container that cannot be made or started is told of in words of containers", arguments: Clients.all)
    func starting(_ client: String) throws {
        var read = 0
        for (arguments, expected) in Self.starts {
            let given = arguments.map { $0.replacing("FILES", with: files.path) }
            let command = ["run", "--name", "told", "--network", "none", "--pull", "never"] + given
            let ran = try supervisor.run(client, command)
            #expect(!ran.succeeded, "\(arguments)")
            check(told(ran), arguments)
            #expect(ran.error.contains(expected.replacing("FILES", with: files.path)), "\(arguments): \(ran.error)")
            read += 1
            try checkEverywhere(told(ran), arguments)
            _ = try supervisor.run(client, ["rm", "-f", "told"])
        }
        #expect(read > 40)
        for line in supervisor.log.split(separator: "\n") {
            #expect(!line.contains("18446744073709551615") && !line.contains("PlanEncodingError"), "\(line)")
        }
    }

    /// A container that is there has kept why it did not start: the same everywhere.
    private func checkEverywhere(_ text: String, _ what: [String]) throws {
        let inspected = try supervisor.run("sereno", ["inspect", "-f", "{{.State.Error}}", "told"])
        guard inspected.succeeded else { return }
        let error = inspected.output.trimmingCharacters(in: .newlines)
        #expect(error == text, "\(what)")
        let why = try expect(supervisor.sereno("why", "told")).output
        #expect(why.contains(error), "\(what): \(why)")
        #expect(
            supervisor.log.contains(error.replacing("\"", with: "\\\"")) || supervisor.log.contains(error), "\(what)")
    }

    @Test("what cannot be done with a container that is there is told so too", arguments: Clients.all)
    func beside(_ client: String) throws {
        try expect(
            supervisor.run(
                client,
                [
                    "run", "-d", "--name", "runs", "--network", "none", "--log-driver", "none", "-v",
                    files.child("directory") + ":/m:ro", "busybox", "sleep", "600",
                ]))
        try expect(supervisor.run(client, ["create", "--name", "rests", "--network", "none", "busybox", "true"]))
        let commands: [([String], String)] = [
            (["exec", "runs", "nosuch"], "exec: \"nosuch\": executable file not found in $PATH"),
            (["exec", "runs", "/etc"], "exec: \"/etc\": "), (["exec", "runs", "/etc/passwd"], "permission denied"),
            (["exec", "-w", "/nosuch", "runs", "true"], "working directory \"/nosuch\": no such file or directory"),
            (["exec", "-w", "/etc/passwd", "runs", "true"], "working directory \"/etc/passwd\": not a directory"),
            (["exec", "-u", "nobody9", "runs", "true"], "unable to find user nobody9"),
            (["exec", "rests", "true"], "is not running"), (["exec", "nosuch", "true"], "No such container: nosuch"),
            (["cp", "runs:/nosuch", files.child("to")], "/nosuch"),
            (["cp", "runs:/m/round", files.child("to")], "round"),
            (["cp", "-L", "runs:/m/dangling", files.child("to")], "/nowhere/at/all"),
            (["cp", files.child("file"), "runs:/nosuch/dir/"], "no such directory"),
            (["cp", files.child("file"), "runs:/m/new"], "read-only"),
            (["cp", files.child("directory"), "runs:/etc/passwd"], "cannot copy directory"),
            (["cp", files.child("nosuch"), "runs:/"], "nosuch"), (["logs", "runs"], "does not support reading"),
            (["logs", "nosuch"], "No such container: nosuch"), (["kill", "-s", "BOGUS", "runs"], "BOGUS"),
            (["rename", "runs", "a b"], "Invalid container name (/a b)"), (["rm", "runs"], "container is running"),
            (["unpause", "runs"], "is not paused"), (["top", "rests"], "is not running"),
            (["load", "-i", files.child("file")], "archive format"), (["import", files.child("nosuch")], "nosuch"),
            (["save", "-o", files.child("to.tar"), "nosuch"], "nosuch"), (["rmi", "nosuch"], "No such image: nosuch"),
            (["tag", "busybox", "A:b"], "invalid reference format"),
            (["inspect", "nosuch"], "nosuch"), (["update", "--memory", "1", "rests"], "Minimum memory limit"),
            (["wait", "nosuch"], "nosuch"), (["attach", "rests"], "cannot attach to a stopped container"),
        ]
        for (arguments, expected) in commands {
            let ran = try supervisor.run(client, arguments)
            #expect(!ran.succeeded, "\(arguments)")
            // What an exec could not start is told where its output would be.
            let text = ran.error.isEmpty ? ran.output : ran.error
            #expect(text.contains(expected), "\(arguments): \(text)")
            for line in text.split(separator: "\n") where !line.hasPrefix("Run '") && !line.hasPrefix("Usage:") {
                check(line.trimmingCharacters(in: .whitespaces), arguments)
            }
        }
        try expect(supervisor.run(client, ["rm", "-f", "runs", "rests"]))
    }

    @Test("a supervisor that cannot start says what is wrong with its options")
    func options() throws {
        for arguments in [
            ["--bogus"], ["--log-level"], ["--shutdown-timeout", "x"], ["-H", "tcp://127.0.0.1:1"], ["--tlsverify"],
        ] {
            let ran = try Command.run([try BuiltProgram.path("serenod")] + arguments)
            #expect(!ran.succeeded, "\(arguments)")
            let text = ran.error.split(separator: "\n").first.map(String.init) ?? ""
            #expect(reader.faults(in: text) == [], "\(arguments): \(text)")
        }
    }
}
