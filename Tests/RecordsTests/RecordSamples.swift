import Model
import Restart

@testable import Health
@testable import Images
@testable import Lifecycle
@testable import Records

/// One record under the name of its file below Tests/Corpus/records. A sample never changes once its file is there: what is new is
/// shown by a new one.
struct RecordSample<Value: Codable & Hashable & Sendable>: Sendable {
    let name: String
    let value: Value
}

/// Every word that a record can hold, one record for each: `rule-policyNo` is a record with the rule that is stored as
/// `policyNo`.
enum RecordSamples {
    static let wall = WallTime(nanoseconds: 1_790_000_000_000_000_000)
    static let instant = MonotonicInstant(nanoseconds: 5_000_000_000)
    static let client = Client.process(number: 1234, program: "docker", uid: 1000, user: "ann", gid: 100)
    static let userStop = UserStop(verb: .stop, signal: .terminate, time: wall, client: client)
    static let unit = InitUnit(system: .systemd, name: "web.service")
    static let stopSequence = StopSequence(steps: [
        StopStep(signal: .interrupt, grace: .seconds(3)), StopStep(signal: .terminate, grace: nil),
    ])
    static let reason = Reason(occurrence: .startRequested, rule: .command, outcome: .start)

    /// What the start of such a container's records is.
    static func id(_ digit: Character) -> ContainerID? { ContainerID(String(repeating: digit, count: 64)) }
}

// The history.
extension RecordSamples {
    static let occurrences: [(String, Reason.Occurrence)] = [
        ("ended", .ended(.exited(status: .exited(7), ranFor: .seconds(9), outOfMemory: false))),
        ("supervisorStarted", .supervisorStarted(after: .crash, lastExit: .exited(1))),
        ("supervisorStarted-without-an-exit", .supervisorStarted(after: .reboot, lastExit: nil)),
        ("startRequested", .startRequested), ("restartRequested", .restartRequested),
        ("stopRequested", .stopRequested(userStop)), ("removalRequested", .removalRequested(force: true)),
        ("supervisorStopping", .supervisorStopping), ("initAsked", .initAsked(.boot, unit)),
        ("handedOver", .handedOver(to: unit)), ("handedOver-back", .handedOver(to: nil)),
    ]

    static let rules: [(String, Reason.Rule)] = [
        ("command", .command), ("policyNo", .policyNo), ("policyAlways", .policyAlways),
        ("policyUnlessStopped", .policyUnlessStopped), ("policyOnFailure", .policyOnFailure(maximum: 3)),
        ("policyOnFailure-without-bound", .policyOnFailure(maximum: nil)), ("endedWell", .endedWell),
        ("retriesExhausted", .retriesExhausted(maximum: 3)), ("stoppedByUser", .stoppedByUser(userStop)),
        ("neverStarted", .neverStarted), ("restartPending", .restartPending),
        ("supervisorReplaced", .supervisorReplaced),
        ("foundRunning", .foundRunning(lost: ["its input", "its exit code"])),
        ("supervisorStopping", .supervisorStopping), ("endedAsUnhealthy", .endedAsUnhealthy),
        ("autoRemove", .autoRemove), ("leftToInit", .leftToInit(unit)),
    ]

    static let outcomes: [(String, Reason.Outcome)] = [
        ("restart", .restart(count: 2, delay: Reason.Delay(span: .seconds(1), basis: .first))), ("start", .start),
        ("stay", .stay), ("giveUp", .giveUp), ("remove", .remove), ("restartByInit", .restartByInit(count: 4)),
        ("unchanged", .unchanged),
    ]

    static let bases: [(String, Reason.Delay.Basis)] = [
        ("first", .first), ("grown", .grown(from: .milliseconds(100))), ("capped", .capped),
        ("reset", .reset(threshold: .seconds(10))),
    ]

    static let ends: [(String, RunEnd)] = [
        ("exited", .exited(status: .exited(137), ranFor: .seconds(9), outOfMemory: true, memory: memory)),
        ("startFailed", .startFailed(StartFailure(exitCode: 127, message: "exec /bin/none: not found"))),
    ]

    static let memory = MemoryAccount(
        limit: 1 << 24, peak: 1 << 23, killsBefore: 2, killsAfter: 3, stalled: .milliseconds(1200))

