import Glibc
import TestSupport
import Testing

/// Many clients that say nothing.
@Suite("Idle connections", .serialized)
struct IdleConnectionTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest(image: false) }

    @Test("Ten thousand of them cost no client its answer, and the supervisor little memory")
    func tenThousand() throws {
        let engine = try #require(supervisor.engineProcess)
        let before = try residentKilobytes(engine)
        // A process of its own, whose descriptors are not ours.
        let script = """
            import os, resource, socket, sys, time
            soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            if hard < 10100: sys.exit("RLIMIT_NOFILE is %d" % hard)
            held = []
            for number in range(10000):
                client = socket.socket(socket.AF_UNIX)
                client.connect(sys.argv[1])
                held.append(client)
            print("held", flush=True)
            time.sleep(1000)
            """
        let socket = supervisor.directory.child("sock")
        let crowd = try BackgroundCommand(["python3", "-c", script, socket])
        #expect(eventually(timeout: 60) { crowd.output == "held\n" }, "\(crowd.error)")
        for client in Clients.all { try expect(supervisor.run(client, ["version"])) }
        #expect(try eventually(timeout: 60) { try counter("Accepted") >= 10_000 })
        for client in Clients.all { try expect(supervisor.run(client, ["ps"])) }
        #expect(try counter("Connections") <= counter("MaximumConnections"))
        #expect(try counter("Evicted") > 0 && counter("Refused") == 0)
        let grown = try residentKilobytes(engine) - before
        let each = try Double(grown) / Double(counter("Connections"))
        // Unoptimized code is larger; the bound is against growth without end.
        #expect(each < 64, "\(grown) KiB more for the connections")
        crowd.signal(SIGKILL)
        #expect(crowd.wait(timeout: 30).timedOut == false)
        #expect(try eventually(timeout: 60) { try counter("Connections") <= 2 })
    }

    private func counter(_ name: String) throws -> Int {
        let told = try expect(supervisor.sereno("debug", "api")).output
        let line = told.split(separator: "\n").first { $0.hasPrefix(name + ": ") }
        return try #require(line.flatMap { Int($0.dropFirst(name.utf8.count + 2)) }, "\(told)")
    }

    private func residentKilobytes(_ process: Int32) throws -> Int {
        let status = try TestFiles.read("/proc/\(process)/status")
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return try #require(line.flatMap { Int($0.split(separator: " ")[1]) })
    }
}
