import Synchronization

/// A number that several threads add to.
final class Count: Sendable {
    private let held = Atomic(0)

    func add(_ more: Int = 1) { held.add(more, ordering: .relaxed) }

    var value: Int { held.load(ordering: .relaxed) }
}
