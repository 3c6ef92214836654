import Glibc
import TestSupport
import Testing

/// Published holes of other engines that no other suite has a test for (docs/cves.md).
@Suite("Holes that others had", .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct PublishedHoleTests {
    @Test(
        "A copy and a list of processes run nothing of the container's (CVE-2019-14271, CVE-2022-1227, CVE-2026-41567)")
    func programs() throws {
        let supervisor = try SupervisorUnderTest()
        let directory = try TemporaryDirectory("sereno-copy")
        try TestFiles.write("content\n", to: directory.child("file"))
        try TestFiles.write(
            """
            #include <fcntl.h>
            __attribute__((constructor)) static void own(void) { open("/owned", O_CREAT | O_WRONLY, 0600); }
            """, to: directory.child("library.c"))
        try TestFiles.makeDirectories(directory.child("programs"))
        let library = directory.child("programs/library.so")
        try expect(Command.run(["gcc", "-shared", "-fPIC", "-o", library, directory.child("library.c")]))
        let names = [
            "xz", "unxz", "xzcat", "gzip", "gunzip", "pigz", "unpigz", "zstd", "unzstd", "bzip2", "bunzip2", "tar",
        ]
        let script = """
            for name in \(names.joined(separator: " ")); do for place in /bin /sbin /usr/bin /usr/sbin /usr/local/bin; do
              mkdir -p $place; rm -f $place/$name
              printf '#!/bin/busybox sh\\n/bin/busybox touch /owned\\nexec /bin/busybox cat\\n' >$place/$name
              chmod 755 $place/$name
            done; done
            for place in /lib /lib64 /usr/lib /lib/x86_64-linux-gnu /usr/lib/x86_64-linux-gnu /lib/aarch64-linux-gnu; do
              mkdir -p $place
              for name in nss_files nss_dns nss_compat nss_systemd archive c lzma z bz2 zstd acl; do
                for version in 1 2 6 13; do cp /programs/library.so $place/lib$name.so.$version; done
              done
            done
            echo ready
            exec sleep 100000
            """
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", "trap", "--network", "none", "-v", directory.child("programs") + ":/programs:ro",
                "busybox", "sh", "-c", script))
        #expect(eventually(timeout: 30) { (try? supervisor.sereno("logs", "trap").output) == "ready\n" })
        for (option, suffix) in [("-c", "tar"), ("-cz", "gz"), ("-cJ", "xz"), ("-cj", "bz2")] {
            let archive = directory.child("archive." + suffix)
            try expect(Command.run(["tar", option, "-C", directory.path, "-f", archive, "file"]))
            let copied = try Command.run([
                "sh", "-c",
                "'\(try Clients.path(of: "sereno"))' -H '\(supervisor.host)' cp - trap:/tmp < '\(archive)'",
            ])
            try expect(copied)
            try expect(supervisor.sereno("cp", "trap:/tmp/file", directory.child("back")))
            #expect(try TestFiles.read(directory.child("back")) == "content\n")
        }
        try expect(supervisor.sereno("top", "trap"))
        try expect(supervisor.sereno("diff", "trap"))
        #expect(
            try supervisor.sereno("exec", "trap", "/bin/busybox", "ls", "/").output.split(separator: "\n").contains(
                "tmp"))
        #expect(try !supervisor.sereno("exec", "trap", "/bin/busybox", "ls", "/owned").succeeded)
        #expect(!TestFiles.exists("/owned"))
    }

    @Test(
        "A list of processors or memory nodes costs nothing however long it says to be (CVE-2018-20699)",
        arguments: ["--cpuset-cpus", "--cpuset-mems"],
        [
            "0-9223372036854775807", "0-4294967295", "0-99999999999999999999999", "1-", "-1", "0,,1",
            "9223372036854775807",
        ])
    func processorLists(option: String, list: String) throws {
        let supervisor = try SupervisorUnderTest()
        let engine = supervisor.engineProcess
        let outcome = try supervisor.sereno("run", "--rm", "--network", "none", option, list, "busybox", "true")
        #expect(!outcome.succeeded && !outcome.timedOut)
        #expect(outcome.error.contains("Error response from daemon: "), "\(outcome.error)")
        #expect(supervisor.engineProcess == engine)
    }

    @Test(
        "A user number that does not fit is not another user (CVE-2024-40635, CVE-2026-46680)",
        arguments: [
            "4294967296", "2147483648", "65536:4294967296", "-1", "-4294967296", "0:-1", "18446744073709551616",
            "4294967295", "0x0", " 0", "00000000004294967296", "1000:4294967295",
        ])
    func userNumbers(user: String) throws {
        let supervisor = try SupervisorUnderTest()
        var image = HostileImage()
        image.configuration = Array("{\"User\":\"\(user)\"}".utf8)
        try expect(image.load(into: supervisor))
        let byImage = try supervisor.sereno("run", "--rm", "--network", "none", "hostile", "id", "-u")
        let byOption = try supervisor.sereno("run", "--rm", "--network", "none", "-u", user, "busybox", "id", "-u")
        for outcome in [byImage, byOption] {
            #expect(!outcome.succeeded, "\(outcome.output)")
            #expect(outcome.output.isEmpty)
        }
    }

    @Test("An image that says nothing of its history is shown, saved and run (CVE-2024-36620)")
    func withoutHistory() throws {
        let supervisor = try SupervisorUnderTest()
        let engine = supervisor.engineProcess
        try expect(HostileImage().load(into: supervisor))
        try expect(supervisor.sereno("history", "hostile"))
        try expect(supervisor.sereno("inspect", "hostile"))
        try expect(supervisor.sereno("save", "-o", supervisor.directory.child("saved.tar"), "hostile"))
        try expect(supervisor.sereno("run", "--rm", "--network", "none", "hostile", "true"))
        #expect(supervisor.engineProcess == engine)
    }

    @Test("A number is that user, whatever name the image gives another (CVE-2016-3697)")
    func numericNames() throws {
        let supervisor = try SupervisorUnderTest()
        var image = HostileImage()
        image.layer.add("etc/passwd", .file, "1000:x:0:0::/:/bin/sh\nroot:x:0:0::/:/bin/sh\n")
        image.layer.add("etc/group", .file, "1000:x:0:\nroot:x:0:\n")
        image.configuration = Array(#"{"User":"1000:1000"}"#.utf8)
        try expect(image.load(into: supervisor))
        for options in [[], ["-u", "1000"], ["-u", "1000:1000"]] {
            let shown = try expect(
                supervisor.run("sereno", ["run", "--rm", "--network", "none"] + options + ["hostile", "id", "-u"]))
            #expect(shown.output == "1000\n", "\(options)")
        }
    }

    @Test(
        "Databases of users without an end are not read into memory (CVE-2026-47262)", arguments: ["passwd", "group"])
    func databases(name: String) throws {
        let supervisor = try SupervisorUnderTest()
        let directory = try TemporaryDirectory("sereno-databases")
        try TestFiles.makeDirectories(directory.child("tree/etc"))
        let script = """
            cd '\(directory.path)'
            yes 'someone:x:1000:1000:a very long name of somebody:/:/bin/sh' | head -c 300000000 >tree/etc/\(name)
            tar -C tree -czf image.tar .
            """
        try expect(Command.run(["sh", "-c", script], timeout: 300))
        try expect(supervisor.sereno("import", directory.child("image.tar"), "endless:latest"))
        let engine = try #require(supervisor.engineProcess)
        let outcome = try supervisor.sereno(
            "run", "--rm", "--network", "none", "-u", "nobody-has-this-name", "endless", "/true")
        #expect(!outcome.succeeded && !outcome.timedOut)
        #expect(supervisor.engineProcess == engine)
        let status = try TestFiles.read("/proc/\(engine)/status")
        let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let kibibytes = peak?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        #expect(try #require(kibibytes) < 200_000)
    }

    @Test(
        "An image's labels and environment are data, to whoever reads them (CVE-2022-4318, CVE-2024-3154, CVE-2026-53488)",
        arguments: [
            #""Labels":{"containerd.io/restart.loguri":"binary:///bin/touch?/tmp/owned","containerd.io/restart.status":"running"}"#,
            #""Labels":{"org.systemd.property.ExecStartPre":"'/bin/touch /tmp/owned'"}"#,
            #""Labels":{"io.kubernetes.cri-o.Devices":"/dev/kmsg","cdi.k8s.io/x":"vendor.com/device=all"}"#,
            #""Env":["HOME=/root\nevil:x:0:0::/:/bin/sh"],"User":"4242""#,
        ])
    func labels(field: String) throws {
        let stage = try Stage(places: [])
        var image = HostileImage()
        image.configuration = Array("{\(field)}".utf8)
        try stage.play(image, field)
        let program = ["sh", "-c", "ls /tmp/owned /dev/kmsg 2>/dev/null; grep -c evil /etc/passwd"]
        let outcome = try stage.supervisor.run(
            "sereno", ["run", "--rm", "--network", "none", "hostile"] + program)
        #expect(outcome.output == "0\n", "\(outcome.error)")
        #expect(!TestFiles.exists("/tmp/owned"))
    }

    @Test("The environment of one container is not another's (CVE-2020-14370, CVE-2021-21334)")
    func environments() throws {
        let supervisor = try SupervisorUnderTest()
        let one = ["-e", "SECRET=first", "busybox", "sleep", "100000"]
        try expect(supervisor.run("sereno", ["run", "-d", "--name", "one", "--network", "none"] + one))
        try expect(supervisor.sereno("exec", "-e", "FURTHER=second", "one", "true"))
        let other = try expect(supervisor.sereno("run", "--rm", "--network", "none", "busybox", "env"))
        let joined = try expect(supervisor.sereno("exec", "one", "env"))
        #expect(!other.output.contains("SECRET") && !other.output.contains("FURTHER"))
        #expect(joined.output.contains("SECRET=first") && !joined.output.contains("FURTHER"))
    }

    @Test("A container on the host's network finds no socket of the supervisor (CVE-2020-15257)")
    func sockets() throws {
        let supervisor = try SupervisorUnderTest()
        try expect(
            supervisor.sereno("run", "-d", "--name", "one", "--network", "host", "busybox", "sleep", "100000"))
        let names = try expect(supervisor.sereno("exec", "one", "cat", "/proc/net/unix"))
        #expect(names.output.contains(supervisor.directory.child("sock")))
        let abstract = names.output.split(separator: "\n").filter { $0.contains("@") }
        #expect(!abstract.contains { $0.contains("sereno") || $0.contains(supervisor.directory.path) }, "\(abstract)")
    }

    @Test("All conditions of a filter's rule have to hold, not one of them (CVE-2017-18367)")
    func conditions() throws {
        let supervisor = try SupervisorUnderTest()
        let profile = supervisor.directory.child("profile.json")
        // SOCK_DGRAM with SOCK_CLOEXEC, which is how the probes ask.
        try TestFiles.write(
            #"""
            {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["socket"], "action": "SCMP_ACT_ERRNO",
            "errnoRet": 28, "args": [{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"},
            {"index": 1, "value": 524290, "op": "SCMP_CMP_EQ"}]}]}
            """#, to: profile)
        let probe = try AttackProgram("probe-network")
        let options = ["run", "--rm", "--security-opt", "seccomp=" + profile] + probe.options
        let answers = ProbeReport(
            try expect(supervisor.run("sereno", options + ["busybox", probe.path])).output
        ).answers
        #expect(answers["socket udp"] == "ENOSPC")
        #expect(answers["socket tcp"] == "ok")
        #expect(answers["socket udp6"] != "ENOSPC")
        #expect(answers["socket unix"] == "ok")
    }
}
