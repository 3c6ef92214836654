package import Model
package import NIOCore

/// The bond of a container to the init system whose unit runs it.
package struct Bond {
    /// Place of its runs; `nil` for the supervisor's own.
    package private(set) var place: RunPlace?
    /// The machine's boot in which the present user's stop came.
    package private(set) var stopBoot: String?
    /// Whether an init system's start was refused since the last start. The next one that it requests is a user's.
    package private(set) var hasRefused = false
    /// Kind of the coming start, as the init system announced it.
    private var comingStart: InitStart?
    /// Timer of a start that is left to its unit, after which it is made without the unit.
    private var timer: Scheduled<Void>?

    /// A bond from its record.
    package init(place: RunPlace? = nil, stopBoot: String? = nil) {
        self.place = place
        self.stopBoot = stopBoot
    }

    /// Whether a start is left to its unit for now.
    package var awaitsUnit: Bool { timer != nil }

    /// Sets the place of the next runs.
    package mutating func move(to place: RunPlace?) { self.place = place }

    /// Records the boot of a user's stop; without a stop there is none.
    package mutating func note(isStopped: Bool, boot: String) { stopBoot = isStopped ? stopBoot ?? boot : nil }

    /// Records the kind of a start that an init system announces.
    package mutating func announce(_ start: InitStart) { comingStart = start }

    /// Takes the announced kind of the start that comes now.
    package mutating func takeAnnounced() -> InitStart? {
        defer { comingStart = nil }
        return comingStart
    }

    /// Records that an init system's start was refused.
    package mutating func refused() { hasRefused = true }

    /// Records a start.
    package mutating func started() { hasRefused = false }

    /// Leaves the start to its unit until the timer fires.
    package mutating func leaveToUnit(until timer: Scheduled<Void>) { self.timer = timer }

    /// Stops waiting for the unit; false when there was no wait.
    package mutating func endWaiting() -> Bool {
        guard let timer else { return false }
        timer.cancel()
        self.timer = nil
        return true
    }
}
