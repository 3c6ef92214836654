/// What a unit of an init system asks of `start --attach`.
struct UnitOptions: Hashable {
    /// When the unit is ready.
    enum Readiness: String, Hashable, CaseIterable {
        /// The container runs.
        case started
        /// The payload says so.
        case payload
        /// The health check has passed.
        case healthy
    }

    /// What keeps the watchdog quiet.
    enum Watchdog: String, Hashable, CaseIterable {
        /// The engine answers.
        case supervisor
        /// The container is not unhealthy.
        case health
    }

    var readiness: Readiness?
    /// When this process stops itself, by which upstart learns that the container is ready (`expect stop` of init(5)).
    var stopsWhen: Readiness?
    var watchdog: Watchdog?
    /// Whether the container's processes are placed in the unit's control group.
    var isDelegated = false
    /// Whether to stay across restarts that the engine makes.
    var untilFinal = false

    /// What the init system waits for, however it is told.
    var awaited: Readiness? { readiness ?? stopsWhen }

    /// Whether anything is asked for.
    var isUnit: Bool { self != UnitOptions() }

    /// The options as typed; a value that is none is refused by name.
    init(
        notify: String?, stopWhen: String?, watchdog: String?, cgroup: String?, untilFinal: Bool
    ) throws(ExitFailure) {
        self.init()
        readiness = try UnitOptions.parse(notify, "notify")
        stopsWhen = try UnitOptions.parse(stopWhen, "stop-when")
        self.watchdog = try UnitOptions.parse(watchdog, "watchdog")
        if let cgroup {
            guard cgroup == "delegated" else {
                throw ExitFailure("invalid argument \"\(cgroup)\" for \"--cgroup\" flag: use delegated", code: 125)
            }
            isDelegated = true
        }
        self.untilFinal = untilFinal
    }

    init() {}

    private static func parse<Value: RawRepresentable & CaseIterable>(
        _ text: String?, _ flag: String
    ) throws(ExitFailure) -> Value? where Value.RawValue == String {
        guard let text else { return nil }
        guard let value = Value(rawValue: text) else {
            let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw ExitFailure("invalid argument \"\(text)\" for \"--\(flag)\" flag: use one of \(words)", code: 125)
        }
        return value
    }
}
