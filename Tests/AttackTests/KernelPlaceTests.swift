import Glibc
import TestSupport
import Testing

/// Masks, read-only places, sysctls and mounts go where they are meant to, whatever a container has put there
/// (CVE-2019-16884, CVE-2019-19921, CVE-2022-0811, CVE-2025-31133, CVE-2025-52565, CVE-2025-52881).
@Suite("The kernel's places are what they seem", .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct KernelPlaceTests {
    private static let pattern = "/proc/sys/kernel/core_pattern"

    private func hostUnchanged(_ body: () throws -> Void) throws {
        let before = try TestFiles.read(Self.pattern)
        defer { try? TestFiles.write(before, to: Self.pattern) }
        try body()
        #expect(try TestFiles.read(Self.pattern) == before)
    }

    @Test(
        "A /dev with links in it",
        arguments: [
            ("null", "/proc/sys/kernel/core_pattern"), ("null", "/proc/sysrq-trigger"), ("null", "zero"),
            ("console", "/proc/sys/kernel/core_pattern"), ("pts", "/proc/sys/kernel"), ("shm", "/proc/self/cwd"),
            ("ptmx", "/proc/sys/kernel/core_pattern"), ("fd", "/proc/1/root"),
        ])
    func devices(name: String, target: String) throws {
        let supervisor = try SupervisorUnderTest()
        let volume = try TemporaryDirectory("sereno-dev")
        #expect(symlink(target, volume.child(name)) == 0)
        try hostUnchanged {
            for terminal in [[], ["-t"]] {
                let outcome = try supervisor.run(
                    "sereno",
                    ["run", "--rm", "--network", "none", "-v", volume.path + ":/dev"] + terminal + [
                        "busybox", "sh", "-c",
                        "echo '|/attack' 2>/dev/null >/proc/interrupts; echo '|/attack' 2>/dev/null >/proc/keys; "
                            + "echo '|/attack' 2>/dev/null >\(Self.pattern); cat /proc/keys | head -c 10 | wc -c",
                    ])
                #expect(!outcome.output.contains("core"), "\(outcome.output)")
                // Masked with nothing, or refused with a sentence.
                #expect(outcome.output.hasSuffix("0\n") || outcome.output.hasSuffix("0\r\n") || !outcome.succeeded)
            }
        }
    }

    @Test("A /dev without anything still has its masks")
    func emptyDevices() throws {
        let supervisor = try SupervisorUnderTest()
        let volume = try TemporaryDirectory("sereno-dev")
        let outcome = try supervisor.sereno(
            "run", "--rm", "--network", "none", "-v", volume.path + ":/dev", "busybox", "sh", "-c",
            "head -c 10 /proc/interrupts | wc -c; cat /proc/keys | wc -c; ls /proc/scsi | wc -l; cat | wc -c")
        #expect(outcome.output == "0\n0\n0\n0\n", "\(outcome.error)")
    }

    @Test(
        "A sysctl is a name and not a way",
        arguments: [
            "net.//.kernel.core_pattern", "net/../kernel/core_pattern", "net.ipv4./../../kernel.core_pattern",
            "net..kernel", "net./proc/sys/kernel/core_pattern", "fs.mqueue.//.//.kernel.core_pattern", "net.",
            "net.ipv4.conf.all.\u{0}forwarding", "net.ipv4.ip_forward\n", "net.-", "net.ipv4 .ip_forward",
        ])
    func sysctlNames(name: String) throws {
        let supervisor = try SupervisorUnderTest()
        try hostUnchanged {
            let outcome = try supervisor.sereno(
                "run", "--rm", "--network", "none", "--sysctl", name + "=|/attack", "busybox", "true")
            #expect(!outcome.succeeded)
            #expect(outcome.error.contains("sysctl"), "\(outcome.error)")
            #expect(!outcome.error.contains("PlanEncodingError"), "\(outcome.error)")
        }
    }

    @Test("Sysctls of its own are set, with interfaces whose names have dots")
    func sysctls() throws {
        let supervisor = try SupervisorUnderTest()
        let outcome = try supervisor.sereno(
            "run", "--rm", "--network", "none", "--sysctl", "net.ipv4.ip_forward=1", "--sysctl",
            "net.ipv4.conf.lo.forwarding=1", "--sysctl", "kernel.shm_rmid_forced=1", "--sysctl",
            "fs.mqueue.msg_max=77", "busybox", "sh", "-c",
            "cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/lo/forwarding "
                + "/proc/sys/kernel/shm_rmid_forced /proc/sys/fs/mqueue/msg_max")
        #expect(outcome.output == "1\n1\n1\n77\n", "\(outcome.error)")
    }

    @Test(
        "Nothing is mounted inside /proc but what runc allows",
        arguments: [
            "/proc/sys", "/proc/self", "/proc/sysrq-trigger", "/proc/1/attr", "/proc", "/proc/../proc/sys",
            "/link/sys", "/proc/self/attr",
        ])
    func mountsInProc(target: String) throws {
        let supervisor = try SupervisorUnderTest()
        let directory = try TemporaryDirectory("sereno-proc")
        try expect(supervisor.sereno("create", "--name", "made", "--network", "none", "busybox", "true"))
        let tree = try TemporaryDirectory("sereno-tree")
        try BusyboxRootfs.make(at: tree.path)
        #expect(symlink("/proc", tree.child("link")) == 0)
        try expect(Command.run(["tar", "-C", tree.path, "-cf", directory.child("image.tar"), "."]))
        try expect(supervisor.sereno("import", directory.child("image.tar"), "linked:latest"))
        for mount in [["-v", directory.path + ":" + target], ["--tmpfs", target]] {
            let outcome = try supervisor.run(
                "sereno", ["run", "--rm", "--network", "none"] + mount + ["linked", "true"])
            #expect(!outcome.succeeded, "\(mount)")
            #expect(outcome.error.contains("inside /proc") || outcome.error.contains("/proc"), "\(outcome.error)")
        }
    }

    @Test("What runc allows inside /proc is allowed")
    func allowedInProc() throws {
        let supervisor = try SupervisorUnderTest()
        let directory = try TemporaryDirectory("sereno-proc")
        try TestFiles.write("mine\n", to: directory.child("file"))
        for name in ["cpuinfo", "meminfo", "stat", "uptime", "loadavg", "diskstats", "swaps"] {
            let outcome = try supervisor.sereno(
                "run", "--rm", "--network", "none", "-v", directory.child("file") + ":/proc/\(name)", "busybox", "cat",
                "/proc/\(name)")
            #expect(outcome.output == "mine\n", "\(name): \(outcome.error)")
        }
    }

    @Test("Masked and read-only places are what they are for runc", arguments: ["native", "runc"])
    func places(runtime: String) throws {
        let supervisor = try SupervisorUnderTest()
        let script = """
            for f in /proc/kcore /proc/keys /proc/timer_list /proc/interrupts; do
              [ -e $f ] && { stat -c '%F %t:%T' $f; cat $f | wc -c; echo x >$f && echo wrote; }
            done 2>&1
            for d in /proc/acpi /proc/scsi /sys/firmware; do [ -e $d ] && ls $d | wc -l; done
            for f in /proc/sysrq-trigger /proc/sys/kernel/core_pattern /proc/irq/default_smp_affinity; do
              [ -e $f ] && { (echo x >$f) 2>&1 || echo refused; }
            done
            """
        let outcome = try expect(
            supervisor.sereno(
                "run", "--rm", "--runtime", runtime, "--network", "none", "busybox", "sh", "-c", script))
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.contains("character special file 1:3"))
        #expect(lines.filter { $0 == "refused" }.count >= 2, "\(outcome.output)")
        #expect(!lines.contains { Int($0).map { $0 > 0 } ?? false }, "\(outcome.output)")
    }

    @Test("Devices of an image that are something else are not taken for the device asked for")
    func devicesInTheWay() throws {
        let supervisor = try SupervisorUnderTest()
        let tree = try TemporaryDirectory("sereno-tree")
        try BusyboxRootfs.make(at: tree.path)
        #expect(mkfifo(tree.child("tmp/fifo"), 0o666) == 0)
        #expect(symlink("/proc/sysrq-trigger", tree.child("tmp/link")) == 0)
        try expect(Command.run(["tar", "-C", tree.path, "-cf", tree.path + ".tar", "."]))
        defer { unlink(tree.path + ".tar") }
        try expect(supervisor.sereno("import", tree.path + ".tar", "hostile:latest"))
        for place in ["/tmp/fifo", "/tmp/link"] {
            let device = try supervisor.sereno(
                "run", "--rm", "--network", "none", "--device", "/dev/zero:" + place, "hostile", "true")
            #expect(!device.succeeded, "\(place)")
            // A bind on a fifo is a bind, and nobody waits for the other end; a link goes where it leads, inside.
            let bind = try supervisor.sereno(
                "run", "--rm", "--network", "none", "-v", "/etc/hostname:" + place, "hostile", "true")
            #expect(!bind.timedOut)
        }
    }
}
