import Glibc
import TestSupport
import Testing

/// What a container puts in the place of the files by which its users are told.
@Suite(
    "Files of users that are no files, or tell nonsense",
    .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct HostileUserFileTests {
    private static let range = "uids and gids must be in range 0-2147483647"

    /// A running container whose passwd or group file was replaced by a shell command.
    private func container(_ supervisor: SupervisorUnderTest, _ name: String, _ command: String) throws {
        try expect(
            supervisor.run(
                "sereno",
                ["run", "-d", "--network", "none", "--name", name, "busybox", "sh", "-c", command + "; sleep 600"]))
        #expect(eventually(timeout: 30) { (try? supervisor.sereno("exec", name, "pidof", "sleep").succeeded) == true })
    }

    @Test(
        "Neither an exec nor a start opens one, and each says what is wrong",
        arguments: [
            ("passwd", "mknod /etc/passwd c 1 5", "a device, a fifo or a socket"),
            ("passwd", "mknod /etc/passwd b 7 0", "a device, a fifo or a socket"),
            ("passwd", "mkfifo /etc/passwd", "a device, a fifo or a socket"),
            ("passwd", "mkdir /etc/passwd", "a directory"),
            ("passwd", "ln -s passwd /etc/passwd", "a symbolic link that leads nowhere"),
            ("passwd", "truncate -s 200G /etc/passwd", "longer than 1048576 bytes"),
            ("group", "mkfifo /etc/group", "a device, a fifo or a socket"),
            ("group", "mknod /etc/group c 1 3", "a device, a fifo or a socket"),
        ])
    func replaced(_ file: String, _ command: String, _ text: String) throws {
        let supervisor = try SupervisorUnderTest()
        // In a running container, whose processes are told apart by it, and in an image.
        try container(supervisor, "one", "rm /etc/\(file); \(command)")
        let joined = try supervisor.sereno("exec", "-u", "app", "one", "true")
        let root = supervisor.directory.child("root")
        try BusyboxRootfs.make(at: root)
        let inside = "rm etc/\(file) && " + command.replacing("/etc/", with: "etc/")
        try expect(Command.run(["/bin/sh", "-c", "cd \"$0\" && \(inside) && tar -cSf ../evil.tar .", root]))
        try expect(supervisor.sereno("import", supervisor.directory.child("evil.tar"), "evil:latest"))
        let started = try supervisor.sereno("run", "--rm", "--network", "none", "evil", "/bin/true")
        for ran in [joined, started] {
            #expect(
                !ran.succeeded && (ran.output + ran.error).contains("/etc/\(file) is \(text)"),
                "\(ran.output)\(ran.error)")
        }
        #expect(try supervisor.sereno("version").succeeded)
    }

    @Test("Lines that end as Windows writes them are read, and names are told apart by their bytes")
    func lines() throws {
        let supervisor = try SupervisorUnderTest()
        let users = #"root:x:0:0::/root:/bin/sh\r\nzo\303\253:x:7:7::/:/bin/sh\r\nzoe\314\210:x:8:8::/:/bin/sh\r\n"#
        try container(
            supervisor, "one", "printf '\(users)' >/etc/passwd; printf 'root:x:0:\\r\\nmore:x:9:root\\r\\n' >/etc/group"
        )
        for (name, number) in [("root", "0"), ("zo\u{EB}", "7"), ("zoe\u{308}", "8")] {
            let ran = try supervisor.sereno("exec", "-u", name, "one", "id", "-u")
            #expect(ran.output == number + "\n", "\(name): \(ran.error)")
        }
        #expect(try supervisor.sereno("exec", "-u", "root", "one", "id", "-G").output == "0 9\n")
    }

    @Test("A number beyond the range is nobody, and above all not root")
    func numbers() throws {
        let supervisor = try SupervisorUnderTest()
        let line = "any:x:4294967295:4294967295::/:/bin/sh\\nmore:x:5:2147483648::/:/bin/sh\\n"
        try container(
            supervisor, "one", "printf '\(line)' >>/etc/passwd; printf 'big:x:4294967295:app\\n' >>/etc/group")
        for user in ["any", "more", "app", "4294967295", "2147483648", "5:4294967295", "0:big", "-1"] {
            let ran = try supervisor.sereno("exec", "-u", user, "one", "id")
            #expect(
                !ran.succeeded && (ran.output + ran.error).contains(Self.range), "\(user): \(ran.output)\(ran.error)")
        }
        for client in Clients.all {
            for option in [["-u", "2147483648"], ["--group-add", "4294967295"], ["-u", "0:4294967295"]] {
                let ran = try supervisor.run(
                    client, ["run", "--rm", "--network", "none"] + option + ["busybox", "id"])
                #expect(
                    !ran.succeeded && ran.error.contains(Self.range), "\(client) \(option): \(ran.output)\(ran.error)")
            }
        }
        let tar = supervisor.directory.child("busybox.tar")
        try expect(supervisor.sereno("import", "--change", "USER 4294967295", tar, "nobody:latest"))
        let ran = try supervisor.sereno("run", "--rm", "--network", "none", "nobody", "/bin/id")
        #expect(!ran.succeeded && ran.error.contains(Self.range), "\(ran.output)\(ran.error)")
    }
}
