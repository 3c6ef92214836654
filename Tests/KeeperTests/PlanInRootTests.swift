import CLinux
import Glibc
import KeeperProtocol
import LaunchPlan
import Linux
import Model
import TestSupport
import Testing

/// Operations below a root, and whole plans as a container has them.
@Suite struct PlanInRootTests {
    private static let mountNamespace: UInt64 = 0x0002_0000
    private static let pidNamespace: UInt64 = 0x2000_0000
    private static let recursivePrivate: UInt64 = 0x4_4000
    private static let bind: UInt64 = 0x5000

    /// A root file system, bound onto itself and entered.
    private func container(
        _ root: String, _ script: String, inRoot: [Operation] = [], inside: [Operation] = []
    ) -> Plan {
        let operations: [Operation] =
            [
                .propagation(path: "/", flags: Self.recursivePrivate),
                .mount(source: root, target: root, type: "", flags: Self.bind, data: ""),
                .mountInRoot(root: root, source: "proc", target: "/proc", type: "proc", flags: 0xE, data: ""),
                .mountInRoot(root: root, source: "tmpfs", target: "/dev", type: "tmpfs", flags: 0x2, data: ""),
                .deviceInRoot(
                    root: root, path: "/dev/null", mode: 0o20666, major: 1, minor: 3, uid: 0, gid: 0),
            ] + inRoot + [.pivotRoot(root: root), .newSession] + inside + [
                .execute(arguments: ["/bin/sh", "-c", script], environment: ["PATH=/bin"])
            ]
        return Plan(namespaces: Self.mountNamespace | Self.pidNamespace, operations: operations)
    }

    /// Runs a plan and reads what it writes.
    private func output(_ plan: Plan) throws -> String {
        let keeper = try KeeperUnderTest()
        let null = try openNull()
        var out = try Pipe()
        let slot = try keeper.spawn(plan, streams: [null.borrowed, out.writing, out.writing])
        out.closeWriting()
        let outcome = try keeper.outcome(of: slot)
        try #require(outcome.failure == nil)
        #expect(outcome.warnings.isEmpty)
        return readAll(out.read)
    }

    @Test func linksInAnImageDoNotLeadOutOfIt() throws {
        let directory = try TemporaryDirectory()
        let root = directory.child("root")
        try BusyboxRootfs.make(at: root)
        let outside = directory.child("outside")
        try TestFiles.makeDirectories(outside)
        // Absolute, climbing, dangling, and in a chain: as a hostile image has them.
        #expect(symlink(outside, root + "/absolute") == 0)
        #expect(symlink("../../../../../.." + outside, root + "/climbing") == 0)
        #expect(symlink("/absolute", root + "/chain") == 0)
        let operations: [Operation] =
            ["absolute", "climbing", "chain"].map {
                .bindInRoot(
                    root: root, source: "/etc/passwd", target: "/\($0)/file", recursive: false, attributes: 1,
                    propagation: 0)
            } + [
                .makeDirectoryInRoot(root: root, path: "/climbing/made", mode: 0o700),
                .symlinkInRoot(root: root, target: "x", path: "/absolute/link"),
                .deviceInRoot(
                    root: root, path: "/absolute/null", mode: 0o20666, major: 1, minor: 3, uid: 5, gid: 6),
                .mountInRoot(
                    root: root, source: "tmpfs", target: "/absolute/mounted", type: "tmpfs", flags: 0, data: ""),
            ]
        let text = try output(
            container(
                root, "ls -1 \(outside); stat -c %a \(outside)/made; stat -c %u:%g \(outside)/null",
                inRoot: operations))
        let inside = ["file", "link", "made", "mounted", "null"]
        #expect(text == (inside + ["700", "5:6"]).joined(separator: "\n") + "\n")
        #expect(try TestFiles.list(outside).isEmpty)
    }

