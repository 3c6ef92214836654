import Glibc
import Model
import TestSupport
import Testing

@testable import Linux

/// On the host's own cgroups; needs root, as the supervisor does.
@Suite(.enabled(if: getuid() == 0)) struct CgroupKernelTests {
    /// Removes a group and its parent, which no other test has.
    private static func remove(_ cgroup: Cgroup) {
        try? cgroup.remove()
        for directory in cgroup.directories {
            rmdir(String(directory[..<(directory.lastIndex(of: "/") ?? directory.endIndex)]))
        }
    }

    /// A fresh group with some sleeping processes in it, which are gone afterwards.
    private func withGroup(
        _ count: Int, running script: String = "exec sleep 100", _ body: (Cgroup, [BackgroundCommand]) throws -> Void
    ) throws {
        let layout = try CgroupLayout.detect()
        try #require(layout.kind != .absent)
        var generator = SystemRandomNumberGenerator()
        let id = ContainerID.random(using: &generator)
        let cgroup = Cgroup(layout: layout, parent: "/sereno-test-" + id.short, name: id.text)
        TestRun.note(group: "sereno-test-" + id.short)
        try cgroup.create()
        defer { Self.remove(cgroup) }
        var files = cgroup.legacyJoinFiles
        if let unified = cgroup.unifiedDirectory { files.append(unified + "/cgroup.procs") }
        let join = files.map { "echo 0 > \($0)" }.joined(separator: "; ")
        let commands = try (0..<count).map { _ in
            try BackgroundCommand(["/bin/sh", "-c", "\(join); echo ready; \(script)"])
        }
        for command in commands { #expect(eventually { command.output.hasPrefix("ready\n") }) }
        try body(cgroup, commands)
    }

    @Test func theGroupKnowsItsProcessesAndKillsThemAll() throws {
        try withGroup(3) { cgroup, commands in
            let found = try cgroup.processes()
            #expect(found == commands.map(\.processID).sorted())
            #expect(cgroup.isPopulated)
            try cgroup.killAll()
            for command in commands { #expect(command.wait(timeout: 5).status.code == 137) }
            #expect(eventually { (try? cgroup.processes()) == [] })
            #expect(eventually { !cgroup.isPopulated })
        }
    }

    @Test func frozenProcessesStandStillUntilThawed() throws {
        try withGroup(1, running: "while :; do echo; sleep 0.01; done") { cgroup, commands in
            try cgroup.freeze()
            let frozen = commands[0].output
            usleep(100_000)
            #expect(commands[0].output == frozen)
            try cgroup.thaw()
            #expect(eventually { commands[0].output != frozen })
            try cgroup.killAll()
            #expect(commands[0].wait(timeout: 5).status.code == 137)
        }
    }

    @Test func aSignalReachesEveryProcess() throws {
        try withGroup(2) { cgroup, commands in
            let reached = try cgroup.signalAll(.terminate)
            #expect(reached == 2)
            for command in commands { #expect(command.wait(timeout: 5).status.code == 143) }
        }
    }

    @Test func countersAreRead() throws {
        try withGroup(1) { cgroup, _ in
            let statistics = cgroup.statistics()
            #expect(statistics.cpuTotal > 0)
            if cgroup.layout.legacy("pids") != nil || cgroup.layout.unified?.controllers.contains("pids") == true {
                #expect(statistics.pids == 1)
                #expect(statistics.pidsLimit == nil)
            }
            #expect(statistics.outOfMemoryKills == 0)
        }
    }

    @Test func makingAndRemovingCanBeRepeated() throws {
        try withGroup(0) { cgroup, _ in
            try cgroup.create()
            #expect(cgroup.exists)
            try cgroup.remove()
            #expect(!cgroup.exists)
            try cgroup.remove()
        }
    }

    @Test func theDeviceProgramOfVersion2AllowsOnlyItsRules() throws {
        let script = """
            head -c 1 /dev/zero >/dev/null && echo zero; head -c 1 /dev/full >/dev/null 2>&1 || echo no full
            echo x > /dev/full || true; mknod $0.node b 7 99 && echo made; head -c 1 $0.node 2>&1 || echo no node
            rm -f $0.node; while ! test -e $0.go; do sleep 0.01; done
            """
        let layout = try CgroupLayout.detect()
        guard let unified = layout.unified else { return }
        let cgroup = Cgroup(
            layout: CgroupLayout(unified: unified, legacy: []), parent: "/sereno-test-\(getpid())", name: "devices")
        try cgroup.create()
        defer { Self.remove(cgroup) }
        let rules = ["c *:* m", "b *:* m", "c 1:3 rwm", "c 1:5 r", "c 136:* rw"].compactMap { DeviceRule($0) }
        try #require(rules.count == 5)
        try cgroup.allowDevices(rules)
        let directory = try TemporaryDirectory()
        try TestFiles.write("", to: directory.child("x.go"))
        let join = "echo 0 > \(cgroup.unifiedDirectory ?? "")/cgroup.procs\n"
        let ran = try Command.run(["/bin/sh", "-c", join + script, directory.child("x")])
        #expect(ran.output.contains("zero\n"))
        #expect(ran.output.contains("no full\n"))
        #expect(ran.output.contains("made\n"))
        #expect(ran.output.contains("no node\n"))
    }
}
