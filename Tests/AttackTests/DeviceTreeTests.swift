import Glibc
import TestSupport
import Testing

/// `--device` takes a directory and gives the devices below it, as Docker does; whatever else is there, and however much.
@Suite(
    "A directory of devices is walked within bounds", .serialized,
    .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct DeviceTreeTests {
    private let tree: TemporaryDirectory
    private let supervisor: SupervisorUnderTest

    init() throws {
        tree = try TemporaryDirectory("sereno-devices")
        supervisor = try SupervisorUnderTest()
    }

    private func shell(_ script: String) throws {
        try expect(Command.run(["/bin/bash", "-c", script, "bash", tree.path], timeout: 120))
    }

    private func run(_ device: String, _ script: String = "true", runtime: String = "native") throws -> Command {
        try supervisor.run(
            "sereno",
            [
                "run", "--rm", "--network", "none", "--runtime", runtime, "--device", device, "busybox", "sh", "-c",
                script,
            ])
    }

    /// It is refused in words, nothing of it runs, and others are served.
    private func expectRefused(_ device: String, because reason: String) throws {
        let ran = try run(device, "echo began")
        #expect(!ran.succeeded && ran.output.isEmpty)
        #expect(ran.error.contains(reason), "\(ran.error)")
        #expect(try expect(run("/dev/null", "echo served")).output == "served\n")
    }

    @Test("Devices are given at every depth; links, fifos, sockets and files are not, nor is where links lead")
    func mixed() throws {
        try shell(
            """
            cd $1 && mkdir -p a/pts/shm && mknod a/zero c 1 5 && mknod a/pts/full c 1 7 && mknod a/pts/shm/console c 1 3
            mkfifo a/fifo && ln -s /dev/kmsg a/link && ln -s . a/loop && ln -s .. a/up && echo x >a/file && ln -s loop2 a/loop2
            """)
        let given = try expect(run(tree.child("a") + ":/x", "cd /x && find . | sort && head -c 2 zero | wc -c"))
        #expect(given.output == ".\n./pts\n./pts/full\n./pts/shm\n./pts/shm/console\n./zero\n2\n")
    }

    @Test("What holds no device is refused as Docker refuses it")
    func none() throws {
        try shell("cd $1 && mkdir empty && mkfifo fifo && echo >file && ln -s self self && ln -s $1/empty link")
        for name in ["empty", "fifo", "file", "link"] {
            try expectRefused(tree.child(name) + ":/x", because: "not a device node")
        }
        try expectRefused(tree.child("self") + ":/x", because: "too many levels of symbolic links")
        try expectRefused(tree.child("gone") + ":/x", because: "no such file or directory")
    }

    @Test("More devices than a group can be told of, more nodes, and more files than are looked at")
    func wide() throws {
        // Each another number; each the same; and none at all.
        try shell(
            """
            cd $1 && mkdir rules nodes files
            for i in $(seq 1500); do echo "rules/$i c 240 $i"; done | xargs -n 4 -P 2 mknod
            mknod nodes/0 c 1 3 && for i in $(seq 5000); do ln nodes/0 nodes/$i; done
            mknod files/zero c 1 5 && cd files && seq -f f%g 20000 | xargs touch
            """)
        try expectRefused(tree.child("rules") + ":/x", because: "more than 1024 device rules")
        try expectRefused(tree.child("nodes") + ":/x", because: "more than 4096 devices")
        try expectRefused(tree.child("files") + ":/x", because: "more than 16384 files")
        // What is below the bounds is given.
        try shell("cd $1 && rm nodes/2??? nodes/3??? nodes/4???")
        let given = try expect(run(tree.child("nodes") + ":/x", "ls /x | wc -l"))
        #expect(given.output == "2001\n")
    }

    /// What cannot be named cannot be given; Docker leaves it out as well.
    @Test("A tree that is deeper than a path can be long")
    func deep() throws {
        let attack = try AttackProgram("deep_tree")
        try expect(Command.run([attack.directory + "/deep_tree", tree.path, "12000"]))
        try expectRefused(tree.path + ":/x", because: "not a device node")
    }
}
