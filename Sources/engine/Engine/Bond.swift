internal import Model
internal import NIOCore

/// What binds a container to the init system whose unit runs it.
struct Bond {
    /// Where its runs take place; `nil` for what the supervisor does by itself.
    private(set) var place: RunPlace?
    /// The boot of the machine in which the present user's stop came.
    private(set) var stopBoot: String?
    /// Whether an init system's start was refused since the last start: the next that it asks for is a user's.
    private(set) var hasRefused = false
    /// What the init system said of the start that it is about to make.
    private var comingStart: InitStart?
    /// When a start that is left to its unit is made without it.
    private var timer: Scheduled<Void>?

    /// A bond as it is recorded.
    init(place: RunPlace? = nil, stopBoot: String? = nil) {
        self.place = place
        self.stopBoot = stopBoot
    }

    /// Whether a start is left to its unit for now.
    var awaitsUnit: Bool { timer != nil }

    /// The next runs take place there.
    mutating func move(to place: RunPlace?) { self.place = place }

    /// Remembers in which boot a user's stop came; without a stop there is none.
    mutating func note(isStopped: Bool, boot: String) { stopBoot = isStopped ? stopBoot ?? boot : nil }

    /// An init system asks whether it may start it.
    mutating func announce(_ start: InitStart) { comingStart = start }

    /// What was announced of the start that comes now.
    mutating func takeAnnounced() -> InitStart? {
        defer { comingStart = nil }
        return comingStart
    }

    /// An init system's start was refused.
    mutating func refused() { hasRefused = true }

    /// It was started.
    mutating func started() { hasRefused = false }

    /// Leaves the start to its unit until the timer fires.
    mutating func leaveToUnit(until timer: Scheduled<Void>) { self.timer = timer }

    /// Waits for the unit no longer; false when it did not.
    mutating func endWaiting() -> Bool {
        guard let timer else { return false }
        timer.cancel()
        self.timer = nil
        return true
    }
}
