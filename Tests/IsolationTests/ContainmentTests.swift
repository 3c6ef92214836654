import Glibc
import Model
import TestSupport
import Testing

/// Looked at from inside a real container: that each restriction holds, not that a flag was set.
@Suite(.serialized, .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct ContainmentTests {
    private func shell(_ script: String, _ change: (inout ContainerSpec) -> Void = { _ in }) throws -> String {
        try ContainerUnderTest.shell(script, change)
    }

    @Test func itsProcessesAreAlone() throws {
        #expect(try shell("echo $$; ls -d /proc/[0-9]* | wc -l").hasPrefix("1\n"))
        #expect(try shell("ps -o pid,comm | grep -c sleep") == "0\n")
    }

    @Test func itHasItsOwnNamespaces() throws {
        let script = "for n in pid mnt uts ipc net cgroup; do readlink /proc/self/ns/$n; done"
        let inside = try shell(script).split(separator: "\n")
        let outside = try Command.run(["sh", "-c", script]).output.split(separator: "\n")
        #expect(inside.count == 6)
        #expect(Set(inside).isDisjoint(with: outside))
    }

    @Test func itsNetworkHasOnlyLoopback() throws {
        #expect(try shell("ls /sys/class/net; ip -o link | grep -c LOOPBACK,UP") == "lo\n1\n")
    }

    @Test func theHostsFilesAreGone() throws {
        let directory = try TemporaryDirectory()
        #expect(try shell("ls \(directory.path) 2>&1; ls / | tr '\\n' ' '").contains("No such file"))
        #expect(try shell("grep -c ' / / ' /proc/self/mountinfo; grep -c '/tmp/sereno' /proc/mounts").hasPrefix("1\n"))
    }

    @Test func itCannotMount() throws {
        #expect(try shell("mount -t tmpfs x /tmp 2>&1; echo $?").contains("ermission denied"))
        #expect(try shell("mount -t tmpfs x /tmp 2>&1; echo $?", { $0.security.capAdd = ["SYS_ADMIN"] }) == "0\n")
    }

    @Test func kernelPathsAreMaskedOrReadOnly() throws {
        #expect(try shell("cat /proc/keys /proc/timer_list | wc -c") == "0\n")
        #expect(try shell("ls /sys/firmware /proc/acpi 2>/dev/null | grep -c '^[^/]'") == "0\n")
        #expect(try shell("echo 1 > /proc/sys/kernel/domainname; echo $?").hasSuffix("1\n"))
        #expect(try shell("echo h > /proc/sysrq-trigger; echo $?").hasSuffix("1\n"))
        #expect(try shell("mkdir /sys/fs/cgroup/x; echo $?").hasSuffix("1\n"))
        #expect(try shell("grep ' /sys ' /proc/mounts").contains(" ro,"))
        let open: (inout ContainerSpec) -> Void = { $0.security.privileged = true }
        #expect(try shell("grep ' /sys ' /proc/mounts; cat /proc/timer_list | wc -c", open).contains(" rw,"))
    }

    @Test func theCapabilitySetsAreDockers() throws {
        let script = "grep Cap /proc/self/status | tr -d '\\t' | tr '\\n' ' '"
        #expect(
            try shell(script) == "CapInh:0000000000000000 CapPrm:00000000a80425fb CapEff:00000000a80425fb "
                + "CapBnd:00000000a80425fb CapAmb:0000000000000000 ")
        #expect(
            try shell(script, { $0.process.user = "app" })
                == "CapInh:0000000000000000 CapPrm:0000000000000000 CapEff:0000000000000000 "
                + "CapBnd:00000000a80425fb CapAmb:0000000000000000 ")
        #expect(
            try shell(script, { $0.security.capDrop = ["ALL"] }).contains("CapBnd:0000000000000000"))
        #expect(try shell("chown 5 /tmp; echo $?", { $0.security.capDrop = ["CHOWN"] }).hasSuffix("1\n"))
    }

    @Test func forbiddenSystemCallsFail() throws {
        #expect(try shell("grep Seccomp: /proc/self/status") == "Seccomp:\t2\n")
        #expect(try shell("unshare -U true 2>&1; echo $?").contains("Operation not permitted"))
        // With CAP_SYS_ADMIN the standard filter allows unshare.
        #expect(try shell("unshare -m true; echo $?", { $0.security.capAdd = ["SYS_ADMIN"] }) == "0\n")
        let unconfined: (inout ContainerSpec) -> Void = { $0.security.options = ["seccomp=unconfined"] }
        #expect(
            try shell("grep Seccomp: /proc/self/status; unshare -U true; echo $?", unconfined) == "Seccomp:\t0\n0\n")
        let custom = #"""
            seccomp={"defaultAction": "SCMP_ACT_ALLOW",
            "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28}]}
            """#
        let profile: (inout ContainerSpec) -> Void = { $0.security.options = [custom] }
        #expect(try shell("mkdir /tmp/x 2>&1", profile).contains("No space left"))
    }

    @Test func noNewPrivilegesHolds() throws {
        let script = "grep NoNewPrivs /proc/self/status"
        #expect(try shell(script) == "NoNewPrivs:\t0\n")
        #expect(try shell(script, { $0.security.options = ["no-new-privileges"] }) == "NoNewPrivs:\t1\n")
        // A set-user-ID program gives nothing any more.
        let setuid =
            "cp /bin/busybox /tmp/su; chmod 4755 /tmp/su; su app -c 'grep Uid: /proc/self/status; /tmp/su cat /root/secret 2>&1'"
        let spec: (inout ContainerSpec) -> Void = { $0.security.options = ["no-new-privileges:true"] }
        #expect(try shell(setuid, spec).contains("must be suid"))
        #expect(try !shell(setuid).contains("must be suid"))
    }

    @Test func theUserIsWhoWasAsked() throws {
        #expect(
            try shell("id -u; id -g; id -G; echo $HOME", { $0.process.user = "app" })
                == "1000\n1000\n1000 63\n/home/app\n")
        let numbers: (inout ContainerSpec) -> Void = {
            $0.process.user = "7:8"
            $0.process.additionalGroups = ["extra"]
        }
        #expect(try shell("id -u; id -g; id -G; echo $HOME", numbers) == "7\n8\n8 2000\n/\n")
        #expect(try shell("cat /etc/shadow; touch /root/x; echo $?", { $0.process.user = "app" }) == "1\n")
    }

    @Test func itsNameIsItsOwn() throws {
        let before = try Command.run(["hostname"]).output
        let named: (inout ContainerSpec) -> Void = {
            $0.hostname = "box"
            $0.domainname = "example.org"
        }
        #expect(
            try shell("hostname; cat /proc/sys/kernel/domainname /etc/hostname; echo $HOSTNAME", named)
                == "box\nexample.org\nbox\nbox\n")
        #expect(try Command.run(["hostname"]).output == before)
        #expect(try shell("hostname").count == 13)
        #expect(try shell("grep localhost /etc/hosts | head -1") == "127.0.0.1\tlocalhost\n")
    }

    @Test func theRootFileSystemCanBeReadOnly() throws {
        let readOnly: (inout ContainerSpec) -> Void = { spec in
            spec.security.readonlyRootfs = true
            var mount = MountSpec()
            mount.source = .tmpfs
            mount.target = "/tmp"
            spec.mounts = [mount]
        }
        #expect(try shell("touch /x; echo $?; touch /tmp/x; echo $?", readOnly).hasSuffix("1\n0\n"))
        #expect(try shell("touch /x; echo $?") == "0\n")
    }

    @Test func tmpfsIsBoundedAndWithoutPrograms() throws {
        let bounded: (inout ContainerSpec) -> Void = { spec in
            var mount = MountSpec()
            mount.source = .tmpfs
            mount.target = "/t"
            mount.options = "size=64k,mode=0701"
            spec.mounts = [mount]
        }
        #expect(
            try shell("dd if=/dev/zero of=/t/x bs=1k count=128 2>&1; stat -c '%a %s' /t /t/x", bounded)
                .contains("No space left"))
        #expect(try shell("stat -c %a /t", bounded) == "701\n")
        #expect(
            try shell("cp /bin/busybox /t/true 2>/dev/null; cp /bin/sh /t/ 2>/dev/null; /t/true; echo $?", bounded)
                == "126\n")
    }

    @Test func bindMountsShowTheHostAndCanBeReadOnly() throws {
        let directory = try TemporaryDirectory()
        chmod(directory.path, 0o777)
        try TestFiles.write("from the host\n", to: directory.child("file"))
        func bind(_ readOnly: Bool, _ source: String, _ target: String) -> (inout ContainerSpec) -> Void {
            { spec in
                var mount = MountSpec()
                mount.source = .bind(path: source)
                mount.target = target
                mount.readOnly = readOnly
                mount.createSource = true
                spec.mounts = [mount]
            }
        }
        #expect(
            try shell("cat /m/file; echo x > /m/new; echo $?", bind(false, directory.path, "/m"))
                == "from the host\n0\n")
        #expect(try TestFiles.read(directory.child("new")) == "x\n")
        #expect(try shell("echo x > /m/file; echo $?", bind(true, directory.path, "/m")).hasSuffix("1\n"))
        // A file over a file that the image does not have.
        #expect(try shell("cat /deep/er/f", bind(false, directory.child("file"), "/deep/er/f")) == "from the host\n")
        #expect(try shell("ls /m | wc -l", bind(false, directory.child("made"), "/m")) == "0\n")
        #expect(TestFiles.exists(directory.child("made")))
    }

    @Test func devicesAreTheStandardOnes() throws {
        let names = try shell("ls /dev | tr '\\n' ' '").split(separator: " ").filter { $0 != "core" }
        #expect(
            names == [
                "fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout", "tty",
                "urandom", "zero",
            ])
        #expect(try shell("head -c 4 /dev/zero | wc -c; echo x > /dev/null; echo $?") == "4\n0\n")
        #expect(
            try shell("df -k /dev/shm | tail -1 | awk '{print $2}'", { $0.resources.shmSize = 1 << 20 }) == "1024\n")
        var device = DeviceSpec()
        device.pathOnHost = "/dev/kmsg"
        device.pathInContainer = "/dev/log0"
        let added = device
        #expect(try shell("ls -l /dev/log0 | cut -c1", { $0.resources.devices = [added] }) == "c\n")
    }

    @Test func limitsScoresMaskAndDirectoryAreSet() throws {
        var limit = Ulimit()
        limit.name = "nofile"
        limit.soft = 123
        limit.hard = 456
        let limited = limit
        let change: (inout ContainerSpec) -> Void = { spec in
            spec.resources.ulimits = [limited]
            spec.security.oomScoreAdjust = 321
            spec.process.workingDirectory = "/made/for/it"
        }
        #expect(
            try shell("ulimit -n; ulimit -Hn; cat /proc/self/oom_score_adj; umask; pwd", change)
                == "123\n456\n321\n0022\n/made/for/it\n")
    }

    @Test func whatTheHostRefusesIsAWarning() throws {
        var limit = Ulimit()
        limit.name = "nofile"
        limit.soft = 9_999_999
        limit.hard = 9_999_999
        let raised = limit
        let outcome = try ContainerUnderTest.outcome(of: "echo ran") { spec in
            spec.resources.ulimits = [raised]
            spec.security.oomScoreAdjust = -999
        }
        #expect(outcome.output == "ran\n")
    }

    @Test func sysctlsReachItsNamespaces() throws {
        let change: (inout ContainerSpec) -> Void = {
            $0.security.sysctls = ["kernel.msgmax": "4321", "net.ipv4.ip_forward": "1"]
        }
        #expect(try shell("cat /proc/sys/kernel/msgmax /proc/sys/net/ipv4/ip_forward", change) == "4321\n1\n")
    }
}
