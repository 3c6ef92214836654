import Glibc
import TestSupport
import Testing

/// A service manager may stop a supervisor that has not come up yet, and an engine may die while it stops.
@Suite("The supervisor is stopped while its engine comes up")
struct EarlyStopTests {
    private static let containers = 8

    @Test("Nothing is lost: the next supervisor makes the starts that were owed")
    func earlyStop() throws {
        let supervisor = try SupervisorUnderTest(
            options: ["--shutdown-timeout", "600"],
            inside: { directory in
                ["sh", "-c", "while \"$@\" && [ ! -e \(directory.child("over")) ]; do :; done", "sh"]
            })
        defer { try? TestFiles.write("", to: supervisor.directory.child("over")) }
        for number in 0..<Self.containers {
            try expect(
                supervisor.sereno(
                    "run", "-d", "--name", "c\(number)", "--restart", "always", "busybox", "sh", "-c",
                    "trap 'exit 0' TERM; while :; do sleep 0.1; done"))
        }
        for milliseconds in [1000, 0, 10, 20, 40, 80] {
            #expect(eventually(timeout: 60) { supervisor.engineProcess != nil })
            let keeper = supervisor.keeperProcess
            usleep(UInt32(milliseconds) * 1000)
            kill(keeper, SIGTERM)
            #expect(
                eventually(timeout: 60) { ![keeper, 0].contains(supervisor.keeperProcess) },
                "stopped \(milliseconds) ms after its engine's start, it did not end: \(supervisor.log)")
        }
        try supervisor.waitUntilReady()
        for number in 0..<Self.containers {
            #expect(
                try eventually(timeout: 60) { try supervisor.inspect("c\(number)", "{{.State.Status}}") == "running" })
        }
    }

    @Test("An engine that dies during the stop is followed by one that goes on with it and starts nothing")
    func diesWhileStopping() throws {
        let supervisor = try SupervisorUnderTest()
        let seen = supervisor.directory.child("seen")
        try TestFiles.makeDirectories(seen)
        func lines(_ name: String) -> Int {
            ((try? TestFiles.read(seen + "/" + name)) ?? "").count { $0 == "\n" }
        }
        // One that takes its time to end, and one that waits for its next start.
        let slow = try expect(
            supervisor.sereno(
                "run", "-d", "--name", "slow", "--stop-timeout", "6", "-v", seen + ":/seen", "busybox", "sh", "-c",
                "trap 'echo >>/seen/told' TERM; while :; do sleep 0.1; done"))
        let failing = try expect(
            supervisor.sereno(
                "run", "-d", "--name", "failing", "--restart", "always", "-v", seen + ":/seen", "busybox", "sh", "-c",
                "echo >>/seen/starts; exit 1"))
        #expect(try eventually(timeout: 60) { try Int(supervisor.inspect("failing", "{{.RestartCount}}")) ?? 0 >= 5 })
        let containers = [slow, failing].map(\.output.trimmingNewline)
        #expect(try controlGroups(of: containers) != [], "no control groups where they are looked for")
        let (keeper, engine) = (supervisor.keeperProcess, try #require(supervisor.engineProcess))
        kill(keeper, SIGTERM)
        #expect(eventually(timeout: 30) { lines("told") > 0 })
        let starts = lines("starts")
        kill(engine, SIGKILL)
        #expect(eventually(timeout: 120) { supervisor.hasEnded }, "\(supervisor.log)")
        #expect(lines("starts") == starts, "started while the supervisor goes down")
        #expect(starts >= 5)
        // And what was mounted for them is gone with it.
        let mounts = try TestFiles.read("/proc/self/mountinfo").split(separator: "\n")
        #expect(mounts.filter { $0.contains(supervisor.directory.path) } == [])
        #expect(try controlGroups(of: containers) == [])
    }

    /// In one hierarchy, or in each of several.
    private func controlGroups(of containers: [String]) throws -> [String] {
        let roots = ["/sys/fs/cgroup"] + (try TestFiles.list("/sys/fs/cgroup")).map { "/sys/fs/cgroup/" + $0 }
        return roots.flatMap { root in containers.map { root + "/sereno/" + $0 } }.filter(TestFiles.exists)
    }
}
