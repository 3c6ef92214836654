import Glibc
import Linux
import TestSupport
import Testing

@Suite struct MountTests {
    /// A machine in namespaces, as a container or a test boots it: the host's own groups lie below a new /sys.
    @Test func mountsThatOthersCoverAreNotReached() throws {
        let table = MountTable(
            parsing: """
                50 1 254:0 / / rw - ext4 /dev/vda rw
                62 50 0:20 / /sys rw - sysfs sysfs rw
                63 62 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw
                64 63 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
                74 63 0:38 /.. /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
                137 62 0:40 / /sys ro - sysfs sysfs rw
                138 137 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw
                140 50 0:50 / /run rw - tmpfs tmpfs rw
                141 140 0:51 / /run rw - tmpfs tmpfs rw
                """)
        #expect(table.entries.filter(table.isReachable).map(\.id) == [50, 137, 138, 141])
    }

    @Test func mountinfoLinesAreParsed() throws {
        let line = #"36 35 98:0 /mnt1 /mnt\0402 rw,noatime shared:1 master:3 - ext3 /dev/root rw,errors=continue"#
        let entry = try #require(MountEntry(line: line))
        #expect(entry.mountPoint == "/mnt 2")
        #expect(entry.root == "/mnt1")
        #expect(entry.isShared)
        #expect(entry.type == "ext3")
        #expect(entry.superOptions == ["rw", "errors=continue"])
        #expect(MountEntry(line: "nonsense") == nil)
        #expect(MountEntry(line: "36 35 98:0 / / rw - ext4 /dev/vda rw")?.tags == [])
    }

    @Test func theHoldingMountIsTheDeepestAndLast() {
        let table = MountTable(
            parsing: """
                1 0 8:1 / / rw - ext4 a rw
                2 1 8:2 / /data rw - ext4 b rw
                3 1 8:3 / /data rw - ext4 c rw
                """)
        #expect(table.mount(holding: "/data/x")?.id == 3)
        #expect(table.mount(holding: "/database")?.id == 1)
        #expect(table.isMountPoint("/data"))
    }

    @Test(.enabled(if: getuid() == 0)) func overlaysStackAndStayBetweenCalls() throws {
        let directory = try TemporaryDirectory()
        for (layer, file) in [("a", "one"), ("b", "two"), ("c: \\,x", "three")] {
            try TestFiles.makeDirectories(directory.child("layers/" + layer))
            try TestFiles.write(layer, to: directory.child("layers/\(layer)/\(file)"))
            try TestFiles.write(layer, to: directory.child("layers/\(layer)/same"))
        }
        let overlay = OverlayMount(
            layers: ["a", "b", "c: \\,x"].map { directory.child("layers/" + $0) }, upper: directory.child("diff"),
            work: directory.child("work"), target: directory.child("merged"))
        try overlay.mount()
        defer { try? overlay.unmount() }
        try overlay.mount()
        #expect(try TestFiles.list(directory.child("merged")) == ["one", "same", "three", "two"])
        #expect(try TestFiles.read(directory.child("merged/same")) == "a")
        try TestFiles.write("new", to: directory.child("merged/written"))
        #expect(try TestFiles.read(directory.child("diff/written")) == "new")
        try overlay.unmount()
        #expect(!overlay.isMounted)
        try overlay.unmount()
        _ = try Command.run(["rm", "-rf", directory.child("work")])
    }

    @Test(.enabled(if: getuid() == 0)) func aNetworkNamespaceOutlivesItsMakerWithOnlyLoopbackUp() throws {
        let directory = try TemporaryDirectory()
        let network = NetworkNamespace(path: directory.child("run/netns"))
        #expect(!network.exists)
        let before = try Command.run(["readlink", "/proc/self/ns/net"])
        try network.create()
        defer { try? network.remove() }
        #expect(network.exists)
        try network.create()
        let links = try Command.run(
            ["nsenter", "--net=" + network.path, BusyboxRootfs.busybox, "ip", "-o", "link"])
        #expect(links.output.split(separator: "\n").count == 1)
        #expect(links.output.contains("lo: <LOOPBACK,UP"))
        // The test itself has stayed where it was.
        let after = try Command.run(["readlink", "/proc/self/ns/net"])
        #expect(after.output == before.output)
        try network.remove()
        #expect(!network.exists)
        try network.remove()
    }

    @Test func directoriesBelowARootAreMadeInside() throws {
        let directory = try TemporaryDirectory()
        try TestFiles.makeDirectories(directory.child("root/real"))
        try TestFiles.makeDirectories(directory.child("outside"))
        #expect(try Command.run(["ln", "-s", directory.child("outside"), directory.child("root/link")]).succeeded)
        #expect(try Command.run(["ln", "-s", "/real", directory.child("root/inner")]).succeeded)
        let root = directory.child("root")
        try RootedPath(root: root, path: "/inner/a/b").makeDirectories()
        #expect(TestFiles.exists(directory.child("root/real/a/b")))
        #expect(throws: LinuxError.self) { try RootedPath(root: root, path: "/link/x").makeDirectories() }
        #expect(try TestFiles.list(directory.child("outside")) == [])
        try RootedPath(root: root, path: "../../up").makeDirectories()
        #expect(TestFiles.exists(directory.child("root/up")))
        try TestFiles.write("x", to: directory.child("root/file"))
        let error = #expect(throws: LinuxError.self) {
            try RootedPath(root: root, path: "/file/x").makeDirectories()
        }
        #expect(error?.code == ENOTDIR)
    }
}
