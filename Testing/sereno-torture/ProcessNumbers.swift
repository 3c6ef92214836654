import APIClient
import Glibc
import JSONFormat
import TestSupport

/// A supervisor where dead processes' numbers are taken by strangers within milliseconds.
struct ProcessNumbers: Torture {
    static let name = "process-numbers"
    static let summary =
        "in a PID namespace with pid_max 350 strangers take the numbers of the dead; none may be signalled"

    static func run(_ scale: Scale, _ report: Report) throws {
        let files = try TemporaryDirectory("sereno-torture")
        let (held, tally) = (files.child("held"), files.child("tally"))
        let script = """
            echo 350 >/proc/sys/kernel/pid_max || exit 1
            "$@" & keeper=$!
            while [ ! -S "$SOCKET" ]; do sleep 0.1; done
            "$TORTURE" recycle "$HELD" "$TALLY" &
            wait $keeper
            """
        let supervisor = try SupervisorUnderTest(inside: { directory in
            [
                "/usr/bin/env", "SOCKET=\(directory.child("sock"))", "HELD=\(held)", "TALLY=\(tally)",
                "TORTURE=\(try BuiltProgram.path("sereno-torture"))", "/usr/bin/unshare", "--pid", "--fork",
                "--mount-proc", "--kill-child", "/bin/bash", "-c", script, "bash",
            ]
        })
        guard eventually(timeout: 30, { numbers(in: tally)[0] > 5 }) else {
            throw TestFailure("no strangers came: is /proc/sys/kernel/pid_max there for each PID namespace?")
        }
        let counts = Counts()
        let crowd = Crowd()
        for work in [Work.ends, .ignores, .unhealthy] {
            try crowd.start(1, "\(work)") { _ in
                let client = try TortureClient(supervisor)
                var turn = 0
                while !crowd.isStopped {
                    turn += 1
                    try work.turn("\(work)\(turn)", client, held, counts)
                }
            }
        }
        sleep(UInt32(scale.of(4, 100)))
        let early = counts.late.value
        // A new engine has more threads than there are numbers.
        try expect(
            Command.run([
                "/usr/bin/nsenter", "--target", "\(supervisor.keeperProcess)", "--pid", "--mount", "--", "/bin/sh",
                "-c",
                "echo 480 >/proc/sys/kernel/pid_max",
            ]))
        for _ in 0..<scale.of(1, 10) {
            sleep(UInt32(scale.of(1, 5)))
            try supervisor.killEngine()
        }
        crowd.stop()
        try crowd.join(timeout: 180)
        let (strangers, hits) = (numbers(in: tally)[0], numbers(in: tally)[1])
        report.figure("strangers that came and went", strangers)
        report.figure("signals asked for", counts.signals.value)
        report.figure(
            "of them while a stranger had the number",
            "\(early) with pid_max 350, \(counts.late.value - early) with 480 and engines killed")
        report.none("strangers signalled", hits == 0 ? [] : ["\(hits) signals"])
        report.require(
            scale == .quick || counts.late.value > 0, "no number of a dead container was taken by a stranger")
    }

    /// The two numbers of the tally: strangers, and signals that they got.
    private static func numbers(in tally: String) -> [Int] {
        let text = (try? TestFiles.read(tally)) ?? ""
        let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        return numbers.count == 2 ? numbers : [0, 0]
    }

    private final class Counts: Sendable {
        let signals = Count()
        let late = Count()
    }

    /// The ways to send a signal.
    private enum Work: String {
        /// A container ends about when it is killed and stopped.
        case ends
        /// It ignores TERM, so that stop has to kill it.
        case ignores
        /// Its health check and an exec never end, and are killed.
        case unhealthy

        func turn(_ name: String, _ client: TortureClient, _ held: String, _ counts: Counts) throws {
            switch self {
            case .ends:
                try client.run(name, ["sh", "-c", "sleep 0.0\(Int.random(in: 1...9))"])
                let process = try client.process(of: name)
                usleep(UInt32.random(in: 0..<120_000))
                for signal in ["HUP", "TERM", "KILL"] {
                    signalled(process, held, counts)
                    _ = client.status(Request(.post, "/containers/\(name)/kill", query: [("signal", signal)]))
                    usleep(UInt32.random(in: 0..<20_000))
                }
                signalled(process, held, counts)
                try client.stop(name, timeout: 0)
            case .ignores:
                try client.run(name, ["sh", "-c", "trap '' TERM; sleep 0.\(Int.random(in: 3...9)); sleep 0.5"])
                let process = try client.process(of: name)
                try client.stop(name, timeout: 1)
                signalled(process, held, counts)
                _ = client.status(Request(.post, "/containers/\(name)/kill"))
            case .unhealthy:
                let health = JSON.object([
                    .init("Test", .array([.string("CMD-SHELL"), .string("sleep 100")])),
                    .init("Interval", .number("100000000")), .init("Timeout", .number("100000000")),
                    .init("Retries", .number("2")),
                ])
                try client.run(name, ["sleep", "1.2"], more: [.init("Healthcheck", health)])
                let process = try client.process(of: name)
                usleep(900_000)
                signalled(process, held, counts)
                try client.stop(name, timeout: 0)
            }
            try client.remove(name)
        }

        /// Counts a signal that is about to be asked for, and whether its number is a stranger's by now.
        private func signalled(_ process: Int32, _ held: String, _ counts: Counts) {
            counts.signals.add()
            let taken = (try? TestFiles.readBytes(held)) ?? []
            if process > 0, Int(process) < taken.count, taken[Int(process)] == 1 { counts.late.add() }
        }
    }
}
