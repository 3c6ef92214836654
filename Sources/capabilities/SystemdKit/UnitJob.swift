internal import CSystemd
internal import Linux

/// What is asked of a unit.
public enum UnitVerb: String, Hashable, Sendable {
    /// `StartUnit`
    case start = "StartUnit"
    /// `StopUnit`
    case stop = "StopUnit"
    /// `RestartUnit`: started when it does not run.
    case restart = "RestartUnit"
}

/// How a job ended: `org.freedesktop.systemd1(5)`, signal JobRemoved.
public enum JobResult: Hashable, Sendable {
    /// It did what it was made for.
    case done
    /// Another job took its place.
    case canceled
    /// The job's own time-out was reached.
    case timeout
    /// The unit failed.
    case failed
    /// A unit that it needs failed.
    case dependency
    /// There was nothing to do for the unit in its state.
    case skipped
    /// A word of a newer systemd.
    case other(String)

    init(_ word: String) {
        switch word {
        case "done": self = .done
        case "canceled": self = .canceled
        case "timeout": self = .timeout
        case "failed": self = .failed
        case "dependency": self = .dependency
        case "skipped": self = .skipped
        default: self = .other(word)
        }
    }

    /// systemd's word for it.
    public var word: String {
        switch self {
        case .done: "done"
        case .canceled: "canceled"
        case .timeout: "timeout"
        case .failed: "failed"
        case .dependency: "dependency"
        case .skipped: "skipped"
        case .other(let word): word
        }
    }

    /// Whether the unit is now as it was asked to be.
    public var isSuccess: Bool { self == .done || self == .skipped }
}

extension SystemdConnection {
    /// How long a job is waited for unless told otherwise, in seconds: longer than any unit's own default bounds.
    public static let jobSeconds: UInt64 = 900

    /// Asks for the jobs in this order, all at once, and waits until each has ended. The results come in the units' order.
    public borrowing func run(
        _ verb: UnitVerb, _ units: [String], seconds: UInt64 = SystemdConnection.jobSeconds
    ) throws(SystemdError) -> [JobResult] {
        // A manager tells of jobs only those who asked to hear; over the private socket it tells everybody.
        _ = try managerCall("Subscribe", object: "manager").call(on: bus)
        var slot: OpaquePointer?
        let matched = sd_bus_match_signal(
            bus, &slot, nil, Self.managerPath, Self.managerInterface, "JobRemoved", { _, _, _ in 0 }, nil)
        defer { _ = sd_bus_slot_unref(slot) }
        guard matched >= 0 else {
            throw .connection(operation: "AddMatch", object: "JobRemoved", reason: SystemdError.reason(matched))
        }
        var waiting: [String: Int] = [:]
        for (index, unit) in units.enumerated() {
            let call = try managerCall(verb.rawValue, object: unit)
            try call.append(unit)
            try call.append("replace")
            waiting[try call.call(on: bus).readString(path: true)] = index
        }
        var results = [JobResult?](repeating: nil, count: units.count)
        let deadline = Self.monotonicSeconds() + seconds
        while !waiting.isEmpty {
            if let (job, result) = try nextEndedJob(until: deadline, seconds, verb, units) {
                if let index = waiting.removeValue(forKey: job) { results[index] = JobResult(result) }
            }
        }
        return results.map { $0 ?? .done }
    }

    private borrowing func nextEndedJob(
        until deadline: UInt64, _ seconds: UInt64, _ verb: UnitVerb, _ units: [String]
    ) throws(SystemdError) -> (job: String, result: String)? {
        let object = units.joined(separator: " ")
        var received: OpaquePointer?
        let processed = sd_bus_process(bus, &received)
        guard processed >= 0 else {
            throw .connection(operation: verb.rawValue, object: object, reason: SystemdError.reason(processed))
        }
        if let received {
            let message = BusMessage(adopting: received, operation: verb.rawValue, object: object)
            if sd_bus_message_is_signal(received, "org.freedesktop.DBus.Local", "Disconnected") > 0 {
                throw .connection(operation: verb.rawValue, object: object, reason: "the manager closed the connection")
            }
            guard sd_bus_message_is_signal(received, Self.managerInterface, "JobRemoved") > 0 else { return nil }
            _ = try message.readValue()
            let job = try message.readString(path: true)
            _ = try message.readString()
            return (job, try message.readString())
        }
        if processed > 0 { return nil }
        let now = Self.monotonicSeconds()
        guard now < deadline else { throw .timedOut(operation: verb.rawValue, object: object, seconds: seconds) }
        let waited = sd_bus_wait(bus, (deadline - now) * 1_000_000)
        guard waited >= 0 || waited == -Errno.interrupted else {
            throw .connection(operation: verb.rawValue, object: object, reason: SystemdError.reason(waited))
        }
        return nil
    }

    private static func monotonicSeconds() -> UInt64 { UInt64(max(0, AwakeClock.now.count / 1_000_000_000)) }
}
