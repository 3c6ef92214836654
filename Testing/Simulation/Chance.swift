import Model
import Synchronization

/// All chance of a simulated world: SplitMix64, the same numbers for the same seed everywhere.
struct Chance: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The numbers of a seed. Worlds of one seed that ask in other places of their own are told apart by `stream`.
    init(seed: UInt64, stream: UInt64 = 0) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ stream &* 0xD1B5_4A32_D192_ED03
        _ = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// True with a probability.
    mutating func happens(_ probability: Double) -> Bool {
        Double(next() >> 11) / Double(1 << 53) < probability
    }

    /// A span between two, in nanoseconds; short ones are as likely as long ones of the next size.
    mutating func span(_ low: Int64, _ high: Int64) -> Int64 {
        guard high > low else { return low }
        var top = high
        while top / 4 > max(low, 1), happens(0.5) { top /= 4 }
        return Int64.random(in: low...top, using: &self)
    }

    /// One of the values.
    mutating func pick<Value>(_ values: [Value]) -> Value? { values.randomElement(using: &self) }
}

/// Identities for containers, the same for the same seed.
final class Identities: Sendable {
    private let chance: Mutex<Chance>

    init(_ chance: Chance) { self.chance = Mutex(chance) }

    func make() -> ContainerID { chance.withLock { ContainerID.random(using: &$0) } }
}
