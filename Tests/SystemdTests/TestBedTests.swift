import Glibc
import TestSupport
import Testing

/// The machine that other tests stand on: a real systemd, and a host that does not notice.
@Suite("A systemd to test against", .serialized)
struct TestBedTests {
    /// What of the host must be the same before, during and after: where its process 1 is, and its own mounts. Mounts below other
    /// directories come and go with other tests.
    private static func host() throws -> String {
        let mounts = try TestFiles.read("/proc/mounts").split(separator: "\n").filter { line in
            let path = line.split(separator: " ")[1]
            return path == "/"
                || ["/sys", "/proc", "/dev", "/run", "/etc", "/usr", "/var"].contains { top in
                    path == top || path.hasPrefix(top + "/") && !path.contains("sereno")
                }
        }
        return try TestFiles.read("/proc/1/cgroup") + mounts.joined(separator: "\n")
    }

    @Test("It starts units, sees READY and exit codes, and keeps its disk over a reboot")
    func boots() throws {
        let before = try Self.host()
        let notify = """
            [Service]
            Type=notify
            NotifyAccess=all
            ExecStart=/bin/bash -c 'until [ -e /var/lib/go ]; do sleep 0.01; done; systemd-notify --ready --status=here; exec sleep 1000'
            [Install]
            WantedBy=multi-user.target
            """
        let machine = try SystemdUnderTest(units: [
            "seven.service": "[Service]\nExecStart=/bin/sh -c 'exit 7'\n"
        ])
        #expect(try machine.run("cat", "/proc/1/comm").output == "systemd\n")
        _ = try machine.run("systemctl", "start", "--wait", "seven.service")
        #expect(try machine.property("ExecMainStatus", of: "seven.service") == "7")

        try machine.install("notify.service", notify)
        try machine.systemctl("start", "--no-block", "notify.service")
        #expect(try eventually { try machine.property("ActiveState", of: "notify.service") == "activating" })
        try machine.write("", to: "/var/lib/go")
        #expect(try eventually { try machine.property("ActiveState", of: "notify.service") == "active" })
        #expect(try machine.property("StatusText", of: "notify.service") == "here")
        let main = try machine.property("MainPID", of: "notify.service")
        #expect(try machine.processes(in: "/system.slice/notify.service").map(String.init) == [main])

        try machine.systemctl("enable", "notify.service")
        try machine.write("kept", to: "/var/lib/kept")
        let boot = try machine.read("/proc/sys/kernel/random/boot_id")
        #expect(try Self.host() == before)
        try machine.reboot()
        #expect(try machine.read("/proc/sys/kernel/random/boot_id") != boot)
        #expect(try machine.read("/var/lib/kept") == "kept")
        #expect(!TestFiles.exists("/var/lib/kept") && !TestFiles.exists("/etc/systemd/system/notify.service"))
        #expect(try machine.property("StatusText", of: "notify.service") == "here")
        #expect(try machine.property("ActiveState", of: "seven.service") == "inactive")
        #expect(try machine.journal(of: "seven.service").contains("status=7"))
        #expect(try Self.host() == before)
    }

    @Test("It comes back from a power cut, and nothing is left when it is let go")
    func powerCut() throws {
        let before = try Self.host()
        var machine: SystemdUnderTest? = try SystemdUnderTest()
        try machine?.write("kept", to: "/etc/kept")
        try machine?.powerCut()
        #expect(try machine?.read("/etc/kept") == "kept")
        let shared = try #require(machine?.shared)
        let process = try #require(machine?.process)
        machine = nil
        #expect(!TestFiles.exists(shared) && !TestFiles.exists("/proc/\(process)"))
        #expect(try !TestFiles.read("/proc/mounts").contains(shared))
        #expect(try Self.host() == before)
    }
}
