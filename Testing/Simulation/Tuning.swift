/// How a world is: drawn from its seed, so that each meets another mixture of troubles.
struct Tuning: Sendable {
    /// How many containers there are at most, and how many clients ask.
    var containers: Int
    var clients: Int
    /// How long clients and faults go on, in nanoseconds.
    var span: Int64
    /// The longest pause of a client.
    var pause: Int64
    /// How long it takes on average until the engine dies, the power goes, the supervisor is stopped in order, or another
    /// engine takes over; `nil` is never.
    var engineDeath: Int64?
    var powerCut: Int64?
    var shutdown: Int64?
    var replacement: Int64?
    /// How long it takes on average until the keeper dies, whether a service manager keeps what it held, and whether the kernel
    /// tells others than the parent how a process ended (Linux 6.15).
    var keeperDeath: Int64?
    var keepsDescriptors = false
    var tellsEnds = false
    /// How often the runtime says that a container has ended while something of it runs on.
    var leftBehind = 0.0
    /// How often a file operation fails while the disk is bad.
    var disk = FaultyDisk.Rates()
    /// How often a thread, the pump or the keeper takes its time.
    var slowStore = 0.0
    var slowWorkers = 0.0
    var slowPump = 0.0
    var slowKeeper = 0.0
    /// How often a launch fails, and a preparation.
    var launchFailure = 0.0
    var preparationFailure = 0.0
    /// How often the wall clock is set.
    var clockStep: Int64?

    /// `later` decides what was added after seeds were kept, so that these go the way they went.
    init(_ chance: inout Chance, later: Chance) {
        let second: Int64 = 1_000_000_000
        containers = Int.random(in: 1...6, using: &chance)
        clients = Int.random(in: 1...4, using: &chance)
        span = chance.span(10 * second, 400 * second)
        pause = chance.span(second / 1000, 20 * second)
        func sometimes(_ probability: Double, _ low: Int64, _ high: Int64) -> Int64? {
            chance.happens(probability) ? chance.span(low, high) : nil
        }
        engineDeath = sometimes(0.6, second / 2, 60 * second)
        powerCut = sometimes(0.3, 10 * second, 100 * second)
        shutdown = sometimes(0.2, 20 * second, 100 * second)
        replacement = sometimes(0.2, 5 * second, 60 * second)
        clockStep = sometimes(0.2, second, 60 * second)
        if chance.happens(0.3) {
            disk.write = chance.pick([0, 0.01, 0.1, 0.5]) ?? 0
            disk.sync = chance.pick([0, 0.01, 0.1]) ?? 0
            disk.rename = chance.pick([0, 0.01, 0.1]) ?? 0
        }
        let rates = [0, 0, 0, 0.01, 0.1]
        slowStore = chance.pick(rates) ?? 0
        slowWorkers = chance.pick(rates) ?? 0
        slowPump = chance.pick(rates) ?? 0
        slowKeeper = chance.pick(rates) ?? 0
        launchFailure = chance.pick([0, 0, 0.02, 0.2]) ?? 0
        preparationFailure = chance.pick([0, 0, 0, 0.05, 0.2]) ?? 0
        var later = later
        leftBehind = later.happens(0.2) ? later.pick([0.05, 0.5]) ?? 0 : 0
        guard later.happens(0.4) else { return }
        keeperDeath = later.span(second, 60 * second)
        keepsDescriptors = later.happens(0.5)
        tellsEnds = later.happens(0.5)
    }
}
