import DequeModule
import Engine
import NIOCore
import Supervision
import Synchronization

/// A pool whose work the world does, piece by piece.
final class SimulatedPool: WorkPool {
    private struct Piece {
        let work: @Sendable () -> Void
        let lost: @Sendable () -> Void
    }

    /// The engine ended before the work was done.
    struct Lost: Error {}

    private let pieces = Mutex<Deque<Piece>>([])
    /// How many threads it has: so many pieces may overtake each other.
    let threads: Int

    init(threads: Int) { self.threads = threads }

    var count: Int { pieces.withLock { $0.count } }

    func run<Value: Sendable>(
        on loop: any EventLoop, _ body: @escaping @Sendable () throws -> Value
    ) -> EventLoopFuture<Value> {
        let promise = loop.makePromise(of: Value.self)
        let piece = Piece {
            let result = Result { try body() }
            // As from another thread: the loop takes it up when its turn comes.
            loop.execute { promise.completeWith(result) }
        } lost: {
            promise.fail(Lost())
        }
        pieces.withLock { $0.append(piece) }
        return promise.futureResult
    }

    /// Does the piece at a place.
    func carryOut(_ place: Int) {
        let piece = pieces.withLock { $0.remove(at: place) }
        piece.work()
    }

    /// The threads are gone, and with them all that waited.
    func close() {
        let rest = pieces.withLock { pieces in
            defer { pieces = [] }
            return pieces
        }
        for piece in rest { piece.lost() }
    }
}
