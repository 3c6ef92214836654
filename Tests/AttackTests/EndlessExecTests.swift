import Glibc
import JSONFormat
import TestSupport
import Testing

/// A client that asks for ever more processes in one container.
@Suite(
    "Processes beside a container's first are bounded", .serialized,
    .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct EndlessExecTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    private func begin(_ name: String) throws {
        try expect(supervisor.sereno("run", "-d", "--network", "none", "--name", name, "busybox", "sleep", "1000"))
    }

    /// Asks for one; its identity, or what was said instead.
    private func create(_ container: String, _ words: JSON, _ client: KeptConnection) throws -> (String?, String) {
        let answer = try client.request(
            "POST", "/containers/\(container)/exec", JSON.object([.init("Cmd", words)]).text)
        return (answer.status == 201 ? try JSON(parsing: answer.body)["Id"]?.string : nil, answer.body)
    }

    /// Whether it is known as one that has ended with 1.
    private func hasFailed(_ id: String, _ client: KeptConnection) throws -> Bool {
        let answer = try client.request("GET", "/exec/\(id)/json")
        return answer.status == 200 && answer.body.contains(#""ExitCode":1"#)
    }

    private func memory() throws -> Int {
        let status = try TestFiles.read("/proc/\(try #require(supervisor.engineProcess))/status")
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }

    /// A new container, an exec in another one, and a check of health.
    private func expectOthersServed() throws {
        let new = try expect(supervisor.sereno("run", "--rm", "--network", "none", "busybox", "echo", "served"))
        #expect(new.output == "served\n")
        try expect(supervisor.sereno("exec", "other", "true"))
    }

    @Test("Those that are never started: refused with the bound, and given back when the container ends")
    func neverStarted() throws {
        try begin("box")
        try begin("other")
        let client = try KeptConnection(supervisor)
        let first = try #require(try create("box", ["true"], client).0)
        for _ in 1..<1024 { #expect(try create("box", ["true"], client).0 != nil) }
        let refused = try create("box", ["true"], client)
        #expect(refused.0 == nil && refused.1.contains("1024 exec instances that have not ended"), "\(refused.1)")
        try expectOthersServed()
        // None of those that were promised was let go for the last.
        #expect(try client.request("POST", "/exec/\(first)/start", #"{"Detach":true}"#).status == 200)
        #expect(eventually { (try? create("box", ["true"], client).0) != nil })
        try expect(supervisor.sereno("restart", "-t", "0", "box"))
        try expect(supervisor.sereno("exec", "box", "true"))
    }

    @Test("The memory that they take together, however much each brings, and with those that have ended")
    func memoryOfAll() throws {
        for name in ["box", "other"] { try begin(name) }
        let client = try KeptConnection(supervisor)
        let large = JSON.array(["true"] + Array(repeating: .string(String(repeating: "x", count: 100_000)), count: 10))
        let before = try memory()
        var refusals = 0
        for _ in 0..<70 {
            let (id, answer) = try create("box", large, client)
            if id == nil {
                refusals += 1
                #expect(answer.contains("32 MiB"), "\(answer)")
            }
        }
        #expect(refusals > 30)
        #expect(try memory() - before < 160 * 1024)
        try expect(supervisor.sereno("rm", "-f", "box"))
        // Each ends, and the next finds room.
        try begin("box")
        for _ in 0..<50 {
            let id = try #require(try create("box", large, client).0)
            #expect(try client.request("POST", "/exec/\(id)/start", #"{"Detach":true}"#).status == 200)
        }
        #expect(try memory() - before < 200 * 1024)
        try expectOthersServed()
    }

    @Test("The last 64 that ended are remembered, and no others")
    func ended() throws {
        for name in ["box", "other"] { try begin(name) }
        let client = try KeptConnection(supervisor)
        var made: [String] = []
        for _ in 0..<100 {
            let id = try #require(try create("box", ["false"], client).0)
            #expect(try client.request("POST", "/exec/\(id)/start", #"{"Detach":true}"#).status == 200)
            #expect(eventually { (try? hasFailed(id, client)) == true })
            made.append(id)
        }
        func known() throws -> [Bool] {
            try made.map { try hasFailed($0, client) }
        }
        #expect(try known() == (0..<100).map { $0 >= 36 })
        try expect(supervisor.sereno("rm", "-f", "box"))
        #expect(try known() == Array(repeating: false, count: 100))
        try expectOthersServed()
    }

    @Test("Those that run: half of the keeper's places stay for containers", .timeLimit(.minutes(4)))
    func running() throws {
        for name in ["box", "second", "third", "other"] { try begin(name) }
        let client = try KeptConnection(supervisor)
        var running: [String: Int] = [:]
        var refusals: Set<String> = []
        for name in ["box", "second", "third"] {
            for _ in 0..<1024 {
                guard let id = try create(name, ["sleep", "1000"], client).0 else { break }
                let answer = try client.request("POST", "/exec/\(id)/start", #"{"Detach":true}"#)
                if answer.status != 200 {
                    refusals.insert(answer.body.replacing(id, with: "ID"))
                    break
                }
                running[name, default: 0] += 1
            }
        }
        let sum = running.values.reduce(0, +)
        #expect(sum <= 2048 && sum >= 100)
        #expect(
            refusals.count == 1 && refusals.first?.contains("the most that are kept at once") == true, "\(refusals)")
        let new = try expect(supervisor.sereno("run", "--rm", "--network", "none", "busybox", "echo", "served"))
        #expect(new.output == "served\n")
        // The next engine counts those that it finds.
        try supervisor.killEngine()
        let after = try KeptConnection(supervisor)
        let id = try #require(try create("third", ["true"], after).0)
        #expect(try after.request("POST", "/exec/\(id)/start", #"{"Detach":true}"#).status == 503)
        for name in ["box", "second", "third"] { try expect(supervisor.sereno("rm", "-f", name)) }
        #expect(eventually(timeout: 30) { (try? supervisor.sereno("exec", "other", "true").succeeded) == true })
        try expectOthersServed()
    }

    @Test("A hundred that are fed leave the keeper's places for the input of containers")
    func fed() throws {
        try begin("box")
        var clients: [BackgroundCommand] = []
        for _ in 0..<80 { clients.append(try supervisor.start("sereno", ["exec", "-i", "box", "sleep", "1000"])) }
        #expect(
            eventually(timeout: 60) {
                (try? expect(supervisor.sereno("exec", "box", "ps")).output.split(separator: "\n").count {
                    $0.contains("sleep")
                })
                    == 81
            })
        #expect(!supervisor.log.contains("refused a frame"), "\(supervisor.log.suffix(500))")
        for client in clients { client.signal(SIGKILL) }
        for client in clients { _ = client.wait(timeout: 10) }
    }
}
