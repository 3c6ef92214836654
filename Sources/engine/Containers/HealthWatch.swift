package import Health
package import Model
package import NIOCore

/// The watch over a container's health.
package struct HealthWatch {
    /// News for the watch.
    package typealias Event = HealthEvent
    /// Requests of the watch.
    package typealias Effect = HealthEffect

    /// The monitor that decides; `nil` when the container is not checked.
    package private(set) var monitor: HealthMonitor?
    /// The run that is watched now.
    package private(set) var watched: RunID?
    /// The last watched run.
    private var begun: RunID?
    private var timer: Scheduled<Void>?

    /// A watch from its plan; without one nothing is watched.
    package init(_ plan: HealthPlan?) { monitor = plan.map { HealthMonitor($0) } }

    /// Whether a timer is armed.
    package var isArmed: Bool { timer != nil }

    /// Continues from the record of an earlier engine.
    package mutating func restore(_ plan: HealthPlan, _ record: HealthRecord) {
        monitor = HealthMonitor(plan, record: record)
    }

    /// Effects of the monitor for an event.
    package mutating func handle(_ event: Event, at moment: Moment) -> [Effect] {
        monitor?.handle(event, at: moment) ?? []
    }

    /// Sets the watched run, or none with `nil`; returns the event for the monitor, `nil` when there is no news.
    package mutating func follow(_ run: RunID?) -> Event? {
        guard monitor != nil, run != watched else { return nil }
        let resumes = watched == nil && run == begun
        watched = run
        guard let run else { return .suspended }
        begun = run
        return resumes ? .resumed : .began(run: run)
    }

    /// Continues with a run that an earlier engine watched, paused or not; returns the event for the monitor.
    package mutating func resume(_ run: RunID, isPaused: Bool) -> Event? {
        begun = run
        guard !isPaused else { return nil }
        watched = run
        return .recovered(run: run)
    }

    /// Arms the timer in place of an earlier one.
    package mutating func arm(_ timer: Scheduled<Void>?) {
        self.timer?.cancel()
        self.timer = timer
    }

    /// Records that the timer has fired.
    package mutating func fired() { timer = nil }
}
