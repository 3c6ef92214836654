import Glibc
import TestSupport
import Testing

/// Files are copied into and out of a running container while it swaps what is on the way (CVE-2018-15664, CVE-2019-10152,
/// CVE-2019-18466, CVE-2021-41089, CVE-2026-41568, CVE-2026-42306).
@Suite(
    "A copy stays inside a container that races it", .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper"))
)
struct CopyRaceTests {
    /// How often each way is tried.
    static let rounds = 100

    @Test("A directory on the way that becomes a link and back", arguments: ["absolute", "relative", "by a process"])
    func swapped(kind: String) throws {
        let canaries = try HostCanaries(places: ["etc/"])
        let target =
            switch kind {
            case "absolute": canaries.path
            case "relative": "../../../../../../../.." + canaries.path
            default: "/proc/1/root" + canaries.path
            }
        let supervisor = try SupervisorUnderTest()
        let attack = try AttackProgram("swap-link")
        try expect(
            supervisor.run(
                "sereno", ["run", "-d", "--name", "racer"] + attack.options + ["busybox", attack.path, target]))
        #expect(eventually(timeout: 30) { (try? supervisor.sereno("logs", "racer").output) == "swapping\n" })
        let sent = try TemporaryDirectory("sereno-sent")
        for name in ["secret", "new"] { try TestFiles.write("sent\n", to: sent.child(name)) }
        try TestFiles.makeDirectories(sent.child("etc"))
        var inside = 0
        for round in 0..<Self.rounds {
            // In turns: over a file, a new one, a tree, and out.
            let arguments =
                switch round % 4 {
                case 0: [sent.child("secret"), "racer:/swap/secret"]
                case 1: [sent.child("new"), "racer:/swap/"]
                case 2: [sent.path + "/.", "racer:/swap"]
                default: ["racer:/swap/secret", "-"]
                }
            let copied = try supervisor.run("sereno", ["cp"] + arguments)
            #expect(!copied.timedOut)
            #expect(!(copied.output + copied.error).contains(canaries.token))
            inside += copied.succeeded ? 1 : 0
        }
        #expect(inside > 0)
        let touched = try canaries.touched()
        #expect(touched.isEmpty, "\(touched)")
        #expect(try supervisor.inspect("racer", "{{.State.Running}}") == "true")
    }
}
