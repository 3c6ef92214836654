internal import Model
internal import NIOCore

/// One client attached to a container or an exec. Confined to the engine's loop; the checks are made by `assumeIsolated`.
final class AttachedClient: AttachInput {
    /// What it is attached to.
    enum Target: Sendable {
        case container(ContainerID)
        case exec(String)
    }

    /// What changes; only the loop touches it.
    struct State {
        var feed: UInt64?
        var detachKeys: DetachKeys?
        /// Input that came before the process ran.
        var early: [(bytes: ByteBuffer, taken: EventLoopPromise<Void>)] = []
        var inputClosed = false
        var finished = false
    }

    let target: Target
    let options: AttachOptions
    let sink: any AttachSink
    let state: NIOLoopBoundBox<State>
    private let engine: Engine

    init(
        engine: Engine, target: Target, options: AttachOptions, sink: any AttachSink, detachKeys: DetachKeys?
    ) {
        self.engine = engine
        self.target = target
        self.options = options
        self.sink = sink
        self.state = NIOLoopBoundBox(State(detachKeys: detachKeys), eventLoop: engine.loop)
    }

    /// Whether it wants this stream.
    func wants(_ stream: OutputStream) -> Bool {
        switch stream {
        case .stdout: options.stdout
        case .stderr: options.stderr
        }
    }

    func write(_ bytes: ByteBuffer, taken: EventLoopPromise<Void>) {
        guard options.stdin, !state.value.inputClosed, !state.value.finished else {
            taken.succeed(())
            return
        }
        var bytes = bytes
        if var keys = state.value.detachKeys {
            let outcome = keys.consume(bytes.readableBytesView)
            state.value.detachKeys = keys
            if outcome.detached {
                taken.succeed(())
                engine.assumeIsolated { $0.detachByKeys(self) }
                return
            }
            bytes = ByteBuffer(bytes: outcome.forward)
            if outcome.forward.isEmpty {
                taken.succeed(())
                return
            }
        }
        guard let feed = state.value.feed else {
            state.value.early.append((bytes, taken))
            return
        }
        engine.assumeIsolated { $0.writeInput(feed: feed, bytes, taken) }
    }

    func closeInput() {
        guard options.stdin, !state.value.inputClosed else { return }
        state.value.inputClosed = true
        if let feed = state.value.feed { engine.assumeIsolated { $0.clientClosedInput(self, feed: feed) } }
    }

    func detach() {
        guard !state.value.finished else { return }
        state.value.finished = true
        for entry in state.value.early { entry.taken.fail(ChannelError.ioOnClosedChannel) }
        state.value.early = []
        engine.assumeIsolated { $0.forget(self) }
    }

    /// The process runs now: input that waited goes to it.
    func began(feed: UInt64) {
        state.value.feed = feed
        let early = state.value.early
        state.value.early = []
        engine.assumeIsolated { engine in
            for entry in early { engine.writeInput(feed: feed, entry.bytes, entry.taken) }
            if self.state.value.inputClosed { engine.clientClosedInput(self, feed: feed) }
        }
    }

    /// Its process has ended and another may follow: input waits for that one.
    func endRun() { state.value.feed = nil }

    /// No more output comes.
    func finish() {
        guard !state.value.finished else { return }
        state.value.finished = true
        for entry in state.value.early { entry.taken.succeed(()) }
        state.value.early = []
        sink.finish()
    }
}
