import Glibc
import TestSupport
import Testing

/// Containers are started on a volume in which another swaps a mount's target for a link (CVE-2021-30465, CVE-2024-45310).
@Suite(
    "A mount stays inside a container that another races",
    .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct MountRaceTests {
    /// How many containers are started.
    static let rounds = 40

    @Test("A target on a shared volume that becomes a link and back")
    func swapped() throws {
        let canaries = try HostCanaries(places: ["etc/"])
        let supervisor = try SupervisorUnderTest()
        let attack = try AttackProgram("swap-link")
        let shared = try TemporaryDirectory("sereno-shared")
        let own = try TemporaryDirectory("sereno-own")
        try TestFiles.write("own\n", to: own.child("file"))
        let volume = ["-v", shared.path + ":/shared"]
        try expect(
            supervisor.run(
                "sereno",
                ["run", "-d", "--name", "racer"] + volume + attack.options
                    + ["busybox", attack.path, canaries.path, "/shared"]))
        #expect(eventually(timeout: 30) { (try? supervisor.sereno("logs", "racer").output) == "swapping\n" })
        var started = 0
        for round in 0..<Self.rounds {
            let mounts =
                switch round % 3 {
                case 0: ["-v", own.path + ":/shared/swap/made"]
                case 1: ["-v", own.path + ":/shared/swap"]
                default: ["--tmpfs", "/shared/swap/made", "-w", "/shared/swap/work"]
                }
            let outcome = try supervisor.run(
                "sereno",
                ["run", "--rm", "--network", "none"] + volume + mounts
                    + ["busybox", "sh", "-c", "cat secret etc/secret ../secret /shared/swap/secret; ls /shared/swap"])
            #expect(!outcome.timedOut)
            #expect(!(outcome.output + outcome.error).contains(canaries.token))
            started += outcome.output.isEmpty ? 0 : 1
        }
        #expect(started > 0)
        #expect(try canaries.touched().isEmpty)
        #expect(try !TestFiles.read("/proc/self/mountinfo").contains(canaries.path))
    }
}
