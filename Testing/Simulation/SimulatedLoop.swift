import DequeModule
import Dispatch
import HeapModule
import NIOCore
import Synchronization

/// The engine's event loop, of which the world takes one step at a time. There is one thread only, which is always in it.
final class SimulatedLoop: NIOSerialEventLoopExecutor {
    private struct Timer: Comparable {
        let due: Int64
        let number: UInt64

        static func < (a: Timer, b: Timer) -> Bool { (a.due, a.number) < (b.due, b.number) }
    }

    /// The engine ended before the time came.
    struct Gone: Error {}

    private struct Body {
        let run: @Sendable () -> Void
        let cancel: @Sendable () -> Void
    }

    private struct State {
        var tasks: Deque<@Sendable () -> Void> = []
        var timers: Heap<Timer> = []
        var bodies: [UInt64: Body] = [:]
        var nextTimer: UInt64 = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let clock: SimulatedClock

    init(clock: SimulatedClock) { self.clock = clock }

    /// Whether a task waits.
    var hasWork: Bool { state.withLock { !$0.tasks.isEmpty } }

    /// When the next timer fires.
    var nextTimer: Int64? {
        state.withLock { state in
            while let first = state.timers.min, state.bodies[first.number] == nil { _ = state.timers.popMin() }
            return state.timers.min?.due
        }
    }

    /// Carries out one task.
    func step() {
        let task = state.withLock { $0.tasks.popFirst() }
        task?()
    }

    /// Puts the timers that are due among the tasks.
    func fireTimers() {
        let now = clock.now
        state.withLock { state in
            while let first = state.timers.min, first.due <= now {
                _ = state.timers.popMin()
                if let body = state.bodies.removeValue(forKey: first.number) { state.tasks.append(body.run) }
            }
        }
    }

    /// Carries out what waits, and cancels the timers; afterwards the loop does nothing any more.
    func close() {
        while hasWork || cancelTimers() { step() }
        state.withLock { $0.isClosed = true }
    }

    /// Whether there were any.
    private func cancelTimers() -> Bool {
        let bodies = state.withLock { state in
            defer { state.bodies = [:] }
            state.timers = []
            return state.bodies
        }
        for (_, body) in bodies.sorted(by: { $0.key < $1.key }) { body.cancel() }
        return !bodies.isEmpty
    }

    // MARK: EventLoop

    var inEventLoop: Bool { true }
    var now: NIODeadline { .uptimeNanoseconds(UInt64(max(0, clock.now))) }

    func execute(_ task: @escaping @Sendable () -> Void) {
        state.withLock { if !$0.isClosed { $0.tasks.append(task) } }
    }

    @preconcurrency func submit<Value>(_ task: @escaping @Sendable () throws -> Value) -> EventLoopFuture<Value> {
        let promise = makePromise(of: Value.self)
        execute { Self.complete(promise, task) }
        return promise.futureResult
    }

    @discardableResult @preconcurrency func scheduleTask<Value>(
        deadline: NIODeadline, _ task: @escaping @Sendable () throws -> Value
    ) -> Scheduled<Value> {
        let promise = makePromise(of: Value.self)
        let number = state.withLock { state in
            state.nextTimer += 1
            let number = state.nextTimer
            state.timers.insert(Timer(due: Int64(deadline.uptimeNanoseconds), number: number))
            state.bodies[number] = Body {
                Self.complete(promise, task)
            } cancel: {
                promise.fail(Gone())
            }
            return number
        }
        return Scheduled(promise: promise) { [weak self] in
            let body = self?.state.withLock { $0.bodies.removeValue(forKey: number) }
            body?.cancel()
        }
    }

    @discardableResult @preconcurrency func scheduleTask<Value>(
        in delay: TimeAmount, _ task: @escaping @Sendable () throws -> Value
    ) -> Scheduled<Value> {
        scheduleTask(deadline: now + delay, task)
    }

    private static func complete<Value>(_ promise: EventLoopPromise<Value>, _ task: () throws -> Value) {
        do {
            promise.assumeIsolated().succeed(try task())
        } catch {
            promise.fail(error)
        }
    }

    func preconditionInEventLoop(file: StaticString, line: UInt) {}
    func preconditionNotInEventLoop(file: StaticString, line: UInt) {}
    func shutdownGracefully(queue: DispatchQueue, _ callback: @escaping @Sendable ((any Error)?) -> Void) {}
}

/// Where the world's tasks run when they are not the engine's: in the same steps.
final class SimulatedTasks: TaskExecutor {
    private let loop: SimulatedLoop

    init(_ loop: SimulatedLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
