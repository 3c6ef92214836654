package import Flags

/// What a unit of an init system asks of `start --attach`.
package struct UnitOptions: Hashable {
    /// When the unit is ready.
    package enum Readiness: String, Hashable, CaseIterable {
        /// The container runs.
        case started
        /// The payload says so.
        case payload
        /// The health check has passed.
        case healthy
    }

    /// What keeps the watchdog quiet.
    package enum Watchdog: String, Hashable, CaseIterable {
        /// The engine answers.
        case supervisor
        /// The container is not unhealthy.
        case health
    }

    /// What the unit is told of as its start; `nil` for nothing.
    package var readiness: Readiness?
    /// When this process stops itself, by which upstart learns that the container is ready (`expect stop` of init(5)).
    var stopsWhen: Readiness?
    /// What the watchdog hears of; `nil` for nothing.
    package var watchdog: Watchdog?
    /// Whether the container's processes are placed in the unit's control group.
    var isDelegated = false
    /// Whether to stay across restarts that the engine makes.
    package var untilFinal = false

    /// What the init system waits for, however it is told.
    var awaited: Readiness? { readiness ?? stopsWhen }

    /// Whether anything is asked for.
    package var isUnit: Bool { self != UnitOptions() }

    /// The options as typed; a value that is none is refused by name.
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

    /// Nothing asked for.
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
