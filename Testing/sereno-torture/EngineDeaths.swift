import APIClient
import Glibc
import Synchronization
import TestSupport

/// The engine is killed while containers start, stop, print, fail and restart.
struct EngineDeaths: Torture {
    static let name = "engine-deaths"
    static let summary = "the engine is killed under load; containers, exits, commands and log bytes are counted"

    /// Several supervisors at once, as each keeper waits longer between engines that die young.
    static func run(_ scale: Scale, _ report: Report) throws {
        let figures = Figures()
        let crowd = Crowd()
        try crowd.start(scale.of(1, 4), "victim") { _ in
            try Victim(kills: scale.of(5, 50), figures).run()
        }
        try crowd.join(timeout: 3600)
        figures.tell(report)
    }

    /// What all victims together counted.
    final class Figures: Sendable {
        let takeOver = Latencies()
        let engineOwn = Latencies()
        let counts = Mutex(Counts())

        struct Counts {
            var kills = 0
            var runs = 0
            var commands = 0
            var bytes = 0
            var cutShort = 0
            var killed: [String] = []
            var unlearnt: [String] = []
            var lostCommands: [String] = []
            var lostLines: [String] = []
        }

        func tell(_ report: Report) {
            counts.withLock { counts in
                report.figure("engines killed", counts.kills)
                report.figure("containers that came and went meanwhile", counts.runs)
                report.figure("commands acknowledged", counts.commands)
                report.figure("log bytes compared", counts.bytes)
                report.figure("launches that died with their engine, and were made again", counts.cutShort)
                report.none("containers killed", counts.killed)
                report.none("exits unlearnt", counts.unlearnt)
                report.none("acknowledged commands lost", counts.lostCommands)
                report.none("logs with a gap or a double", counts.lostLines)
            }
            report.figure("kill to the next engine's answer", takeOver.text)
            report.figure("of it the engine's own", engineOwn.text)
        }
    }
}

/// One supervisor whose engine is killed.
private final class Victim: Sendable {
    /// What is known of a container that a client made: each entry was acknowledged.
    private struct Known: Sendable {
        var name: String
        var code: Int
        var isRemoved = false
        var mayBeKilled = false
    }

    private static let talkers = 3
    private static let sleepers = 5
    private static let failing = 3

    private let supervisor: SupervisorUnderTest
    private let kills: Int
    private let figures: EngineDeaths.Figures
    private let known = Mutex<[Known]>([])

    init(kills: Int, _ figures: EngineDeaths.Figures) throws {
        supervisor = try SupervisorUnderTest()
        self.kills = kills
        self.figures = figures
    }

    func run() throws {
        let client = try TortureClient(supervisor)
        let alive = try startResidents(client)
        let visitors = Crowd()
        try visitors.start(2, "visitor") { number in try self.visit(number, visitors) }
        for _ in 0..<kills { try killOnce(client) }
        visitors.stop()
        try visitors.join(timeout: 120)
        try compareResidents(client, alive)
        try compareFailing(client)
        try compareTalkers(client)
        try compareKnown(client)
        try TortureClient.removeAll(supervisor)
    }

    // MARK: The load

    private func startResidents(_ client: TortureClient) throws -> [String: String] {
        for number in 0..<Self.talkers {
            try client.run(
                "talker\(number)",
                [
                    "sh", "-c",
                    "i=0; while [ ! -e /stop ]; do i=$((i+1)); echo $i; [ $((i % 100)) = 0 ] && sleep 0.05; done; echo $i >/last",
                ], restart: "always")
        }
        for number in 0..<Self.sleepers { try client.run("sleeper\(number)", ["sleep", "100000"], restart: "always") }
        for number in 0..<Self.failing {
            try client.run("failing\(number)", ["sh", "-c", "echo up; exit 3"], restart: "always")
        }
        var alive: [String: String] = [:]
        for name in (0..<Self.talkers).map({ "talker\($0)" }) + (0..<Self.sleepers).map({ "sleeper\($0)" }) {
            alive[name] = try identity(of: name, client)
        }
        return alive
    }

    private func identity(of name: String, _ client: TortureClient) throws -> String {
        let process = try client.process(of: name)
        return "\(process) \(ProcessFigures.beginning(of: process) ?? "gone")"
    }

    /// A client that makes containers and does with each what the lot says.
    private func visit(_ number: Int, _ crowd: Crowd) throws {
        let client = try TortureClient(supervisor)
        var turn = 0
        while !crowd.isStopped {
            turn += 1
            var one = Known(name: "visit\(number)-\(turn)", code: turn % 200)
            try client.run(one.name, ["sh", "-c", "sleep 0.\(turn % 7); exit \(one.code)"])
            var commands = 2
            switch turn % 4 {
            case 0:
                let code = try client.wait(one.name)
                if code != one.code {
                    figures.counts.withLock { $0.unlearnt.append("\(one.name) exits \(one.code), wait says \(code)") }
                }
            case 1:
                try client.stop(one.name, timeout: 0)
                one.mayBeKilled = true
            case 2:
                let name = one.name + "-renamed"
                try client.ask(Request(.post, "/containers/\(one.name)/rename", query: [("name", name)])) {
                    [404, 409].contains($0)
                }
                one.name = name
            default:
                try client.remove(one.name)
                one.isRemoved = true
            }
            commands += 1
            figures.counts.withLock { counts in
                counts.runs += 1
                counts.commands += commands
            }
            known.withLock { [one] in $0.append(one) }
        }
    }

