internal import Model
internal import NIOCore

/// Bytes of a request or a pipe as they come. About `bound` bytes wait in memory at most: the sender is not read while
/// more wait. Belongs to the connection's event loop.
final class ByteStream: Sendable {
    /// Bytes that may wait before reading stops.
    static let bound = 256 * 1024

    /// The error of a sender that went away before all was sent.
    struct Truncated: ReadableError {
        var message: String { "the request's body ended before its end" }
    }

    private struct State {
        var waiting: [ByteBuffer] = []
        var waitingBytes = 0
        var end: Result<Void, Truncated>?
        var consumer: EventLoopPromise<ByteBuffer?>?
        var resumeReading: (() -> Void)?
    }

    private let state: NIOLoopBoundBox<State>
    private let loop: any EventLoop
    private let account: ConnectionAccount?

    init(loop: any EventLoop, account: ConnectionAccount? = nil) {
        self.loop = loop
        self.account = account
        state = NIOLoopBoundBox(State(), eventLoop: loop)
    }

    /// Whether so many bytes wait that the connection should not be read.
    var isFull: Bool { state.value.waitingBytes >= Self.bound }

    /// Sets what is done when the consumer has caught up.
    func onResume(_ resume: @escaping () -> Void) { state.value.resumeReading = resume }

    /// Takes bytes that came from the connection.
    func receive(_ bytes: ByteBuffer) {
        guard state.value.end == nil else { return }
        if let consumer = state.value.consumer {
            state.value.consumer = nil
            consumer.succeed(bytes)
        } else {
            state.value.waiting.append(bytes)
            state.value.waitingBytes += bytes.readableBytes
            account?.add(bytes.readableBytes)
        }
    }

    /// Ends the stream: the body is complete, or never will be.
    func finish(_ result: Result<Void, Truncated>) {
        guard state.value.end == nil else { return }
        state.value.end = result
        if let consumer = state.value.consumer {
            state.value.consumer = nil
            consumer.completeWith(Self.endOfBody(result))
        }
    }

    /// Ends the stream and lets go of what waits, as nobody will ask for it.
    func abandon() {
        finish(.failure(.init()))
        account?.remove(state.value.waitingBytes)
        state.value.waiting = []
        state.value.waitingBytes = 0
        state.value.resumeReading = nil
    }

    /// The next bytes, `nil` at the end; one consumer at a time.
    nonisolated(nonsending) func next() async throws -> ByteBuffer? {
        try await nextFuture().value()
    }

    private func nextFuture() -> EventLoopFuture<ByteBuffer?> {
        guard loop.inEventLoop else { return loop.flatSubmit { self.nextFuture() } }
        let promise = loop.makePromise(of: ByteBuffer?.self)
        if !state.value.waiting.isEmpty {
            let bytes = state.value.waiting.removeFirst()
            state.value.waitingBytes -= bytes.readableBytes
            account?.remove(bytes.readableBytes)
            promise.succeed(bytes)
            if !isFull { state.value.resumeReading?() }
        } else if let end = state.value.end {
            promise.completeWith(Self.endOfBody(end))
        } else {
            state.value.consumer = promise
            state.value.resumeReading?()
        }
        return promise.futureResult
    }

    private static func endOfBody(_ result: Result<Void, Truncated>) -> Result<ByteBuffer?, any Error> {
        result.map { nil }.mapError { $0 }
    }
}
