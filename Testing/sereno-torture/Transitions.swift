import APIClient
import Glibc
import JSONFormat
import Synchronization
import TestSupport

/// Every command meets a container in every state it passes through.
struct Transitions: Torture {
    static let name = "transitions"
    static let summary =
        "start, stop, kill, rm, update, restart, pause and unpause at every state and on every way between"

    /// Seconds in which a command has to be answered; the longest way has a grace of one second twice.
    private static let patience = 30.0

    static func run(_ scale: Scale, _ report: Report) throws {
        let supervisor = try SupervisorUnderTest()
        let runtime = try SlowRuntime(supervisor)
        let states = scale.of([.starting, .backingOff, .stopping], Moment.allCases)
        let pairs = states.flatMap { moment in Order.allCases.map { (moment, $0) } }
        let (answered, wrong) = (Count(), Findings())
        let next = Mutex(0)
        let crowd = Crowd()
        try crowd.start(6, "pairs") { _ in
            let client = try TortureClient(supervisor)
            while true {
                let index = next.withLock { next in
                    defer { next += 1 }
                    return next
                }
                guard index < pairs.count else { return }
                let (moment, order) = pairs[index]
                let pair = Pair(
                    name: "\(moment)-\(order)", moment: moment, order: order, supervisor: supervisor,
                    runtime: runtime.path)
                try pair.run(client, answered, wrong)
            }
        }
        try crowd.join(timeout: 900)
        report.figure("pairs of a moment and a command", pairs.count)
        report.figure("commands answered", answered.value)
        report.none("wrong states, late answers or leftovers", wrong.all)
        let keeper = supervisor.keeperProcess
        let isEmpty = eventually(timeout: 30) {
            ProcessFigures.children(of: keeper).count == 1 && ProcessFigures(of: keeper).zombies == 0
        }
        report.require(isEmpty, "processes are left: \(ProcessFigures.children(of: keeper).count - 1)")
    }

    /// Where a container is when the command comes.
    enum Moment: String, CaseIterable {
        case created, starting, running, exited, backingOff, paused, stopping, restarting, killed, removing
    }

    /// What comes.
    enum Order: String, CaseIterable {
        case start, stop, kill, terminate, remove, update, restart, pause, unpause
    }

    /// What was wrong.
    final class Findings: Sendable {
        private let found = Mutex<[String]>([])

        func add(_ what: String) { found.withLock { $0.append(what) } }
        var all: [String] { found.withLock { $0 } }
    }

    /// runc that takes its time before it makes anything.
    private struct SlowRuntime {
        let path: String

        init(_ supervisor: SupervisorUnderTest) throws {
            path = supervisor.directory.child("slow-runc")
            try TestFiles.write(
                "#!/bin/sh\ncase \" $* \" in *\" run \"*) sleep 0.7 ;; esac\nexec runc \"$@\"\n", to: path, mode: 0o755)
        }
    }

    /// One of them.
    private struct Pair {
        let name: String
        let moment: Moment
        let order: Order
        let supervisor: SupervisorUnderTest
        let runtime: String

        func run(_ client: TortureClient, _ answered: Count, _ wrong: Findings) throws {
            let others = Crowd()
            try prepare(client, others)
            let status = try ask(order, wrong)
            guard status != 0 else { return }
            answered.add()
            try others.join(timeout: Transitions.patience)
            try judge(client, status, wrong)
            let removed = client.status(Request(.delete, "/containers/\(name)", query: [("force", "1")]))
            if ![204, 404].contains(removed) { wrong.add("\(name): rm -f is answered \(removed)") }
            if client.status(Request(.get, "/containers/\(name)/json")) != 404 {
                wrong.add("\(name): is there after rm -f")
            }
        }

        /// Brings a container there. Of what is under way a second client waits for the answer.
        private func prepare(_ client: TortureClient, _ others: Crowd) throws {
            let stubborn = ["sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"]
            switch moment {
            case .created: try client.create(name, ["sleep", "1000"])
            case .starting:
                try client.create(name, ["sleep", "1000"], runtime: runtime)
                try order(.start, others)
            case .running: try client.run(name, ["sleep", "1000"], restart: "always")
            case .exited:
                try client.run(name, ["true"])
                _ = try client.wait(name)
            case .backingOff:
                try client.run(name, ["false"], restart: "always")
                guard eventually(timeout: 60, { (try? client.inspect(name)["RestartCount"]?.integer ?? 0) ?? 0 > 3 })
                else { throw TestFailure("\(name) does not restart") }
            case .paused:
                try client.run(name, ["sleep", "1000"])
                try client.ask(Request(.post, "/containers/\(name)/pause"))
            case .stopping:
                try client.run(name, stubborn, restart: "unless-stopped")
                try order(.stop, others)
            case .restarting:
                try client.run(name, stubborn, restart: "unless-stopped")
                try order(.restart, others)
            case .killed:
                try client.run(name, ["sleep", "1000"], restart: "always")
                try order(.kill, others)
            case .removing:
                try client.run(name, stubborn)
                try order(.remove, others)
            }
        }

