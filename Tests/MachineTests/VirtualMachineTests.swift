import TestSupport
import Testing

/// The keeper as the first process of a machine with a kernel of its own and control groups v2 alone: `scripts/vm-test`,
/// which says on each line what it looked at.
@Suite(.timeLimit(.minutes(15))) struct VirtualMachineTests {
    @Test func aVirtualMachineBootsRunsContainersAndGoesDownInEveryWay() throws {
        let done = try Command.run(
            [GeneratedPage.root + "/scripts/vm-test", "--programs", BuiltProgram.directory], timeout: 700)
        let lines = done.output.split(separator: "\n")
        #expect(done.succeeded, "\(done.output)\(done.error)")
        #expect(lines.filter { $0.hasPrefix("ok: ") }.count >= 30)
        #expect(lines.filter { $0.hasPrefix("boot ") }.count == 4)
    }
}
