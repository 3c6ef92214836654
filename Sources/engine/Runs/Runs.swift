package import KeeperClient
internal import KeeperProtocol
internal import LaunchPlan
package import Linux
package import Logging
package import Model
package import NIOCore
package import Records
package import Supervision

/// Processes of containers and execs: requests them from the keeper, has the pump move their bytes, and reports when each is
/// over. Confined to the engine's loop.
package final class Runs {
    /// Time for which the output of an ended process is awaited; Docker's bound.
    static let drainGrace = Nanoseconds.seconds(2)

    private let keeper: KeeperClient
    private let loop: any EventLoop
    private let log: Logger
    private var pump: OutputPump?
    private var table = RunTable()
    /// Plans of processes that do not run yet, to name a failed operation.
    private var plans: [RunID: Plan] = [:]
    /// Messages of the keeper between its greeting and the end of the handover.
    private var handover: Greeting?
    /// Feeds of found runs; they are read once every log is open.
    private var feeds: [Feed.Setup] = []

    private struct Greeting {
        var handed = Handover()
        /// News of processes while their slots were still being handed over.
        var news: [KeeperEvent] = []
        var done: EventLoopPromise<Void>
    }

    /// News from the pump or the keeper, on their way to the loop.
    package struct News: Sendable {
        let event: OutputPump.Event
    }

    /// Runs without a pump; `greet(_:_:)` comes before any request.
    package init(keeper: KeeperClient, loop: any EventLoop, log: Logger) {
        self.keeper = keeper
        self.loop = loop
        self.log = log
    }

    /// Number of runs that are not over.
    package var count: Int { table.count }

    /// Number of those that are not containers' first processes.
    package var countBesideContainers: Int { table.countBesideContainers }

    /// Owner of a run; `nil` when it is over.
    package func owner(of number: RunID) -> RunOwner? { table[number] }

    /// Whether the keeper has reported a run's end.
    package func hasEnded(_ number: RunID) -> Bool { table.hasEnded(number) }

    // MARK: Coming up

    /// Starts the pump and greets the keeper. `onNews` is called on the loop; its argument goes to `hear(_:_:)`.
    package func greet(
        _ pump: PumpStarter, isolation: isolated (any Actor)? = #isolation,
        _ onNews: @escaping @Sendable (News) -> Void
    ) async throws -> Handover {
        let promise = loop.makePromise(of: Void.self)
        handover = Greeting(done: promise)
        self.pump = try OutputPump(pump, keeper: keeper, loop: loop) { onNews(News(event: $0)) }
        try keeper.hello()
        try await promise.futureResult.get()
        guard var complete = handover?.handed else {
            throw EngineError(.failed, "the keeper handed nothing over")
        }
        complete.runs.sort { $0.number < $1.number }
        do {
            self.pump?.send(.hold(try OutputHold(complete.held, keeper: keeper)))
        } catch {
            log.error(
                "output cannot be held: killing this engine may lose some", metadata: ["error": "\(error.inFull)"])
        }
        return complete
    }

    /// Takes over a run from the handover.
    @discardableResult
    package func adopt(_ found: FoundRun, as owner: RunOwner, hasTerminal: Bool = false) -> Run {
        table.enter(found.number, of: owner)
        var run = Run(number: found.number)
        run.pid = Int(found.process)
        run.pidfd = found.pidfd
        run.terminal = hasTerminal ? found.kept.first : nil
        run.holdsInput = handover?.handed.held[Self.inputName(found.number)] != nil
        return run
    }

    /// Registers its output for `readAdopted()`. Every log is open before the first output is read, as one of them may wait for
    /// output that the last engine had in hand.
    package func follow(_ found: FoundRun, log: ContainerID?, memory: SharedDescriptor? = nil) {
        let isStray = table[found.number] == .stray
        let input = isStray ? nil : handover?.handed.held[Self.inputName(found.number)]
        feeds.append(
            Feed.Setup(
                feed: found.number, log: log, stdout: found.kept.first,
                stderr: found.kept.count > 1 ? found.kept[1] : nil, stdin: input, memory: memory, listening: false))
    }

    /// Takes over a process that lost its keeper. `found.outputs` has its output and its errors, `nil` for a lost one.
    package func watch(
        _ container: ContainerID, _ process: RecordedProcess, _ found: FoundProcess, since: Moment
    ) throws -> Run {
        let number = table.open()
        let outputs = found.outputs.reversed().drop { $0 == nil }.reversed()
        // A lost output before errors that are not lost becomes the null device.
        let kept = try outputs.map { try $0 ?? SharedDescriptor.openNull() }
        try keeper.watch(
            number, kind: .container, key: container.text, processNumber: process.identity.number,
            pidfd: Self.borrow(found.pidfd), since: since.monotonic, started: since.wall, kept: kept.map(Self.borrow))
        table.enter(number, of: .container(container))
        var run = Run(number: number)
        run.pid = Int(process.identity.number)
        run.pidfd = found.pidfd
        run.outputs = process.outputs
        run.recorded = process
        return run
    }

    /// Registers the output of such a process, as `follow(_:log:memory:)`.
    package func follow(_ run: Run, _ found: FoundProcess, log: ContainerID?, memory: SharedDescriptor?) {
        feeds.append(
            Feed.Setup(
                feed: run.number, log: log, stdout: found.outputs.first ?? nil,
                stderr: found.outputs.count > 1 ? found.outputs[1] : nil, stdin: nil, memory: memory,
                listening: false))
    }

    /// Begins to read the registered outputs.
    package func readAdopted() {
        for feed in feeds { pump?.send(.add(feed)) }
        feeds = []
    }

    /// Reports the end of a run that ended while no engine was there. It comes after every container knows that a supervisor came
    /// up.
    package func finish(_ found: FoundRun, _ tell: (RunEvent) -> Void) {
        guard let owner = table[found.number], owner != .stray else { return }
        switch found.state {
        case .starting, .running: break
        case .exited(let status, let at, _): ended(found.number, status, at.monotonic, tell)
        case .failed(let failure): failed(found.number, failure, tell)
        }
    }

    /// Ends the handover: reports the news that came meanwhile, and from then on all news at once.
    package func endHandover(_ tell: (RunEvent) -> Void) {
        let news = handover?.news ?? []
        handover = nil
        for event in news { hear(event, tell) }
    }

    // MARK: Asking

    /// Registers a new run with the keeper and the pump.
    package func begin(_ order: RunOrder) throws -> Run {
        let isContainer = if case .container = order.owner { true } else { false }
        let streams = order.streams
        let number = table.open()
        let outputs = [streams.stdout, streams.stderr].compactMap { $0 }
        // An exec's client is lost with the engine, and then its input ends; a container's goes on.
        if isContainer, let stdin = streams.stdin {
            try keeper.hold(Self.borrow(stdin), name: Self.inputName(number))
        }
        try keeper.spawn(
            .init(
                slot: number, kind: isContainer ? .container : .exec, key: order.key, plan: order.plan,
                standardInput: Self.borrow(streams.child[0]), standardOutput: Self.borrow(streams.child[1]),
                standardError: Self.borrow(streams.child[2]), kept: outputs.map(Self.borrow),
                planned: order.descriptors.map(Self.borrow)))
        pump?.send(
            .add(
                Feed.Setup(
                    feed: number, log: order.log, stdout: streams.stdout, stderr: streams.stderr, stdin: streams.stdin,
                    memory: order.memory, listening: order.isListening)))
        table.enter(number, of: order.owner)
        plans[number] = order.plan
        var run = Run(number: number)
        run.terminal = streams.terminal
        run.holdsInput = isContainer && streams.stdin != nil
        run.outputs = streams.outputs
        return run
    }

    /// Sends a signal to a run's process.
    package func signal(_ number: RunID, _ signal: Signal) {
        ask { () throws(KeeperError) in try keeper.signal(number, signal) }
    }

    /// Lets the keeper forget a run whose end is recorded.
    package func forget(_ number: RunID) {
        ask { () throws(KeeperError) in try keeper.forget(number) }
    }

    /// Makes a run a stray, as its owner is gone.
    package func leave(_ number: RunID) {
        if table.leave(number) { forget(number) }
    }

    /// Adds its memory accounts; `tell` gets its end when nothing else is missing.
    package func account(_ number: RunID, _ memory: RunMemory, _ tell: (RunEvent) -> Void) {
        if let conclusion = table.account(number, memory) { tell(.over(conclusion)) }
    }

    /// Has the keeper drop the input that it holds of a run that is over.
    package func dropInput(_ number: RunID) {
        ask { () throws(KeeperError) in try keeper.drop(name: Self.inputName(number)) }
    }

    /// Sets whether clients receive a run's output.
    package func listen(_ number: RunID, _ isListening: Bool) {
        pump?.send(.listen(feed: number, listening: isListening))
    }

    /// Counts output that all clients have taken; `bytes` is the size of one reported piece.
    package var credit: @Sendable (RunID, _ bytes: Int) -> Void {
        let pump = pump
        return { number, bytes in pump?.send(.credit(feed: number, bytes: bytes + Feed.pieceCost)) }
    }

    /// Sends input to a run's process.
    package func write(_ bytes: ByteBuffer, to number: RunID, _ taken: EventLoopPromise<Void>) {
        guard let pump else {
            taken.fail(ChannelError.ioOnClosedChannel)
            return
        }
        pump.send(.input(feed: number, bytes, taken))
    }

    /// Closes its standard input when all is written.
    package func closeInput(_ number: RunID) { pump?.send(.closeInput(feed: number)) }

    /// Opens the log of a container; runs that name it write there.
    package func openLog(_ id: ContainerID, _ target: LogTarget) { pump?.send(.openLog(id, target)) }

    /// Closes the log of a container.
    package func closeLog(_ id: ContainerID) { pump?.send(.closeLog(id)) }

    /// Requests one report of the log's next growth.
    package func watchLog(_ id: ContainerID) { pump?.send(.watchLog(id)) }

    /// Leaves a descriptor with the keeper for the next engine.
    package func hold(_ descriptor: SharedDescriptor, name: String) throws {
        try keeper.hold(Self.borrow(descriptor), name: name)
    }

    /// Has the keeper drop a descriptor.
    package func drop(name: String) throws { try keeper.drop(name: name) }

    /// Reports to the keeper that this engine serves its clients.
    package func announceReady() { ask { () throws(KeeperError) in try keeper.ready() } }

    /// Has the keeper replace this engine by the program that is now at its path; false when the keeper's version cannot.
    package func reload() throws(EngineError) -> Bool {
        do {
            try keeper.reload()
            return true
        } catch .olderKeeper {
            return false
        } catch {
            throw EngineError(.failed, "the keeper cannot be asked: \(error.message)")
        }
    }

    /// Permits the keeper to end, as this engine has stopped everything.
    package func exit() { try? keeper.exit() }

    /// Drops all state without a message to the keeper.
    package func abandon(with error: any Error) {
        table = RunTable()
        plans = [:]
        handover?.done.fail(error)
        handover = nil
        pump = nil
    }

    /// Reports to the keeper why this process ends without having served.
    package static func announceFailure(_ text: String) {
        guard let keeper = try? KeeperClient.inherited() else { return }
        try? keeper.failing(text)
    }

    // MARK: Hearing

    /// Handles news, and reports to `tell` whatever concerns the engine.
    package func hear(_ news: News, _ tell: (RunEvent) -> Void) {
        switch news.event {
        case .keeper(let event): handover == nil ? hear(event, tell) : hearHandover(event)
        case .keeperGone: tell(.keeperGone)
        case .output(let feed, let stream, let bytes):
            guard let owner = table[feed] else {
                credit(feed, bytes.readableBytes)
                return
            }
            tell(.output(owner, feed: feed, stream, bytes))
        case .logGrown(let id): tell(.logGrown(id))
        case .memoryChanged(let feed):
            if case .container(let id)? = table[feed] { tell(.memoryChanged(id, number: feed)) }
        case .inputClosed(let feed):
            dropInput(feed)
            if let owner = table[feed] { tell(.inputClosed(owner, number: feed)) }
        case .drained(let feed, let lost):
            if lost > 0 { log.error("log bytes dropped", metadata: ["run": "\(feed)", "bytes": "\(lost)"]) }
            if table[feed] == .stray {
                table.remove(feed)
                tell(.strayOver(number: feed))
            } else if let conclusion = table.drain(feed) {
                tell(.over(conclusion))
            }
        }
    }

    private func hear(_ event: KeeperEvent, _ tell: (RunEvent) -> Void) {
        switch event {
        case .hello, .slot, .held, .handoverDone, .signalFailed, .orphans, .pong, .lineage: break
        case .spawned(let slot, let pid, let at, let process):
            plans[slot] = nil
            guard let owner = table[slot] else { return }
            let pidfd = process.takeShared(0)
            tell(.began(owner, number: slot, pid: Int(pid), pidfd: pidfd, at: at.monotonic))
        case .spawnWarning(let slot, let place, let step, let code):
            guard let owner = table[slot] else { return }
            let plan = plans[slot] ?? Plan(operations: [])
            let failure = LaunchFailure(phase: .operation, operation: Int32(clamping: place), step: step, code: code)
            tell(.warned(owner, "\(LaunchProblem(failure, in: plan).message), left as it is"))
        case .spawnFailed(let slot, let failure):
            let plan = plans.removeValue(forKey: slot) ?? Plan(operations: [])
            let attempt: StartFailure.Attempt = if case .exec? = table[slot] { .exec } else { .container }
            failed(slot, StartFailure(failure, in: plan, of: attempt), tell)
        case .exited(let slot, let exit): ended(slot, exit.status, exit.at.monotonic, tell)
        case .replace: tell(.replace)
        case .ping(let token): ask { () throws(KeeperError) in try keeper.pong(token) }
        case .replaced(let replacement): tell(.replaced(ReplacementReport(replacement)))
        case .refused(let error, let kind):
            log.error("the keeper refused a frame", metadata: ["kind": "\(kind)", "error": "\(error.message)"])
        }
    }

    private func hearHandover(_ event: KeeperEvent) {
        switch event {
        case .hello(let pid, _, let slots):
            handover?.handed.keeper = Int(pid)
            handover?.handed.slots = slots
        case .slot(let slot):
            table.found(slot.slot)
            handover?.handed.runs.append(FoundRun(slot))
        case .held(let name, let descriptor):
            if let descriptor = descriptor.takeShared(0) { handover?.handed.held[name] = descriptor }
        case .handoverDone: handover?.done.succeed(())
        case .lineage(let number, _): handover?.handed.lineage = number
        case .ping(let token): ask { () throws(KeeperError) in try keeper.pong(token) }
        case .refused(.wrongVersion, kind: 1):
            handover?.done.fail(
                EngineError(
                    .failed,
                    "the running keeper is of another version than this engine: restart the service instead of reloading it"
                ))
        case .spawned, .spawnWarning, .spawnFailed, .exited, .signalFailed, .orphans, .pong, .replace, .refused,
            .replaced:
            handover?.news.append(event)
        }
    }

    private func ended(
        _ number: RunID, _ status: ExitStatus, _ at: MonotonicInstant, _ tell: (RunEvent) -> Void
    ) {
        let conclusion = table.end(number, .exited(status, at))
        if let owner = table[number] { tell(.ended(owner, number: number, status)) }
        pump?.send(.finish(feed: number, grace: Self.drainGrace))
        if let conclusion { tell(.over(conclusion)) }
    }

    private func failed(_ number: RunID, _ failure: StartFailure, _ tell: (RunEvent) -> Void) {
        _ = table.account(number, .unremarkable)
        let conclusion = table.end(number, .failed(failure))
        pump?.send(.finish(feed: number, grace: .zero))
        if let conclusion { tell(.over(conclusion)) }
    }

    private func ask(_ body: () throws(KeeperError) -> Void) {
        do { try body() } catch {
            log.error("the keeper did not take a message", metadata: ["error": "\(error.message)"])
        }
    }

    private static func borrow(_ descriptor: SharedDescriptor) -> BorrowedDescriptor {
        BorrowedDescriptor(rawValue: descriptor.rawValue)
    }

    /// The name under which the keeper holds a run's standard input.
    private static func inputName(_ number: RunID) -> String { "stdin/\(number)" }
}
