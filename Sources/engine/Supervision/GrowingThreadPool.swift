internal import DequeModule
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Threads with substitutes for those that hang. Work that does not come back, on a dead network mount say, costs other work a
/// moment and not its turn.
final class GrowingThreadPool: WorkPool {
    /// Time without a begun piece of work, while some waits, after which the threads count as hanging.
    static let patience = TimeAmount.milliseconds(50)

    /// A pool of one thread, which sleeps while there is nothing to do.
    private typealias Thread = NIOThreadPool

    private struct State {
        var waiting: Deque<@Sendable () -> Void> = []
        var idle: [Thread] = []
        var threads = 0
        var lastBegun = NIODeadline.now()
        var isWatched = false
    }

    /// Number of threads that are made on demand.
    private let standing: Int
    /// Largest number of threads. Work waits when all of them hang.
    private let most: Int
    private let state = Mutex(State())

    init(standing: Int, most: Int) {
        self.standing = standing
        self.most = max(standing, most)
    }

    /// Number of threads.
    var count: Int { state.withLock { $0.threads } }

    func run<Value: Sendable>(
        on loop: any EventLoop, _ body: @escaping @Sendable () throws -> Value
    ) -> EventLoopFuture<Value> {
        let promise = loop.makePromise(of: Value.self)
        let mustWatch = state.withLock { state in
            state.waiting.append { promise.completeWith(Result(catching: body)) }
            if let thread = state.idle.popLast() {
                carryOn(thread)
                return false
            }
            if state.threads < standing {
                carryOn(makeThread(&state))
                return false
            }
            defer { state.isWatched = true }
            return !state.isWatched
        }
        if mustWatch { watch(on: loop) }
        return promise.futureResult
    }

    private func makeThread(_ state: inout State) -> Thread {
        state.threads += 1
        let thread = Thread(numberOfThreads: 1)
        thread.start()
        return thread
    }

    /// Makes a thread work until nothing waits.
    private func carryOn(_ thread: Thread) {
        thread.submit { _ in
            while let work = self.next(for: thread) { work() }
        }
    }

    private func next(for thread: Thread) -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard let work = state.waiting.popFirst() else {
                state.idle.append(thread)
                return nil
            }
            state.lastBegun = .now()
            return work
        }
    }

    /// Adds a thread every `patience`, while work waits and the present threads begin none.
    private func watch(on loop: any EventLoop) {
        loop.scheduleTask(in: Self.patience) {
            let goesOn = self.state.withLock { state in
                state.isWatched = !state.waiting.isEmpty && state.threads < self.most
                guard state.isWatched else { return false }
                if state.idle.isEmpty, state.lastBegun + Self.patience <= .now() {
                    self.carryOn(self.makeThread(&state))
                }
                return true
            }
            if goesOn { self.watch(on: loop) }
        }
    }
}
