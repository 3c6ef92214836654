internal import Engine
internal import Linux
internal import NIOCore
internal import NIOPosix
internal import Supervision
internal import Synchronization

/// A pipe whose writing end belongs to the event loop. It feeds a request's body to blocking work elsewhere.
struct PipeSink: Sendable {
    private let channel: any Channel

    /// A sink and the reading end, which the caller owns.
    nonisolated(nonsending) static func open(on loop: any EventLoop) async throws -> (sink: PipeSink, reader: CInt) {
        let pipe = try StreamPair().release()
        let channel = try await NIOPipeBootstrap(group: loop).takingOwnershipOfDescriptor(output: pipe.writer).value()
        return (PipeSink(channel: channel), pipe.reader)
    }

    /// Feeds a body to the pipe until the body ends. When the reading end is closed the rest is dropped, so that the
    /// client can finish sending and read the answer. A body that is cut short is noted before the reader sees the pipe's end.
    nonisolated(nonsending) func feed(_ body: ByteStream, noting end: BodyEnd) async throws {
        var isWanted = true
        do {
            while let bytes = try await body.next() {
                guard isWanted else { continue }
                do { try await channel.writeAndFlush(bytes).value() } catch { isWanted = false }
            }
        } catch {
            end.isCut = true
            channel.close(promise: nil)
            throw error
        }
        channel.close(promise: nil)
    }
}

/// How a body ended that is fed to a pipe, whose reader sees an end either way.
final class BodyEnd: Sendable {
    private let cut = Atomic<Bool>(false)

    /// Whether the client went away before the body was whole.
    var isCut: Bool {
        get { cut.load(ordering: .acquiring) }
        set { cut.store(newValue, ordering: .releasing) }
    }
}

extension APIRequest {
    /// Runs work that reads the request's body from a descriptor, while the body is fed to it.
    func withBodyPipe<Result: Sendable>(
        on engine: isolated Engine,
        _ work: @escaping @Sendable (isolated Engine, SharedDescriptor, BodyEnd) async throws -> Result
    ) async throws -> Result {
        let end = BodyEnd()
        let (sink, reader) = try await PipeSink.open(on: engine.loop)
        let stream = self.stream
        let feeding = Task {
            _ = engine
            if let stream { try await sink.feed(stream, noting: end) }
        }
        let outcome = await Self.outcome(of: work, on: engine, reading: reader, end)
        // A transfer beyond the bound is refused at once, however much the client has still to send.
        if case .failure(let error as EngineError) = outcome, error.kind == .unavailable { throw error }
        try await feeding.value
        return try outcome.get()
    }

    /// The outcome of `work`. It is a function of its own, so that the reading end is let go before the rest of the
    /// body is awaited.
    private static func outcome<Result: Sendable>(
        of work: @Sendable (isolated Engine, SharedDescriptor, BodyEnd) async throws -> Result,
        on engine: isolated Engine, reading reader: CInt, _ end: BodyEnd
    ) async -> Swift.Result<Result, any Error> {
        let descriptor = SharedDescriptor(takingOwnershipOf: reader)
        do {
            return .success(try await work(engine, descriptor, end))
        } catch {
            return .failure(error)
        }
    }
}

extension Engine {
    /// An answer whose body is what `work` writes to a descriptor. An error of `work` before its first byte is the
    /// answer; a later one cuts the connection.
    func streamed(
        _ contentType: String, _ work: @escaping @Sendable (isolated Engine, SharedDescriptor) async throws -> Void
    ) async throws -> StreamedBody {
        let (source, writer) = try await PipeSource.open(on: loop)
        let working = Task { try await work(self, SharedDescriptor(takingOwnershipOf: writer)) }
        guard let first = try await source.next() else {
            try await working.value
            return StreamedBody(contentType: contentType) { _, _ in }
        }
        return StreamedBody(contentType: contentType, isPaced: true) { _, stream in
            defer { source.close() }
            try await stream.write(first)
            while let bytes = try await source.next() { try await stream.write(bytes) }
            try await working.value
        }
    }
}
