import TestSupport
import Testing

/// What the host cannot give is a warning, and the container runs.
@Suite("Beyond what the host can give")
struct HostLimitTests {
    /// CAP_SYS_RESOURCE is number 24.
    private static let mayRaise: Bool = {
        let status = (try? TestFiles.read("/proc/self/status")) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("CapBnd:") } ?? ""
        return (UInt64(line.dropFirst(7).filter { !$0.isWhitespace }, radix: 16) ?? 0) >> 24 & 1 == 1
    }()

    @Test(
        "A capability and a limit are left out with a warning", .enabled(if: !mayRaise, "this host grants everything"),
        arguments: Clients.all)
    func warnings(client: String) throws {
        let supervisor = try SupervisorUnderTest()
        let capability = "WARNING: The host cannot grant CAP_SYS_RESOURCE. Left out."
        let limit = "WARNING: The host does not allow to raise the limit nofile to 99999999."
        let ran = try supervisor.run(
            client,
            [
                "run", "--network", "none", "--name", "box", "--cap-add", "sys_resource", "--ulimit", "nofile=99999999",
                "busybox", "echo", "runs",
            ])
        #expect(ran.succeeded && ran.output == "runs\n")
        #expect(ran.error.contains(capability) && ran.error.contains(limit), "\(ran.error)")
        // Told in the log each time that it is left out.
        #expect(supervisor.log.contains("The host cannot grant CAP_SYS_RESOURCE"))
        let fine = try supervisor.run(
            client, ["create", "--network", "none", "--ulimit", "nofile=100", "busybox", "true"])
        #expect(fine.succeeded && fine.error == "", "\(fine.error)")
    }
}
