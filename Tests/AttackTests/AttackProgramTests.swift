import Glibc
import TestSupport
import Testing

/// What the attacks stand on.
@Suite("Attacks run where they are meant to", .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct AttackProgramTests {
    @Test("A compiled attack runs inside a container and not on the host")
    func runsInside() throws {
        let supervisor = try SupervisorUnderTest()
        let attack = try AttackProgram("whereabouts")
        let inside = try expect(supervisor.run("sereno", ["run", "--rm"] + attack.options + ["busybox", attack.path]))
        let outside = try expect(Command.run([attack.directory + "/whereabouts"]))
        #expect(inside.output.hasPrefix("mnt:["))
        #expect(inside.output != outside.output)
    }
}
