import Glibc
import Linux
import Synchronization
import TestSupport
import Testing

/// Clients that change a container's restart policy and limits again and again.
@Suite(
    "Updates without end cost nobody else anything", .serialized,
    .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct EndlessUpdateTests {
    private static let clients = 4

    private static func memory(_ number: Int) -> String { #"{"Memory":\#((64 + number % 64) << 20),"MemorySwap":-1}"# }

    private static func policy(_ number: Int) -> String {
        #"{"RestartPolicy":{"Name":"on-failure","MaximumRetryCount":\#(number % 100 + 1)}}"#
    }

    /// A client on a thread of its own.
    private final class Storm: Sendable {
        private let end = Mutex<String?>(nil)

        var hasEnded: Bool { end.withLock { $0 != nil } }
        var failure: String { end.withLock { $0 ?? "it goes on" } }

        init(_ supervisor: SupervisorUnderTest, _ client: Int) throws {
            try KernelThread.start(name: "storm") { [self] in
                do {
                    let connection = try KeptConnection(supervisor)
                    for number in 0..<500 {
                        let body = number % 2 == 0 ? memory(number + client) : policy(number + client)
                        let answer = try connection.request("POST", "/containers/box/update", body)
                        guard answer.status == 200 else { throw TestFailure("\(number): \(answer)") }
                    }
                    end.withLock { $0 = "" }
                } catch {
                    end.withLock { $0 = "\(error)" }
                }
            }
        }
    }

    private func size(_ path: String) throws -> Int { try TestFiles.readBytes(path).count }

    @Test("Two thousand of them by four clients: what is written is bounded, others are answered, the last ones count")
    func storm() throws {
        let supervisor = try SupervisorUnderTest()
        for name in ["box", "other"] {
            try expect(supervisor.sereno("run", "-d", "--network", "none", "--name", name, "busybox", "sleep", "1000"))
        }
        let folder = supervisor.directory.child("data/containers/") + (try supervisor.inspect("box", "{{.Id}}"))
        let before = try size(folder + "/spec.json")
        let storm = try (0..<Self.clients).map { try Storm(supervisor, $0) }
        var slowest = 0.0
        for number in 0..<20 {
            let clock = ContinuousClock()
            let taken = try clock.measure {
                try expect(supervisor.sereno("exec", "other", "true"))
                if number % 5 == 0 {
                    try expect(supervisor.sereno("run", "--rm", "--network", "none", "busybox", "true"))
                }
            }
            slowest = max(slowest, Double(taken.components.seconds) + Double(taken.components.attoseconds) / 1e18)
        }
        #expect(eventually(timeout: 120) { storm.allSatisfy(\.hasEnded) })
        #expect(storm.map(\.failure) == Array(repeating: "", count: Self.clients))
        #expect(slowest < 10, "\(slowest) s")
        let last = try KeptConnection(supervisor)
        #expect(try last.request("POST", "/containers/box/update", Self.memory(7)).status == 200)
        #expect(try last.request("POST", "/containers/box/update", Self.policy(41)).status == 200)
        try check(supervisor)
        #expect(try size(folder + "/spec.json") < before + 1024)
        // Twice the entries that are kept, at most.
        let entries = try TestFiles.readBytes(folder + "/history.log").count { $0 == UInt8(ascii: "\n") }
        #expect(entries <= 512, "\(entries)")
        #expect(try TestFiles.list(folder).allSatisfy { !$0.hasSuffix(".new") })
        // What the next engine finds.
        let process = try supervisor.process(of: "box")
        try supervisor.killEngine()
        try check(supervisor)
        #expect(try supervisor.process(of: "box") == process)
    }

    private func check(_ supervisor: SupervisorUnderTest) throws {
        let template =
            "{{.HostConfig.Memory}} {{.HostConfig.RestartPolicy.Name}} {{.HostConfig.RestartPolicy.MaximumRetryCount}}"
        #expect(try supervisor.inspect("box", template) == "\(71 << 20) on-failure 42")
        #expect(try supervisor.inspect("box", "{{.State.Status}} {{.RestartCount}}") == "running 0")
    }
}
