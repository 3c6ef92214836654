import Model
import TestSupport
import Testing

@testable import Linux

/// The accounts of memory, from files as a pure v2 host has them and as a hybrid one has.
@Suite("Accounts of memory")
struct MemoryReadingTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory("sereno-memory") }

    private func group(_ files: [String: String], legacy: Bool = false) throws -> Cgroup {
        for (name, text) in files { try TestFiles.write(text, to: directory.child("group/" + name)) }
        let tree = CgroupHierarchy(
            mountPoint: directory.path, mountRoot: "/", controllers: ["memory"], ownGroup: "/")
        let layout = CgroupLayout(unified: legacy ? nil : tree, legacy: legacy ? [tree] : [])
        return Cgroup(layout: layout, parent: "/", name: "group")
    }

    private static let events = "low 0\nhigh 7\nmax 21\noom 4\noom_kill 3\noom_group_kill 0\n"
    private static let pressure = """
        some avg10=0.00 avg60=0.12 avg300=0.05 total=1234567
        full avg10=0.00 avg60=0.00 avg300=0.00 total=99

        """

    @Test("v2: kills, limit, peak and stall")
    func unified() throws {
        try TestFiles.makeDirectories(directory.child("group"))
        let read = try #require(
            group([
                "memory.events": Self.events, "memory.max": "33554432\n", "memory.peak": "33550336\n",
                "memory.pressure": Self.pressure,
            ]).memory())
        #expect(read.kills == 3 && read.limit == 33_554_432 && read.peak == 33_550_336)
        #expect(read.stalled == Nanoseconds(1_234_567_000) && read.group > 0)
    }

    @Test("v1: the same from its own files")
    func legacy() throws {
        try TestFiles.makeDirectories(directory.child("group"))
        let read = try #require(
            group(
                [
                    "memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 5\n",
                    "memory.limit_in_bytes": "9223372036854771712\n", "memory.max_usage_in_bytes": "4096\n",
                ], legacy: true
            ).memory())
        #expect(read.kills == 5 && read.limit == nil && read.peak == 4096 && read.stalled == nil)
    }

    @Test(
        "A malformed file is no verdict",
        arguments: [
            "", "oom_kill", "oom_kill x\n", "oom_kill -1\n", "oom_kill 1 2\n", "oom_kill 99999999999999999999\n",
            "low oom_kill 3 high\n", "\0\0\0", "oom_killer 4\n",
        ])
    func malformed(_ text: String) throws {
        try TestFiles.makeDirectories(directory.child("group"))
        let read = try #require(
            group([
                "memory.events": text, "memory.max": "max\n", "memory.peak": "many\n", "memory.pressure": text,
            ]).memory())
        #expect(read.kills == nil && read.limit == nil && read.peak == nil && read.stalled == nil)
    }

    @Test("One odd line does not hide the others")
    func oddLine() throws {
        try TestFiles.makeDirectories(directory.child("group"))
        let read = try group(["memory.events": "low\nnews of tomorrow 4 5\noom_kill 3\n"]).memory()
        #expect(read?.kills == 3)
    }

    @Test("A group that is gone has no accounts")
    func gone() throws {
        #expect(try group([:]).memory() == nil)
    }
}