        /// Gives an order on another thread, and waits until it was most likely received.
        private func order(_ order: Order, _ others: Crowd) throws {
            try others.start(1, "other") { _ in _ = try TortureClient(supervisor).status(request(order)) }
            usleep(moment == .killed || moment == .removing ? UInt32.random(in: 0..<3000) : 200_000)
        }

        private func ask(_ order: Order, _ wrong: Findings) throws -> Int {
            let status = Slot<Int>()
            let crowd = Crowd()
            try crowd.start(1, "asks") { _ in status.set(try TortureClient(supervisor).status(request(order))) }
            try? crowd.join(timeout: Transitions.patience)
            if status.value == nil { wrong.add("\(name): not answered in \(Int(Transitions.patience)) s") }
            return status.value ?? 0
        }

        private func request(_ order: Order) -> Request {
            let path = "/containers/\(name)"
            switch order {
            case .start: return Request(.post, path + "/start")
            case .stop: return Request(.post, path + "/stop", query: [("t", "1")])
            case .kill: return Request(.post, path + "/kill")
            case .terminate: return Request(.post, path + "/kill", query: [("signal", "TERM")])
            case .remove: return Request(.delete, path, query: [("force", "1")])
            case .update:
                let policy = JSON.object([
                    .init("Name", .string("on-failure")), .init("MaximumRetryCount", .number("2")),
                ])
                return Request(.post, path + "/update", body: .json(.object([.init("RestartPolicy", policy)])))
            case .restart: return Request(.post, path + "/restart", query: [("t", "1")])
            case .pause: return Request(.post, path + "/pause")
            case .unpause: return Request(.post, path + "/unpause")
            }
        }

        /// What Docker's documentation says of the command holds from its answer on.
        /// Docker gives a few refusals no class of their own (docs/states.md), and pausing may fail.
        private var mayBeRefusedWith500: Bool {
            switch order {
            case .pause, .unpause: true
            case .update, .restart: moment == .removing
            case .start, .stop, .kill, .terminate, .remove: false
            }
        }

        private func judge(_ client: TortureClient, _ status: Int, _ wrong: Findings) throws {
            let isDone = status < 300 || status == 304
            let state = client.status(of: name)
            let documented = ["created", "running", "paused", "restarting", "exited", "removing", "dead", ""]
            if !documented.contains(state) { wrong.add("\(name): is \(state)") }
            if status >= 500, !mayBeRefusedWith500 { wrong.add("\(name): answered \(status)") }
            guard isDone else { return }
            switch order {
            case .stop, .kill:
                // A stop sticks, whatever the policy; but a restart that was asked for may still come.
                guard moment != .restarting, !(order == .kill && moment == .starting) else { return }
                let isDown = eventually(timeout: 10) { ["exited", "created", ""].contains(client.status(of: name)) }
                usleep(400_000)
                let later = client.status(of: name)
                if !isDown || !["exited", "created", ""].contains(later) {
                    wrong.add("\(name): answered \(status), and it is \(later)")
                }
            case .remove:
                if !eventually(timeout: 10, { client.status(of: name) == "" }) {
                    wrong.add("\(name): removed, and it is there")
                }
            case .update:
                guard moment != .removing else { return }
                let policy = try client.inspect(name)["HostConfig"]?["RestartPolicy"]?["Name"]?.string ?? ""
                if policy != "on-failure" { wrong.add("\(name): updated, and its policy is \(policy)") }
            case .start, .restart:
                guard ![.stopping, .killed, .removing, .restarting, .exited].contains(moment) else { return }
                let isUp = eventually(timeout: 10) { ["running", "restarting"].contains(client.status(of: name)) }
                if !isUp { wrong.add("\(name): answered \(status), and it is \(client.status(of: name))") }
            case .pause:
                if !["paused", "exited", ""].contains(state) { wrong.add("\(name): paused, and it is \(state)") }
            case .unpause: if state == "paused" { wrong.add("\(name): unpaused, and it is paused") }
            case .terminate: break
            }
        }
    }
}
