internal import NIOCore

extension EventLoopFuture where Value: Sendable {
    /// The value of the future, awaited on the caller's own executor. NIO's `get()` resumes on the global pool first;
    /// that would wake a thread that the daemon otherwise never needs.
    nonisolated(nonsending) func value() async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            whenComplete { continuation.resume(with: $0) }
        }
    }
}
