import Synchronization

/// A value that another thread sets once.
final class Slot<Value: Sendable>: Sendable {
    private let held = Mutex<Value?>(nil)

    func set(_ value: Value) { held.withLock { $0 = value } }

    /// `nil` until it was set.
    var value: Value? { held.withLock { $0 } }
}