    private func killOnce(_ client: TortureClient) throws {
        usleep(UInt32.random(in: 0..<400_000))
        guard let before = supervisor.engineProcess else { throw TestFailure("there is no engine") }
        let start = ContinuousClock.now
        kill(before, SIGKILL)
        guard eventually(timeout: 60, { supervisor.engineProcess.map { $0 != before } ?? false }) else {
            throw TestFailure("no new engine came up; the log:\n\(supervisor.log)")
        }
        let born = ContinuousClock.now
        guard eventually(timeout: 60, { client.ping() }) else {
            throw TestFailure("the new engine does not answer; the log:\n\(supervisor.log)")
        }
        let answered = ContinuousClock.now
        figures.takeOver.add(answered - start)
        figures.engineOwn.add(answered - born)
        figures.counts.withLock { $0.kills += 1 }
    }

    // MARK: What is left

    private func compareResidents(_ client: TortureClient, _ alive: [String: String]) throws {
        for (name, before) in alive.sorted(by: { $0.key < $1.key }) {
            let now = try identity(of: name, client)
            let restarts = try client.inspect(name)["RestartCount"]?.integer ?? -1
            if now != before || restarts != 0 {
                figures.counts.withLock { $0.killed.append("\(name) was \(before), is \(now), \(restarts) restarts") }
            }
        }
    }

    /// Each run printed one line, and after each the next was counted; the last one counted may not have come before the stop. A launch
    /// that died with its engine is counted too, as a start that failed.
    private func compareFailing(_ client: TortureClient) throws {
        for number in 0..<Self.failing {
            let name = "failing\(number)"
            try client.stop(name, timeout: 0)
            let container = try client.inspect(name)
            let runs = try client.output(of: name).count { $0 == 0x0A }
            let restarts = Int(container["RestartCount"]?.integer ?? -1)
            let code = container["State"]?["ExitCode"]?.integer ?? -1
            figures.counts.withLock { counts in
                counts.cutShort += max(0, restarts - runs)
                if runs > restarts + 1 || restarts > runs + kills {
                    counts.unlearnt.append("\(name) ran \(runs) times and was restarted \(restarts) times")
                }
                if code != 3 && code != 137 { counts.unlearnt.append("\(name) exits 3, and its code is \(code)") }
            }
        }
    }

    private func compareTalkers(_ client: TortureClient) throws {
        for number in 0..<Self.talkers {
            let name = "talker\(number)"
            // The line about the end is not in the log, so that nothing but what was counted is.
            try client.execute(name, "touch /stop")
            guard eventually(timeout: 60, { (try? client.inspect(name)["RestartCount"]?.integer ?? 0) ?? 0 > 0 }) else {
                throw TestFailure("\(name) does not stop")
            }
            try client.stop(name, timeout: 0)
            let lines = try client.output(of: name).split(separator: 0x0A)
            // After it had stopped its policy began it again; that run found /stop and said nothing.
            var expected = 0
            for line in lines {
                expected += 1
                if Int(String(decoding: line, as: UTF8.self)) != expected {
                    let said = String(decoding: line, as: UTF8.self)
                    figures.counts.withLock { $0.lostLines.append("\(name) says \(said) in the place of \(expected)") }
                    break
                }
            }
            figures.counts.withLock { $0.bytes += lines.reduce(0) { $0 + $1.count + 1 } }
        }
    }

    private func compareKnown(_ client: TortureClient) throws {
        for one in known.withLock({ $0 }) {
            guard !one.isRemoved else {
                if client.status(Request(.get, "/containers/\(one.name)/json")) != 404 {
                    figures.counts.withLock { $0.lostCommands.append("\(one.name) was removed and is there") }
                }
                continue
            }
            guard eventually(timeout: 30, { client.status(of: one.name) == "exited" }) else {
                let status = client.status(of: one.name)
                figures.counts.withLock { $0.lostCommands.append("\(one.name) is \(status.isEmpty ? "lost" : status)") }
                continue
            }
            let code = try client.inspect(one.name)["State"]?["ExitCode"]?.integer ?? -1
            if code != one.code && !(one.mayBeKilled && [137, 143].contains(code)) {
                figures.counts.withLock { $0.unlearnt.append("\(one.name) exits \(one.code), and its code is \(code)") }
            }
        }
    }
}
