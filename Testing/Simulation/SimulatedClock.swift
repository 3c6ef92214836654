import Engine
import Model
import Supervision
import Synchronization

/// The two clocks of a simulated world. Only the world moves them.
final class SimulatedClock: TimeSource {
    private let reading: Mutex<(monotonic: Int64, offset: Int64)>

    init(wallOffset: Int64) { reading = Mutex((1_000_000_000, wallOffset)) }

    /// Nanoseconds since the world began.
    var now: Int64 { reading.withLock { $0.monotonic } }
    /// Nanoseconds since 1970.
    var wallNow: Int64 { reading.withLock { $0.monotonic + $0.offset } }

    var monotonic: MonotonicInstant { MonotonicInstant(nanoseconds: now) }
    var wall: WallTime { WallTime(nanoseconds: wallNow) }

    func advance(to instant: Int64) { reading.withLock { $0.monotonic = max($0.monotonic, instant) } }

    /// Somebody sets the wall clock, to something between 1970 and 2096: no machine's clock leaves what 64 bits hold.
    func stepWall(by span: Int64) {
        reading.withLock { $0.offset = min(max(0, $0.offset + span), 4_000_000_000_000_000_000) }
    }
}