    static let history: [RecordSample<HistoryEntry>] =
        occurrences.map { decision("occurrence-\($0)", $1) }
        + rules.map { decision("rule-\($0)", rule: $1) }
        + outcomes.map { decision("outcome-\($0)", outcome: $1) }
        + bases.map { name, basis in
            decision("basis-\(name)", outcome: .restart(count: 1, delay: Reason.Delay(span: .seconds(2), basis: basis)))
        }
        + ends.map { decision("end-\($0)", .ended($1)) }
        + SupervisorEnd.allCases.map {
            decision("supervisor-\($0.rawValue)", .supervisorStarted(after: $0, lastExit: .unknown))
        }
        + InitStart.allCases.map { decision("initStart-\($0.rawValue)", .initAsked($0, unit)) }
        + UserCommand.Verb.allCases.map { command("command-\($0.rawValue)", UserCommand($0, "SIGHUP", by: client)) }
        + [
            command("client-process", UserCommand(.start, by: client)),
            command(
                "client-process-nameless",
                UserCommand(.start, by: .process(number: 0, program: nil, uid: 77, user: nil, gid: 7))),
            command("client-certificate", UserCommand(.start, by: .certificate(subject: "CN=ops"))),
            command("client-none", UserCommand(.start, by: nil)),
            RecordSample(
                name: "command-with-its-decision",
                value: HistoryEntry(
                    time: wall, monotonic: instant, reason: reason, command: UserCommand(.start, by: client))),
        ]

    private static func decision(
        _ name: String, _ occurrence: Reason.Occurrence = .startRequested, rule: Reason.Rule = .command,
        outcome: Reason.Outcome = .start
    ) -> RecordSample<HistoryEntry> {
        let reason = Reason(occurrence: occurrence, rule: rule, outcome: outcome)
        return RecordSample(name: name, value: HistoryEntry(time: wall, monotonic: instant, reason: reason))
    }

    private static func command(_ name: String, _ command: UserCommand) -> RecordSample<HistoryEntry> {
        RecordSample(name: name, value: HistoryEntry(time: wall, monotonic: instant, command: command))
    }
}

// The health, and the mark of a supervisor.
extension RecordSamples {
    static let health: [RecordSample<StoredForm<HealthRecord>>] =
        HealthSnapshot.Status.allCases.map { status in
            var record = HealthRecord()
            record.snapshot.status = status
            return RecordSample(name: "status-\(status.rawValue)", value: StoredForm(record))
        } + [RecordSample(name: "full", value: StoredForm(fullHealth))]

    private static var fullHealth: HealthRecord {
        var record = HealthRecord()
        record.snapshot.status = .unhealthy
        record.snapshot.failingStreak = 3
        record.snapshot.log = [
            HealthSnapshot.Result(start: wall, end: wall.advanced(by: .seconds(1)), exitCode: 1, output: "no answer\n")
        ]
        record.run = RunID(17)
        record.began = instant
        record.due = instant.advanced(by: .seconds(30))
        record.probes = 5
        return record
    }

    static var marks: [RecordSample<SupervisorMark>] {
        var full = SupervisorMark(boot: "8f0c1a52-boot", keeper: 321, keeperStart: "4711", graceful: true)
        full.lineage = 99
        return [
            RecordSample(name: "old", value: SupervisorMark(boot: "8f0c1a52-boot", keeper: 321, keeperStart: "4711")),
            RecordSample(name: "full", value: full),
        ]
    }
}

// What the store of images keeps beside the images.
extension RecordSamples {
    static var imageNames: [RecordSample<ImageNames>] {
        let digits = String(repeating: "d", count: 64)
        guard let id = ContentDigest(digits) else { return [] }
        return [
            RecordSample(name: "empty", value: ImageNames()),
            RecordSample(
                name: "full",
                value: ImageNames(
                    identities: ["docker.io/library/busybox:latest": id], lastTagged: [digits: wall])),
        ]
    }

    static var layers: [RecordSample<LayerRecord>] {
        guard let id = ContentDigest(String(repeating: "e", count: 64)) else { return [] }
        return [RecordSample(name: "full", value: LayerRecord(diffID: id, size: 123, tarSize: 456))]
    }
}
