import APIClient
import Glibc
import TestSupport

/// Clients look on while hundreds of containers fail again and again.
struct CrashLoops: Torture {
    static let name = "crash-loops"
    static let summary = "500 containers in a crash loop while 64 clients list, inspect, follow logs and follow events"

    /// The budget for a list or an inspect, 99 of 100.
    private static let budget = Duration.milliseconds(50)
    /// How long a client rests between two requests, in microseconds.
    private static let rest: UInt32 = 100_000

    static func run(_ scale: Scale, _ report: Report) throws {
        let (containers, clients, seconds) = scale.of((30, 8, 4), (500, 64, 60))
        let supervisor = try SupervisorUnderTest()
        try create(containers, supervisor)
        guard let engine = supervisor.engineProcess else { throw TestFailure("there is no engine") }
        let quiet = Latencies()
        try look(supervisor, 50, quiet)
        let before = (ProcessFigures.ticks(of: engine), ProcessFigures.ticks(of: supervisor.keeperProcess))
        let (lists, inspects) = (Latencies(), Latencies())
        let bytes = Count()
        let (crowd, followers) = (Crowd(), Crowd())
        try startAll(containers, supervisor)
        let each = clients / 4
        try crowd.start(each, "list") { _ in
            let client = try TortureClient(supervisor)
            while !crowd.isStopped {
                try lists.measure { try client.read("/containers/json?all=1") }
                usleep(rest)
            }
        }
        try crowd.start(each, "inspect") { _ in
            let client = try TortureClient(supervisor)
            while !crowd.isStopped {
                let name = "loop\(Int.random(in: 0..<containers))"
                try inspects.measure { try client.read("/containers/\(name)/json") }
                usleep(rest)
            }
        }
        try followers.start(each, "logs") { number in
            let path = "/containers/loop\(number)/logs"
            try drain(supervisor, Request(.get, path, query: [("follow", "1"), ("stdout", "1")]), bytes)
        }
        let until = time(nil) + seconds
        try followers.start(each, "events") { _ in
            try drain(supervisor, Request(.get, "/events", query: [("until", "\(until)")]), bytes)
        }
        sleep(UInt32(seconds))
        let ticks = (
            ProcessFigures.ticks(of: engine) - before.0, ProcessFigures.ticks(of: supervisor.keeperProcess) - before.1
        )
        crowd.stop()
        try crowd.join(timeout: 60)
        let restarts = try restarts(supervisor)
        try TortureClient.removeAll(supervisor)
        try followers.join(timeout: 60)
        report.figure("containers, clients", "\(containers), \(clients)")
        report.figure("restarts in \(seconds) s", restarts)
        report.figure(
            "processor time of the engine", "\(ticks.0 * 100 / sysconf(Int32(_SC_CLK_TCK)) / seconds) % of one core")
        report.figure(
            "processor time of the keeper", "\(ticks.1 * 100 / sysconf(Int32(_SC_CLK_TCK)) / seconds) % of one core")
        report.figure("bytes followed", bytes.value)
        report.figure("list, one client and no loop", quiet.text)
        report.figure("list (\(lists.count))", lists.text)
        report.figure("inspect (\(inspects.count))", inspects.text)
        let worst = max(lists.percentile(0.99), inspects.percentile(0.99))
        report.figure(
            "budget for the 99th percentile",
            "\(budget.shown): \(worst <= budget ? "met" : "missed by \((worst - budget).shown)")")
        report.require(restarts >= containers, "only \(restarts) restarts")
        report.require(lists.percentile(1) < .seconds(10), "a list took \(lists.percentile(1).shown)")
    }

    private static func create(_ containers: Int, _ supervisor: SupervisorUnderTest) throws {
        let client = try TortureClient(supervisor)
        for number in 0..<containers {
            try client.create("loop\(number)", ["sh", "-c", "echo up; exit 1"], restart: "always")
        }
    }

    private static func startAll(_ containers: Int, _ supervisor: SupervisorUnderTest) throws {
        let client = try TortureClient(supervisor)
        for number in 0..<containers { try client.start("loop\(number)") }
    }

    private static func look(_ supervisor: SupervisorUnderTest, _ times: Int, _ latencies: Latencies) throws {
        let client = try TortureClient(supervisor)
        for _ in 0..<times {
            try latencies.measure { try client.read("/containers/json?all=1") }
        }
    }

    /// Reads an answer to its end.
    private static func drain(_ supervisor: SupervisorUnderTest, _ request: Request, _ bytes: Count) throws {
        let response = try TortureClient(supervisor).open(request)
        while case .bytes(let more) = try response.receive() { bytes.add(more.count) }
    }

    private static func restarts(_ supervisor: SupervisorUnderTest) throws -> Int {
        let client = try TortureClient(supervisor)
        return try client.names().reduce(0) { try $0 + Int(client.inspect($1)["RestartCount"]?.integer ?? 0) }
    }
}
