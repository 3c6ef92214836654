package import Flags

/// The options by which an init system's unit calls `start --attach`.
package struct UnitOptions: Hashable {
    /// The moment at which the unit is ready.
    package enum Readiness: String, Hashable, CaseIterable {
        /// The container runs.
        case started
        /// The payload reports its readiness.
        case payload
        /// The health check has passed.
        case healthy
    }

    /// The condition under which the watchdog gets signs of life.
    package enum Watchdog: String, Hashable, CaseIterable {
        /// The engine answers.
        case supervisor
        /// The container is not unhealthy.
        case health
    }

    /// The moment reported to the unit as its start; `nil` for none.
    package var readiness: Readiness?
    /// The moment at which this process stops itself; upstart learns by it that the container is ready (`expect stop`
    /// of init(5)).
    var stopsWhen: Readiness?
    /// The condition for the watchdog's signs of life; `nil` for none.
    package var watchdog: Watchdog?
    /// Whether the container's processes are placed in the unit's control group.
    var isDelegated = false
    /// Whether the process stays across restarts by the engine.
    package var untilFinal = false

    /// The moment for which the init system waits, whichever way it is reported.
    var awaited: Readiness? { readiness ?? stopsWhen }

    /// Whether any option is set.
    package var isUnit: Bool { self != UnitOptions() }

    /// The options from the command line; an unknown value is refused by the flag's name.
    package init(
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

    /// Options that are all unset.
    package init() {}

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
