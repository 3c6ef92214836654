import Glibc
import Linux
import TestSupport
import Testing

/// Whoever takes over a program beside the containers has what that program needs, and no more: the table of docs/isolation.md,
/// held against live processes.
@Suite(
    "The programs beside containers have the least rights",
    .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct HelperRightsTests {
    /// CHOWN, DAC_OVERRIDE, FOWNER, FSETID, MKNOD, SETFCAP.
    private static let writing = "8800001b"

    /// Numbers of x86_64.
    private enum Call {
        static let socket = 41, clone = 56, execve = 59, chdir = 80, ptrace = 101, chroot = 161, mount = 165,
            reboot = 169
        static let kexecLoad = 246, setns = 308, finitModule = 313, bpf = 321, mmap = 9, getpid = 39, openat = 257
        static let memfd = 319, unshare = 272, initModule = 175
    }

    /// A copy into a container whose archive never comes.
    private func waitingCopy(_ supervisor: SupervisorUnderTest, into name: String) throws -> BackgroundCommand {
        let script = "mkfifo \"$0\" && exec \"$@\" <>\"$0\""
        let command = [try Clients.path(of: "sereno"), "-H", supervisor.host, "cp", "-", name + ":/tmp"]
        return try BackgroundCommand(["/bin/sh", "-c", script, supervisor.directory.child("never-" + name)] + command)
    }

    private func refuses(_ helper: HelperProcess, _ calls: [(String, Int)], with code: Int32) throws {
        for (name, number) in calls { #expect(try helper.call(number) == -Int(code), "\(name)") }
    }

    #if arch(x86_64)
        @Test("sereno-archive in a container, running and stopped", arguments: ["running", "stopped"])
        func archive(_ state: String) throws {
            let supervisor = try SupervisorUnderTest()
            let verb = state == "running" ? ["run", "-d"] : ["create"]
            try expect(
                supervisor.run("sereno", verb + ["--network", "none", "--name", "one", "busybox", "sleep", "600"]))
            let engine = try #require(supervisor.engineProcess)
            let copy = try waitingCopy(supervisor, into: "one")
            let helper = try HelperProcess("sereno-archive", "unpack", of: engine)
            try helper.waitUntilConfined(filters: 2)
            for set in ["CapEff", "CapPrm", "CapBnd"] {
                #expect(try helper.capabilities(set) == Self.writing, "\(set)")
            }
            for set in ["CapInh", "CapAmb"] { #expect(try helper.capabilities(set) == "0", "\(set)") }
            #expect(try helper.status("NoNewPrivs") == "1")
            // A session, a network and mounts of its own.
            #expect(try helper.status("NSsid").split(separator: "\t").first == "\(helper.number)")
            for space in ["net", "mnt", "ipc", "uts"] {
                #expect(helper.link("ns/" + space) != HelperProcess(engine).link("ns/" + space), "\(space)")
                #expect(helper.link("ns/" + space) != HelperProcess(getpid()).link("ns/" + space), "\(space)")
            }
            // Nothing of the host is mounted for it, and no device can be opened, whoever puts one in a file's place.
            let mounts = try TestFiles.read("/proc/\(helper.number)/mountinfo").split(separator: "\n")
            #expect(!mounts.isEmpty)
            for mount in mounts {
                let fields = mount.split(separator: " ")
                #expect(fields[5].split(separator: ",").contains("nodev"), "\(mount)")
                #expect(!fields[4].hasPrefix("/work") && !fields[4].hasPrefix(supervisor.directory.path), "\(mount)")
            }
            #expect(TestFiles.exists("/proc/\(helper.number)/root/bin/busybox"))
            // The archive, the answer, what it complains to, and the root that it works in.
            let held = try TestFiles.list("/proc/\(helper.number)/fd").map { helper.link("fd/" + $0) }
            let known = ["socket:", "pipe:", "/dev/null", "/"]
            #expect(
                held.count <= 8 && held.allSatisfy { one in known.contains { one == $0 || one.hasPrefix($0) } },
                "\(held)")
            #expect(!held.contains { $0.hasPrefix(supervisor.directory.path) }, "\(held)")
            #expect(try TestFiles.read("/proc/\(helper.number)/limits").contains("Max core file size        0"))
            try refuses(
                helper,
                [
                    ("socket", Call.socket), ("clone", Call.clone), ("execve", Call.execve), ("chdir", Call.chdir),
                    ("ptrace", Call.ptrace), ("chroot", Call.chroot), ("mount", Call.mount), ("setns", Call.setns),
                    ("unshare", Call.unshare), ("bpf", Call.bpf), ("kexec_load", Call.kexecLoad),
                    ("init_module", Call.initModule), ("memfd_create", Call.memfd),
                ], with: ENOSYS)
            // Memory that holds code: what loading a library would need.
            #expect(try helper.call(Call.mmap, 0, 4096, 5, 0x22, -1, 0) == -Int(ENOSYS))
            #expect(try helper.call(Call.getpid) == Int(helper.number))
            copy.signal(SIGKILL)
        }

        @Test(
            "The process beside it that sets an attribute has that capability, and no call to use it for anything else")
        func marks() throws {
            let directory = try TemporaryDirectory("sereno-marks")
            try TestFiles.makeDirectories(directory.child("root"))
            let script = "mkfifo \"$0/never\" && exec \"$1\" unpack-layer --into \"$0/root\" <>\"$0/never\""
            let archive = try BackgroundCommand(
                ["/bin/sh", "-c", script, directory.path, BuiltProgram.path("sereno-archive")])
            try HelperProcess(archive.processID).waitUntilConfined()
            let helper = try HelperProcess("sereno-archive", "unpack-layer", of: archive.processID)
            try helper.waitUntilConfined()
            #expect(try helper.capabilities("CapEff") == "200000" && helper.capabilities("CapBnd") == "200000")
            #expect(try TestFiles.list("/proc/\(helper.number)/fd").count == 1)
            try refuses(
                helper,
                [
                    ("openat", Call.openat), ("mount", Call.mount), ("setns", Call.setns), ("unshare", Call.unshare),
                    ("bpf", Call.bpf), ("socket", Call.socket), ("execve", Call.execve), ("clone", Call.clone),
                ], with: ENOSYS)
            archive.signal(SIGKILL)
            // It does not outlive the other.
            #expect(eventually(timeout: 30) { !TestFiles.exists("/proc/\(helper.number)/root/") })
        }

        @Test("The engine cannot do what a supervisor never does")
        func engine() throws {
            let supervisor = try SupervisorUnderTest(image: false)
            let engine = HelperProcess(try #require(supervisor.engineProcess))
            #expect(try engine.status("NoNewPrivs") == "1")
            #expect(try engine.status("Seccomp") == "2")
            for task in try TestFiles.list("/proc/\(engine.number)/task") {
                let status = try TestFiles.read("/proc/\(engine.number)/task/\(task)/status")
                #expect(status.contains("Seccomp:\t2"), "thread \(task)")
            }
            try refuses(
                engine,
                [
                    ("kexec_load", Call.kexecLoad), ("init_module", Call.initModule),
                    ("finit_module", Call.finitModule),
                    ("ptrace", Call.ptrace), ("reboot", Call.reboot),
                ], with: EPERM)
            #expect(try supervisor.sereno("version").succeeded)
        }
    #endif

    @Test("Nobody in a container of the host's processes can look into it, with the capabilities that a container has")
    func hidden() throws {
        let supervisor = try SupervisorUnderTest()
        try expect(
            supervisor.sereno(
                "run", "-d", "--network", "none", "--pid", "host", "--name", "spy", "busybox", "sleep", "600"))
        let engine = try #require(supervisor.engineProcess)
        let copy = try waitingCopy(supervisor, into: "spy")
        let helper = try HelperProcess("sereno-archive", "unpack", of: engine)
        try helper.waitUntilConfined(filters: 2)
        for entry in ["root/", "fd/0", "exe", "cwd/", "mem", "environ"] {
            let tried = try supervisor.sereno(
                "exec", "spy", "sh", "-c", "ls /proc/\(helper.number)/\(entry) && cat /proc/\(helper.number)/\(entry)")
            #expect(
                !tried.succeeded && tried.error.contains("ermission denied"), "\(entry): \(tried.output)\(tried.error)")
        }
        copy.signal(SIGKILL)
    }

    @Test("sereno-systemd holds nothing that it does not need, and reaches nobody but through Unix sockets")
    func systemd() throws {
        let directory = try TemporaryDirectory("sereno-bus")
        try TestFiles.makeDirectories(directory.child("systemd"))
        let silent = try UnixListener.make(path: directory.child("systemd/private"), mode: 0o600, group: nil)
        let asking = try BackgroundCommand(
            [BuiltProgram.path("sereno-systemd"), "--user", "version"],
            environment: ["XDG_RUNTIME_DIR=" + directory.path])
        let helper = HelperProcess(asking.processID)
        try helper.waitUntilConfined()
        for set in ["CapEff", "CapPrm", "CapBnd", "CapInh", "CapAmb"] { #expect(try helper.capabilities(set) == "0") }
        #expect(try helper.status("NoNewPrivs") == "1")
        #if arch(x86_64)
            // It waits for the answer.
            #expect(
                eventually(timeout: 30) {
                    (try? TestFiles.read("/proc/\(helper.number)/wchan"))?.contains("poll") == true
                })
            try refuses(
                helper,
                [
                    ("execve", Call.execve), ("ptrace", Call.ptrace), ("mount", Call.mount), ("unshare", Call.unshare),
                    ("chroot", Call.chroot), ("bpf", Call.bpf),
                ], with: ENOSYS)
            #expect(try helper.call(Call.socket, Int(AF_INET), 1, 0) == -Int(ENOSYS))
            #expect(try helper.call(Call.openat, -100, 0, Int(O_WRONLY | O_CREAT), 0o600) == -Int(ENOSYS))
        #endif
        asking.signal(SIGKILL)
        withExtendedLifetime(silent) {}
    }
}
