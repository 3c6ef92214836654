package import APIClient
import Flags
import JSONFormat
import Linux
import Model

/// The loop that moves bytes and signals between this process and a container, until the container has ended and all
/// its output was shown.
///
/// One poll(2) waits for the engine's stream, the engine's answer to `wait`, standard input, the outputs and the
/// signals.
package struct StreamLoop {
    /// How the loop ended.
    package enum End: Hashable {
        /// The container ended with this code, or the stream of an exec ended (code `nil`).
        case ended(code: Int32?)
        /// The detach keys were typed.
        case detached
        /// The engine went away before it reported the exit code.
        case engineGone
    }

    /// The effect of signals to this process.
    package enum Signals {
        /// Signals are sent on to the container.
        case forwarded
        /// Signals that end a process end this one; the container goes on.
        case endClient
    }

    /// The path for signals and window sizes: `/containers/ID` or `/exec/ID`.
    let target: String
    let client: EngineClient
    let isTerminal: Bool
    let signals: SignalQueue
    let signalEffect: Signals
    let terminal: RawTerminal?

    var source: ByteSource
    /// The answer to `wait`; `nil` for an exec, which ends with its stream.
    var waiting: Response?
    var input: InputPump?
    /// Signals still to be delivered, in the order of their arrival.
    var undelivered: [Signal] = []
    /// The link to the init system's unit to which this run belongs; `nil` outside a unit.
    var link: UnitLink?
    /// The init system that started this process. It knows a shutdown of the machine from a user's stop.
    var supervisor: SupervisingInit?
    /// The container's own stop signal; `nil` for the standard one.
    var stopSignal: Signal?
    /// Whether the loop goes on across restarts of the container.
    var untilFinal = false
    /// The wall-clock time of the last output. The log is requested from there after the engine came back.
    var lastReceived = WallTime.now

    /// The container's `StartedAt` in this run. It is queried at the first quiet moment, so that short runs do not pay
    /// for it.
    var startedAt: String?

    private var frames = FrameDecoder()
    private var output = OutputQueue(.standard)
    private var error = OutputQueue(.error)
    private var sourceEnded = false
    private var waitBody: [UInt8] = []
    private var exitCode: Int32?
    private var resizeTries: Int

    /// A loop that has not begun.
    package init(
        target: String, client: EngineClient, isTerminal: Bool, signals: SignalQueue, signalEffect: Signals,
        terminal: RawTerminal?, source: ByteSource, waiting: Response?, input: InputPump?
    ) {
        self.target = target
        self.client = client
        self.isTerminal = isTerminal
        self.signals = signals
        self.signalEffect = signalEffect
        self.terminal = terminal
        self.source = source
        self.waiting = waiting
        self.input = input
        self.resizeTries = isTerminal ? StreamLoop.resizeLimit : 0
    }

    /// How often the first window size is sent at most: the container's terminal may not exist yet.
    static let resizeLimit = 10

    /// Runs to the end. Throws for unreadable answers of the engine and for failed system calls.
    mutating func run() throws -> End {
        while true {
            try deliver()
            if let end = try finished() { return end }
            sendSize()
            try step()
        }
    }

    private mutating func finished() throws -> End? {
        let shown = output.isEmpty && error.isEmpty
        guard shown else { return nil }
        if sourceEnded, exitCode != nil || waiting == nil { return .ended(code: exitCode) }
        // The log of one run has ended, and another run may come.
        if sourceEnded, untilFinal, case .followed = source { return .engineGone }
        return nil
    }

    private mutating func step() throws {
        var polled = PollSet()
        let signalSlot = polled.add(signals.descriptor, .read)
        let wantsSource = !sourceEnded && !output.isFull && !error.isFull
        let sends = input?.wantsToSend == true && !sourceEnded
        let sourceSlot = polled.add(
            wantsSource || sends ? source.descriptor : -1,
            (wantsSource ? PollSet.Events.read : []).union(sends ? .write : []))
        let waitSlot = polled.add(exitCode == nil ? waiting?.descriptor ?? -1 : -1, .read)
        let inputSlot = polled.add(input?.wantsInput == true && !sourceEnded ? 0 : -1, .read)
        let outputSlot = polled.add(output.isEmpty ? -1 : output.output.rawValue, .write)
        let errorSlot = polled.add(error.isEmpty ? -1 : error.output.rawValue, .write)
        let pending = wantsSource && source.hasPending || exitCode == nil && waiting?.hasPending == true
        let learns = startedAt == nil && waiting != nil
        _ = link?.add(to: &polled)
        let due = link?.milliseconds ?? -1
        let own: Int32 = pending ? 0 : resizeTries > 0 ? 10 : learns ? StreamLoop.quiet : -1
        polled.wait(milliseconds: due < 0 ? own : own < 0 ? due : min(own, due))
        if learns, !polled.isAnyReady, !pending { try learnStart() }

        if polled.isReady(outputSlot) { output.flush() }
        if polled.isReady(errorSlot) { error.flush() }
        try link?.take()
        if polled.isReady(signalSlot) { try takeSignals() }
        let streamIsReady = polled.isReady(sourceSlot)
        let inputIsReady = polled.isReady(inputSlot)
        let exitIsReady = polled.isReady(waitSlot)
        if wantsSource, streamIsReady || pending { try takeOutput() }
        if inputIsReady || (sends && streamIsReady) { try takeInput(inputIsReady) }
        if exitCode == nil, exitIsReady || pending { try takeExit() }
    }

    private mutating func takeOutput() throws {
        switch try receiveOutput() {
        case .bytes(let bytes):
            lastReceived = .now
            try show(bytes)
            output.flush()
            error.flush()
        case .nothingYet: return
        case .end: sourceEnded = true
        }
    }

    /// Receives output; a stream cut short counts as ended. The answer to `wait` shows whether the engine is gone.
    private func receiveOutput() throws(ClientError) -> Response.Received {
        do {
            return try source.receive()
        } catch {
            if error.engineIsGone { return .end }
            throw error
        }
    }

    private mutating func show(_ bytes: [UInt8]) throws(ClientError) {
        guard !isTerminal else {
            output.append(bytes)
            return
        }
        for piece in try frames.decode(bytes) {
            switch piece.origin {
            case .process(.stdout): output.append(piece.bytes)
            case .process(.stderr), .engine: error.append(piece.bytes)
            }
        }
    }

    private mutating func takeInput(_ ready: Bool) throws {
        guard var pump = input, case .hijacked(let stream) = source else { return }
        if ready, pump.read() { throw Detached() }
        try pump.send(to: stream)
        input = pump
    }

    private mutating func takeExit() throws {
        guard let waiting else { return }
        switch try waiting.receive(wait: false) {
        case .bytes(let bytes): waitBody += bytes
        case .nothingYet: return
        case .end:
            guard !waitBody.isEmpty else { throw ClientError.disconnected(request: "wait") }
            let answer = try JSON(answer: waitBody)
            if let message = answer["Error"]?["Message"]?.string, !message.isEmpty {
                throw ExitFailure("Error waiting for container: \(message)", code: 125)
            }
            exitCode = Int32(truncatingIfNeeded: answer["StatusCode"]?.integer ?? 0)
        }
    }

    private mutating func takeSignals() throws {
        while let signal = signals.next() {
            if signal == .windowChange, isTerminal {
                resizeTries = 1
            } else {
                switch signalEffect {
                case .forwarded:
                    undelivered.append(signal)
                    try deliver()
                case .endClient:
                    guard signal.endsClient else { continue }
                    terminal?.restore()
                    SignalQueue.end(by: signal)
                }
            }
        }
    }

    /// Sends signals on. A signal that the engine refuses is dropped, as Docker's client does: the container has just
    /// ended. While the engine is away, signals are kept.
    private mutating func deliver() throws {
        guard link?.holdsSignals != true else { return }
        while let signal = undelivered.first {
            do {
                if try link?.stop(by: signal) != true, try !endedByInit(signal) {
                    try client.perform(Request(.post, target + "/kill", query: [("signal", signal.name)]))
                }
            } catch  where error.engineIsGone {
                throw error
            } catch {}
            undelivered.removeFirst()
        }
    }

    /// Ends the container for a signal that looks like a user's stop but has a reason of the init system's own. Returns
    /// false when there is none, or the engine refuses.
    private func endedByInit(_ signal: Signal) throws(ClientError) -> Bool {
        guard let supervisor, target.hasPrefix("/containers/"),
            [.terminate, .interrupt, .quit].contains(signal) || signal == stopSignal, let cause = supervisor.endCause
        else { return false }
        do {
            try client.perform(Request(.post, "/sereno\(target)/\(cause.rawValue)"))
            return true
        } catch {
            if error.engineIsGone { throw error }
            // Another engine lacks this request.
            return false
        }
    }

    private mutating func sendSize() {
        guard resizeTries > 0 else { return }
        resizeTries -= 1
        guard let size = WindowSize.current() else {
            resizeTries = 0
            return
        }
        let query = [(name: "h", value: String(size.rows)), (name: "w", value: String(size.columns))]
        if (try? client.perform(Request(.post, target + "/resize", query: query))) != nil { resizeTries = 0 }
    }

    /// Milliseconds without an event after which a moment is quiet.
    private static let quiet: Int32 = 50

    /// Queries the start of this run. Before its process runs, a container reports the start of the run before; an
    /// engine that is going reports none. The query is then repeated.
    private mutating func learnStart() throws {
        guard let state = try? client.json(Request(.get, target + "/json"))["State"],
            state["Running"]?.bool == true, state["Restarting"]?.bool != true
        else { return }
        startedAt = state["StartedAt"]?.string
    }

    /// Continues with new streams after the engine came back.
    package mutating func `continue`(with source: ByteSource, waiting: Response?) {
        self.source = source
        self.waiting = waiting
        frames = FrameDecoder()
        sourceEnded = false
        waitBody = []
        exitCode = nil
        if isTerminal { resizeTries = StreamLoop.resizeLimit }
        if case .hijacked(let stream) = source { input?.reattach(to: stream) }
    }

    /// Waits while the engine is away. Signals that arrive meanwhile are kept for the container or end this process.
    package mutating func pause(milliseconds: Int32) {
        let end = MonotonicInstant.now.advanced(by: .milliseconds(Int64(milliseconds)))
        while true {
            let left = end.since(.now).millisecondsUp
            guard left > 0 else { return }
            var polled = PollSet()
            _ = polled.add(signals.descriptor, .read)
            polled.wait(milliseconds: Int32(left))
            while let signal = signals.next() { keep(signal) }
        }
    }

    private mutating func keep(_ signal: Signal) {
        switch signalEffect {
        case .forwarded:
            if signal != .windowChange || !isTerminal, undelivered.count < StreamLoop.keptSignals {
                undelivered.append(signal)
            }
        case .endClient:
            guard signal.endsClient else { return }
            terminal?.restore()
            SignalQueue.end(by: signal)
        }
    }

    /// The most signals that are kept while the engine is away.
    private static let keptSignals = 256

    /// Shows the received output that was not shown yet.
    mutating func drain() {
        while !output.isEmpty || !error.isEmpty {
            var polled = PollSet()
            _ = polled.add(output.isEmpty ? -1 : output.output.rawValue, .write)
            _ = polled.add(error.isEmpty ? -1 : error.output.rawValue, .write)
            polled.wait(milliseconds: -1)
            output.flush()
            error.flush()
        }
    }

    /// The error of a step in which the detach keys were typed.
    package struct Detached: ReadableError {
        package var message: String { "the detach keys were typed" }
    }
}

extension StreamLoop {
    /// Runs like ``run()``, but returns detaching and the loss of the engine as ends, not as errors.
    package mutating func runToEnd() throws -> End {
        do {
            return try run()
        } catch is Detached {
            drain()
            return .detached
        } catch let failure as ClientError where failure.engineIsGone {
            while case .bytes? = try? source.receive() {}
            drain()
            return .engineGone
        }
    }
}
