import Linux
import Model

/// What a simulated program does with its life.
struct Behaviour {
    /// What it does when it is told to end.
    enum Termination {
        case dies
        case exits(UInt8, after: Int64)
        case ignores
    }

    /// How long it runs by itself, in nanoseconds; `nil` runs for ever.
    var lifetime: Int64?
    var ending: ExitStatus
    var termination: Termination
    /// Whether the kernel ends it for lack of memory.
    var outOfMemory: Bool
    /// How many lines it writes, and how far apart.
    var lines: Int
    var interval: Int64
    /// How long a child of it holds its output open after it.
    var lingering: Int64?

    /// A life drawn by lot.
    static func draw(_ chance: inout Chance, calm: Bool) -> Behaviour {
        let lot = calm ? 3 + Int.random(in: 0..<7, using: &chance) : Int.random(in: 0..<10, using: &chance)
        let lifetime: Int64? =
            switch lot {
            case 0, 1: chance.span(1_000, 20_000_000)
            case 2, 3, 4, 5: chance.span(20_000_000, 3_000_000_000)
            case 6, 7: chance.span(3_000_000_000, 60_000_000_000)
            default: nil
            }
        let outOfMemory = chance.happens(0.04)
        var ending = ExitStatus.exited(chance.pick([0, 0, 1, 2, 137, 143, 255]) ?? 0)
        if outOfMemory { ending = .signaled(.kill, coreDumped: false) }
        if chance.happens(0.15) {
            ending = .signaled(chance.pick([.kill, .abort, .terminate]) ?? .kill, coreDumped: false)
        }
        let termination: Termination =
            switch Int.random(in: 0..<10, using: &chance) {
            case 0..<5: .dies
            case 5..<8: .exits(chance.pick([0, 7, 143]) ?? 0, after: chance.span(1_000_000, 3_000_000_000))
            default: .ignores
            }
        let lines =
            chance.happens(0.1) ? Int.random(in: 500...3000, using: &chance) : Int.random(in: 0...12, using: &chance)
        return Behaviour(
            lifetime: lifetime, ending: ending, termination: termination, outOfMemory: outOfMemory, lines: lines,
            interval: lines > 100 ? 0 : chance.span(1_000, 500_000_000),
            lingering: chance.happens(0.05) ? chance.span(50_000_000, 6_000_000_000) : nil)
    }
}

/// A process of the simulated kernel.
final class SimulatedProcess {
    /// What it will do next.
    enum Step { case launched, prints, ends, ended(ExitStatus), childEnds }

    /// Tells it from every other there ever was; its pid does not.
    let serial: Int
    let pid: Int32
    /// `noSlot` when no keeper knows of it.
    var slot: UInt64
    /// The container or exec it belongs to.
    let key: String
    let cloned: Int64
    var executed: Int64?
    var behaviour: Behaviour
    var output: [SharedDescriptor?]
    var isAlive = true
    var ended: Int64?
    var isFrozen = false
    /// Whether it went with its machine, and with it what its log had not taken yet.
    var isLost = false
    /// Whether the keeper that was its parent is gone, and it runs on.
    var isOrphan = false
    /// Whether an engine has shown it as running.
    var wasShown = false
    /// What it would have done while it was frozen.
    var deferred: [Step] = []
    /// How many lines it has written, and what they were.
    var printed = 0
    var written: [String] = []

    static let noSlot = UInt64.max

    init(
        serial: Int, pid: Int32, slot: UInt64, key: String, cloned: Int64, behaviour: Behaviour,
        output: [SharedDescriptor?]
    ) {
        self.serial = serial
        self.pid = pid
        self.slot = slot
        self.key = key
        self.cloned = cloned
        self.behaviour = behaviour
        self.output = output
    }

    /// Writes its next line; false when the pipe is full.
    func printLine() -> Bool {
        let stream = printed % 3 == 2 ? 1 : 0
        let line =
            "\(stream == 0 ? "stdout" : "stderr") run \(serial) line \(printed) "
            + String(repeating: "x", count: printed % 97)
        guard let pipe = output[stream] else { return true }
        let outcome = Array((line + "\n").utf8).withUnsafeBytes { RawTransfer.write(pipe.rawValue, from: $0) }
        switch outcome {
        case .moved: written.append(line)
        case .wouldBlock: return false
        case .end, .failed: output[stream] = nil
        }
        printed += 1
        return true
    }
}
