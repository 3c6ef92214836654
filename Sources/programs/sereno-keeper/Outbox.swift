import KeeperProtocolEmbedded

/// Answers that belong to no slot, in order. When it is nearly full no more is read from the engine, so it never
/// overflows; what belongs to a slot waits in the slot.
struct Outbox {
    static let capacity = 128

    private let frames: UnsafeMutablePointer<KeeperFrame>
    private var first = 0
    private(set) var count = 0
    /// How far the handover is.
    var handover = Handover.none
    /// When to try again after the socket had no memory; zero when nothing waits for that.
    var retryAt: Int64 = 0
    /// Whether the last frame found no room in the socket.
    var awaitsRoom = false

    enum Handover {
        case none
        case hello
        /// Which keeper this is.
        case lineage
        /// Slots that were there at hello are still untold.
        case slots
        case held(next: Int)
    }

    init() {
        frames = UnsafeMutablePointer<KeeperFrame>.allocate(capacity: Outbox.capacity)
        frames.initialize(repeating: .replace, count: Outbox.capacity)
    }

    /// Whether the answers to another frame fit: a launch may have many warnings, any other frame has one answer.
    var hasRoom: Bool { count <= Outbox.capacity / 2 }

    /// Adds an answer; the newest is dropped when there is no room, which only a flood of warnings can do.
    mutating func put(_ frame: KeeperFrame) {
        if count == Outbox.capacity { return }
        frames[(first + count) % Outbox.capacity] = frame
        count += 1
    }

    var next: KeeperFrame? { count == 0 ? nil : frames[first] }

    mutating func removeNext() {
        first = (first + 1) % Outbox.capacity
        count -= 1
    }

    mutating func clear() {
        first = 0
        count = 0
        handover = .none
        retryAt = 0
        awaitsRoom = false
    }
}
