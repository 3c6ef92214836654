internal import Health
internal import Model
internal import NIOCore

/// The watch over a container's health.
struct HealthWatch {
    /// What decides; `nil` when the container is not checked.
    private(set) var monitor: HealthMonitor?
    /// The run that is watched now.
    private(set) var watched: UInt64?
    /// The last one that was.
    private var begun: UInt64?
    private var timer: Scheduled<Void>?

    /// A watch by its plan; without one nothing is watched.
    init(_ plan: HealthPlan?) { monitor = plan.map { HealthMonitor($0) } }

    /// Whether a timer is armed.
    var isArmed: Bool { timer != nil }

    /// Goes on from what an earlier engine knew.
    mutating func restore(_ plan: HealthPlan, _ record: HealthRecord) {
        monitor = HealthMonitor(plan, record: record)
    }

    /// What the monitor answers to an event.
    mutating func handle(_ event: HealthEvent, at moment: Moment) -> [HealthEffect] {
        monitor?.handle(event, at: moment) ?? []
    }

    /// Another run is to be watched, or with `nil` none; what the monitor has to know of it, `nil` when that is no news.
    mutating func follow(_ run: UInt64?) -> HealthEvent? {
        guard monitor != nil, run != watched else { return nil }
        let resumes = watched == nil && run == begun
        watched = run
        guard let run else { return .suspended }
        begun = run
        return resumes ? .resumed : .began(run: run)
    }

    /// Takes up the run that an earlier engine watched, which is paused or not; what the monitor has to know of it.
    mutating func resume(_ run: UInt64, isPaused: Bool) -> HealthEvent? {
        begun = run
        guard !isPaused else { return nil }
        watched = run
        return .recovered(run: run)
    }

    /// Arms the timer in the place of an earlier one.
    mutating func arm(_ timer: Scheduled<Void>?) {
        self.timer?.cancel()
        self.timer = timer
    }

    /// The timer has fired.
    mutating func fired() { timer = nil }
}