    @Test func bindsHaveTheAttributesAsked() throws {
        let directory = try TemporaryDirectory()
        let root = directory.child("root")
        try BusyboxRootfs.make(at: root)
        let source = directory.child("source")
        try TestFiles.makeDirectories(source)
        let text = try output(
            container(
                root, "grep ' /data ' /proc/self/mountinfo | cut -d' ' -f6; touch /data/x; touch /y && echo wrote",
                inRoot: [
                    .bindInRoot(
                        root: root, source: source, target: "/data", recursive: true, attributes: 1 | 2 | 4 | 8,
                        propagation: 0x4_4000)
                ]))
        let lines = text.split(separator: "\n")
        for flag in ["ro", "nosuid", "nodev", "noexec"] { #expect(lines.first?.contains(flag) == true) }
        #expect(text.contains("touch: /data/x: Read-only file system"))
        #expect(lines.last == "wrote")
    }

    @Test func masksReadOnlyPathsUserCapabilitiesAndLimitsHold() throws {
        let directory = try TemporaryDirectory()
        let root = directory.child("root")
        try BusyboxRootfs.make(at: root)
        try TestFiles.write("secret", to: root + "/etc/secret", mode: 0o644)
        try TestFiles.makeDirectories(root + "/hidden/below")
        let text = try output(
            container(
                root,
                """
                cat /etc/secret; ls /hidden; touch /home/x 2>&1; id -u; id -G; umask; ulimit -n; pwd
                grep -E 'Cap(Prm|Bnd)|NoNewPrivs' /proc/self/status
                """,
                inRoot: [
                    .maskInRoot(root: root, path: "/etc/secret", empty: ""),
                    .maskInRoot(root: root, path: "/hidden", empty: ""),
                    .maskInRoot(root: root, path: "/not/there", empty: ""),
                    .readonlyInRoot(root: root, path: "/home"), .readonlyInRoot(root: root, path: "/nor/here"),
                ],
                inside: [
                    .setLimit(resource: 7, soft: 77, hard: 77), .umask(0o27),
                    .changeDirectory(path: "/srv/deep", create: true), .noNewPrivileges,
                    .identity(uid: 1000, gid: 1001, groups: [63, 2000]),
                    .capabilities(
                        bounding: 0x401, effective: 0x400, permitted: 0x400, inheritable: 0x400, ambient: 0x400),
                ]))
        #expect(
            text == """
                touch: /home/x: Read-only file system
                1000
                1001 63 2000
                0027
                77
                /srv/deep
                CapPrm:\t0000000000000400
                CapBnd:\t0000000000000401
                NoNewPrivs:\t1

                """)
    }

    @Test func theTerminalIsTheContainersConsole() throws {
        let directory = try TemporaryDirectory()
        let root = directory.child("root")
        try BusyboxRootfs.make(at: root)
        let keeper = try KeeperUnderTest()
        var first: Int32 = -1
        var second: Int32 = -1
        #expect(clinux_open_pty(&first, &second) == 0)
        let master = OwnedDescriptor(adopting: first)
        let terminal = OwnedDescriptor(adopting: second)
        let plan = container(
            root, "echo to the console > /dev/console; echo to the terminal > /dev/tty; stat -c %t:%T /dev/console",
            inRoot: [.consoleInRoot(root: root, path: "/dev/console")], inside: [.controllingTerminal])
        let tty = Operation.deviceInRoot(
            root: root, path: "/dev/tty", mode: 0o20666, major: 5, minor: 0, uid: 0, gid: 0)
        var operations = plan.operations
        operations.insert(tty, at: 5)
        let slot = try keeper.spawn(
            Plan(namespaces: plan.namespaces, operations: operations),
            streams: [terminal.borrowed, terminal.borrowed, terminal.borrowed])
        let outcome = try keeper.outcome(of: slot)
        try #require(outcome.failure == nil)
        #expect(outcome.exit?.status == .exited(0))
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = read(master.rawValue, &bytes, bytes.count)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        // 88: the major number of /dev/pts in hexadecimal.
        #expect(text.hasPrefix("to the console\r\nto the terminal\r\n88:"))
    }

    @Test func anExecJoinsTheContainersFilesAfterItsLeadingWrites() throws {
        let directory = try TemporaryDirectory()
        let root = directory.child("root")
        try BusyboxRootfs.make(at: root)
        let keeper = try KeeperUnderTest()
        let slot = try keeper.spawn(container(root, "exec sleep 100"))
        guard case .spawned(slot, _, _, let process) = try keeper.next() else {
            Issue.record("not spawned")
            return
        }
        let pidfd = try taken(process)
        let note = directory.child("note")
        try TestFiles.write("", to: note)
        let exec = Plan(
            enterDescriptor: 0, enterFlags: Self.mountNamespace | Self.pidNamespace,
            operations: [
                .writeFile(path: note, data: "on the host", optional: false),
                .changeDirectory(path: "/home/app", create: false), .birth,
                .execute(
                    arguments: ["sh", "-c", "[ $(pwd) = /home/app ] && [ ! -e /tmp/\(getpid()) ] && exit 11"],
                    environment: ["PATH=/bin"]),
            ])
        #expect(try keeper.run(exec, planned: [pidfd.borrowed]).exit?.status == .exited(11))
        #expect(try TestFiles.read(note) == "on the host")
        try keeper.send { try $0.signal(slot, .kill) }
        #expect(try keeper.outcome(of: slot).exit != nil)
    }
}
