internal import Engine

/// The way in which a connection becomes a raw stream.
struct Hijack: Sendable {
    /// How output is written into the stream.
    let framing: StreamFraming
    /// Connects the stream. Runs before the head of the answer is sent, so that an error becomes an ordinary answer.
    let prepare: @Sendable (isolated Engine, HijackedConnection) async throws -> Void
    /// Starts what the stream shows. Runs after the head was sent; an error is shown in the stream, as dockerd does.
    let begin: (@Sendable (isolated Engine, HijackedConnection) async throws -> Void)?

    init(
        framing: StreamFraming,
        prepare: @escaping @Sendable (isolated Engine, HijackedConnection) async throws -> Void = { _, _ in },
        begin: (@Sendable (isolated Engine, HijackedConnection) async throws -> Void)? = nil
    ) {
        self.framing = framing
        self.prepare = prepare
        self.begin = begin
    }
}
