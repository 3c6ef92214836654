import Foundation
import Glibc
import TestSupport
import Testing

/// Clients that take without reading, all together.
@Suite(
    "What is held for all clients is bounded in sum",
    .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct BufferBudgetTests {
    /// Bytes that the engine has of its own, from proc_pid_status(5).
    private func memory(_ supervisor: SupervisorUnderTest) throws -> Int {
        let process = try #require(supervisor.engineProcess)
        for line in try TestFiles.read("/proc/\(process)/status").split(separator: "\n")
        where line.hasPrefix("RssAnon:") {
            return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
        }
        return 0
    }

    private func counter(_ name: String, _ supervisor: SupervisorUnderTest) throws -> Int {
        let answer = try EngineSocket.request(supervisor, "GET", "/sereno/api")
        guard let range = answer.range(of: "\"\(name)\":") else { return -1 }
        return Int(answer[range.upperBound...].prefix { $0.isNumber }) ?? -1
    }

    @Test("Two hundred attached clients that do not read cost less than the budget, and who reads gets every byte")
    func attached() throws {
        let supervisor = try SupervisorUnderTest()
        // Eight containers with output without end, and one that stops after eight megabytes.
        for index in 0..<8 {
            try expect(
                supervisor.run(
                    "sereno",
                    [
                        "run", "-d", "--name", "w\(index)", "--network", "none", "--log-driver", "none",
                        "busybox", "sh", "-c", "sleep 3; yes 0123456789012345678901234567890123456789",
                    ]))
        }
        let before = try memory(supervisor)
        var clients: [EngineSocket] = []
        for index in 0..<200 {
            let client = try EngineSocket(supervisor)
            client.send(
                "POST /containers/w\(index % 8)/attach?stream=1&stdout=1&stderr=1 HTTP/1.1\r\nHost: d\r\nUpgrade: tcp\r\n"
                    + "Connection: Upgrade\r\nContent-Length: 0\r\n\r\n")
            clients.append(client)
        }
        let bound = try counter("MaximumHeld", supervisor)
        #expect(bound > 0)
        let letGo = eventually(timeout: 60) { ((try? counter("LetGo", supervisor)) ?? 0) > 0 }
        let held = try counter("Held", supervisor)
        #expect(letGo, "the budget was never needed: \(held) bytes are held")
        let good = try supervisor.run(
            "sereno",
            ["run", "--rm", "--network", "none", "busybox", "sh", "-c", "yes 0123456 | head -c 8000000"])
        #expect(good.output.utf8.count == 8_000_000)
        #expect(try counter("Held", supervisor) <= bound)
        // Twice, as an allocator keeps some of what was let go; and it gives back the rest when it comes to it.
        var taken = 0
        let isGivenBack = try eventually(timeout: 60) {
            taken = try memory(supervisor) - before
            return taken < 2 * bound
        }
        #expect(isGivenBack, "\(taken) bytes are taken where \(bound) may be held")
        #expect(supervisor.log.contains("a client was let go"))
        withExtendedLifetime(clients) {}
    }

    @Test("Bodies that never end are counted too, and who sends one that does is served")
    func bodies() throws {
        let supervisor = try SupervisorUnderTest(image: false)
        var clients: [EngineSocket] = []
        let head =
            "POST /containers/create HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: 4000000\r\n\r\n"
        for _ in 0..<40 {
            let client = try EngineSocket(supervisor)
            client.send(head)
            client.send([UInt8](repeating: 0x20, count: 3_900_000))
            clients.append(client)
        }
        let bound = try counter("MaximumHeld", supervisor)
        #expect(eventually(timeout: 30) { ((try? counter("LetGo", supervisor)) ?? 0) > 0 })
        #expect(try counter("Held", supervisor) <= bound)
        #expect(try supervisor.sereno("version").succeeded)
        withExtendedLifetime(clients) {}
    }
}
