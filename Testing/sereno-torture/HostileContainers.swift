import APIClient
import Glibc
import JSONFormat
import TestSupport

/// Containers that do what they can within their limits.
struct HostileContainers: Torture {
    static let name = "hostile-containers"
    static let summary =
        "containers that ignore TERM, fork without end and fill their disk: a stop works, neighbours live"

    /// What each does beside a first process that ignores TERM and needs no fork to go on.
    private static let kinds: [(name: String, script: String)] = [
        ("ignores-term", ":"),
        ("forks", "f() { f | f & }; while :; do (f); sleep 0.05; done"),
        ("forks-away", "while :; do setsid sh -c 'trap \"\" TERM; sleep 1000' & sleep 0.01; done"),
        ("fills-its-disk", "while :; do dd if=/dev/zero of=/big/$RANDOM bs=64k count=100 2>/dev/null; done"),
        ("floods-its-log", "while :; do yes; done"),
        ("spins", "while :; do :; done"),
    ]

    private static func script(_ kind: (name: String, script: String)) -> String {
        "trap '' TERM INT HUP QUIT; mkfifo /tmp/never; { \(kind.script); } & while :; do read x <>/tmp/never; done"
    }

    static func run(_ scale: Scale, _ report: Report) throws {
        let supervisor = try SupervisorUnderTest()
        let client = try TortureClient(supervisor)
        let watch = try NeighbourWatch(supervisor)
        let limits: JSONObject = [
            .init("PidsLimit", .number("60")), .init("NanoCpus", .number("300000000")),
            .init("Tmpfs", .object([.init("/big", .string("size=4m"))])),
            .init(
                "LogConfig",
                .object([
                    .init("Type", .string("cri")),
                    .init("Config", .object([.init("max-size", .string("1m")), .init("max-file", .string("2"))])),
                ])),
        ]
        let stops = Latencies()
        for round in 0..<scale.of(1, 5) {
            for kind in kinds { try client.run("\(kind.name)\(round)", ["sh", "-c", script(kind)], host: limits) }
            usleep(UInt32(scale.of(500_000, 3_000_000)))
            for kind in kinds {
                let name = "\(kind.name)\(round)"
                report.require(client.status(of: name) == "running", "\(name) is \(client.status(of: name))")
                try stops.measure { try client.stop(name, timeout: 1) }
                report.require(
                    client.status(of: name) == "exited", "\(name) was stopped and is \(client.status(of: name))")
                let code = try client.inspect(name)["State"]?["ExitCode"]?.integer
                report.require(code == 137, "\(name) was killed, and its code is \(code ?? -1)")
                try client.remove(name)
            }
        }
        report.figure("containers of \(kinds.count) kinds", kinds.count * scale.of(1, 5))
        report.figure("stop -t 1 took", stops.text)
        report.require(stops.percentile(1) < .seconds(20), "a stop took \(stops.percentile(1).shown)")
        try watch.finish(report)
        let keeper = supervisor.keeperProcess
        let isEmpty = eventually(timeout: 30) {
            ProcessFigures.children(of: keeper).count == 1 && ProcessFigures(of: keeper).zombies == 0
        }
        report.none(
            "processes left",
            isEmpty ? [] : ProcessFigures.children(of: keeper).map { "\($0)" })
    }
}
