package import Model
package import NIOCore

/// Receiver of the input of attached clients. Every call comes on the engine's loop.
package protocol AttachedClientOwner: Sendable {
    /// Passes input on to the process of a run.
    func write(_ bytes: ByteBuffer, to feed: RunID, taken: EventLoopPromise<Void>)
    /// Handles the end of a client's input.
    func closedInput(_ client: AttachedClient, feed: RunID)
    /// Handles the detach keys of a client.
    func detachedByKeys(_ client: AttachedClient)
    /// Handles the departure of a client.
    func left(_ client: AttachedClient)
}

/// One client attached to a container or an exec. Confined to the engine's loop; `NIOLoopBoundBox` and `assumeIsolated` check
/// that.
package final class AttachedClient: AttachInput {
    /// Kinds of processes to attach to.
    package enum Target: Sendable {
        case container(ContainerID)
        case exec(String)
    }

    /// The mutable part; only the loop touches it.
    private struct State {
        var feed: RunID?
        var detachKeys: DetachKeys.Watch?
        /// Input that came before the process ran.
        var early: [(bytes: ByteBuffer, taken: EventLoopPromise<Void>)] = []
        var inputClosed = false
        var finished = false
    }

    /// The container or exec that it is attached to.
    package let target: Target
    /// The parts that it attaches to.
    package let options: AttachOptions
    /// Destination of its output.
    package let sink: any AttachSink
    private let state: NIOLoopBoundBox<State>
    private let owner: any AttachedClientOwner

    /// A client of a process that runs or will run.
    package init(
        owner: any AttachedClientOwner, loop: any EventLoop, target: Target, options: AttachOptions,
        sink: any AttachSink, detachKeys: DetachKeys?
    ) {
        self.owner = owner
        self.target = target
        self.options = options
        self.sink = sink
        self.state = NIOLoopBoundBox(State(detachKeys: detachKeys.map { DetachKeys.Watch($0) }), eventLoop: loop)
    }

    /// Whether it receives this stream.
    package func wants(_ stream: OutputStream) -> Bool {
        switch stream {
        case .stdout: options.stdout
        case .stderr: options.stderr
        }
    }

    package func write(_ bytes: ByteBuffer, taken: EventLoopPromise<Void>) {
        guard options.stdin, !state.value.inputClosed, !state.value.finished else {
            taken.succeed(())
            return
        }
        var bytes = bytes
        if var keys = state.value.detachKeys {
            let outcome = keys.pass(bytes.readableBytesView)
            state.value.detachKeys = keys
            if outcome.detached {
                taken.succeed(())
                owner.detachedByKeys(self)
                return
            }
            bytes = ByteBuffer(bytes: outcome.passed)
            if outcome.passed.isEmpty {
                taken.succeed(())
                return
            }
        }
        guard let feed = state.value.feed else {
            state.value.early.append((bytes, taken))
            return
        }
        owner.write(bytes, to: feed, taken: taken)
    }

    package func closeInput() {
        guard options.stdin, !state.value.inputClosed else { return }
        state.value.inputClosed = true
        if let feed = state.value.feed { owner.closedInput(self, feed: feed) }
    }

    package func detach() {
        guard !state.value.finished else { return }
        state.value.finished = true
        for entry in state.value.early { entry.taken.fail(ChannelError.ioOnClosedChannel) }
        state.value.early = []
        owner.left(self)
    }

    /// Sends the input that waited to the process, which runs now.
    package func began(feed: RunID) {
        state.value.feed = feed
        let early = state.value.early
        state.value.early = []
        for entry in early { owner.write(entry.bytes, to: feed, taken: entry.taken) }
        if state.value.inputClosed { owner.closedInput(self, feed: feed) }
    }

    /// Makes further input wait for the next process, as this one has ended.
    package func endRun() { state.value.feed = nil }

    /// Ends its output, and its input that waited.
    package func finish() {
        guard !state.value.finished else { return }
        state.value.finished = true
        for entry in state.value.early { entry.taken.succeed(()) }
        state.value.early = []
        sink.finish()
    }
}
