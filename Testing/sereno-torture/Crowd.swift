import Glibc
import Linux
import Synchronization
import TestSupport

/// Threads that do something at the same time.
final class Crowd: Sendable {
    private struct State {
        var running = 0
        var failure: String?
    }

    private let state = Mutex(State())
    private let stopped = Atomic(false)

    /// Whether the members were asked to come to an end.
    var isStopped: Bool { stopped.load(ordering: .relaxed) }

    /// Adds threads, each with its number from 0 on.
    func start(_ count: Int, _ name: String, _ body: @escaping @Sendable (Int) throws -> Void) throws {
        for number in 0..<count {
            state.withLock { $0.running += 1 }
            try KernelThread.start(name: String(name.prefix(15))) {
                do {
                    try body(number)
                } catch {
                    self.state.withLock { $0.failure = $0.failure ?? "\(name) \(number): \(error)" }
                }
                self.state.withLock { $0.running -= 1 }
            }
        }
    }

    /// Asks all to come to an end.
    func stop() { stopped.store(true, ordering: .relaxed) }

    /// Waits for all, and throws what the first that failed threw.
    func join(timeout: Double) throws {
        guard eventually(timeout: timeout, { state.withLock { $0.running == 0 } }) else {
            throw TestFailure("\(state.withLock { $0.running }) threads have not come to an end in \(timeout) s")
        }
        if let failure = state.withLock({ $0.failure }) { throw TestFailure(failure) }
    }
}
