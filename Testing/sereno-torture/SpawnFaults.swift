import APIClient
import Glibc
import TestSupport

/// Every system call of a launch fails once.
struct SpawnFaults: Torture {
    static let name = "spawn-faults"
    static let summary =
        "the k-th system call of a launch fails, for every k, in the keeper and in the child that becomes a container"

    /// Seconds in which a start has to be answered.
    private static let patience = 30.0
    private static let errors: [(name: String, code: Int32)] = [("ENOMEM", ENOMEM), ("EPERM", EPERM), ("EIO", EIO)]

    static func run(_ scale: Scale, _ report: Report) throws {
        var bench = try Bench(report)
        for subject in Tracer.Subject.allCases {
            let calls = try bench.count(subject)
            report.figure("system calls of a launch, the \(subject.rawValue)'s", calls)
            // The keeper's own calls fail for lack of something, but not for lack of rights.
            for (name, code) in scale == .quick || subject == .keeper ? Array(errors.prefix(1)) : errors {
                for number in stride(from: 1, through: calls, by: scale.of(max(1, calls / 5), 1)) {
                    try bench.fail(subject, number, name, code)
                }
            }
            for number in stride(from: 1, through: calls, by: scale.of(max(1, calls / 2), 3)) {
                try bench.failRestart(subject, number)
            }
        }
        bench.tell()
        try bench.compareEnd()
    }

    /// A supervisor, and what the launches in it came to.
    private struct Bench {
        private let supervisor: SupervisorUnderTest
        private let report: Report
        private let client: TortureClient
        private let before: ProcessFigures
        private var tried = 0
        private var refused = 0
        private var started = 0
        private var restarted = 0
        private var hangs: [String] = []
        private var wrong: [String] = []

        init(_ report: Report) throws {
            self.report = report
            supervisor = try SupervisorUnderTest()
            client = try TortureClient(supervisor)
            try client.run("first", ["true"])
            _ = try client.wait("first")
            before = ProcessFigures(of: supervisor.keeperProcess)
        }

        mutating func count(_ subject: Tracer.Subject) throws -> Int {
            let tracer = try Tracer(supervisor.keeperProcess, subject, .none, error: 0)
            try client.run("counted", ["sleep", "1000"])
            let outcome = tracer.finish()
            try client.remove("counted")
            guard outcome.counted > 5 else { throw TestFailure("a launch has \(outcome.counted) system calls?") }
            return outcome.counted
        }

        /// A user's start: it is answered, and what it left is what its answer says.
        mutating func fail(_ subject: Tracer.Subject, _ number: Int, _ error: String, _ code: Int32) throws {
            let what = "\(subject.rawValue)'s call \(number), \(error)"
            try client.create("victim", ["sleep", "1000"])
            let tracer = try Tracer(supervisor.keeperProcess, subject, .call(number), error: code)
            let status = try answer(what, Request(.post, "/containers/victim/start"))
            let outcome = tracer.finish()
            guard outcome.call != nil else { return try remove(what) }
            tried += 1
            guard let status else { return }
            let state = client.status(of: "victim")
            if status == 204 {
                started += 1
                if state != "running" { wrong.append("\(what): started, and it is \(state)") }
            } else {
                refused += 1
                if state != "created" && state != "exited" {
                    wrong.append("\(what): refused with \(status), and it is \(state)")
                }
                if status < 400 { wrong.append("\(what): answered \(status)") }
            }
            try remove(what)
            comparePieces(what)
        }

        /// The start by a policy: it is tried again, and succeeds.
        mutating func failRestart(_ subject: Tracer.Subject, _ number: Int) throws {
            let what = "restart, \(subject.rawValue)'s call \(number)"
            try client.run("victim", ["sleep", "1000"], restart: "always")
            let process = try client.process(of: "victim")
            let tracer = try Tracer(supervisor.keeperProcess, subject, .call(number), error: ENOMEM)
            kill(process, SIGKILL)
            let isUp = eventually(timeout: SpawnFaults.patience) {
                let now = (try? client.process(of: "victim")) ?? 0
                return now != 0 && now != process
            }
            let outcome = tracer.finish()
            if outcome.call != nil {
                tried += 1
                if isUp { restarted += 1 } else { hangs.append("\(what): it is \(client.status(of: "victim"))") }
            }
            try remove(what)
            comparePieces(what)
        }

        /// The status of an answer; `nil` when there was none in time.
        private mutating func answer(_ what: String, _ request: Request) throws -> Int? {
            let status = Slot<Int>()
            let crowd = Crowd()
            try crowd.start(1, "asks") {
                [host = supervisor.host, path = request.path, query = request.query, method = request.method] _ in
                status.set(try TortureClient(host: host).status(Request(method, path, query: query)))
            }
            try? crowd.join(timeout: SpawnFaults.patience)
            if status.value == nil {
                hangs.append(
                    "\(what): \(request.path) is not answered in \(Int(SpawnFaults.patience)) s, it is \(client.status(of: "victim"))"
                )
            }
            return status.value
        }

        /// Removes it; one that cannot be removed ends the torture.
        private mutating func remove(_ what: String) throws {
            let request = Request(.delete, "/containers/victim", query: [("force", "1")])
            guard let status = try answer(what, request) else { throw TestFailure("\(what): it cannot be removed") }
            if status != 204 { wrong.append("\(what): rm -f is answered \(status)") }
        }

        /// Nothing may be left of a launch that was removed.
        private mutating func comparePieces(_ what: String) {
            let keeper = supervisor.keeperProcess
            let isClean = eventually(timeout: 10) {
                let now = ProcessFigures(of: keeper)
                return now.zombies == 0 && now.descriptors <= before.descriptors
                    && ProcessFigures.children(of: keeper).count <= 1
            }
            guard !isClean else { return }
            let now = ProcessFigures(of: keeper)
            wrong.append(
                "\(what): \(now.zombies) zombies, \(now.descriptors - before.descriptors) descriptors more, "
                    + "\(ProcessFigures.children(of: keeper).count) children")
        }

        func tell() {
            report.figure("launches with a call that failed", tried)
            report.figure("starts refused with a reason", refused)
            report.figure("starts that succeeded all the same", started)
            report.figure("restarts that came up, tried again where needed", restarted)
            report.none("hangs", hangs)
            report.none("wrong states, zombies, descriptors or processes left", wrong)
        }

        /// It works as before.
        func compareEnd() throws {
            try client.run("last", ["sh", "-c", "exit 7"])
            let code = try client.wait("last")
            report.require(code == 7, "after all that a container's code is \(code)")
        }
    }
}
