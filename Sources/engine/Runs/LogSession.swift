public import NIOCore
public import Supervision

/// A log that is being read. Pull until `nil`; dropping the session ends the reading.
public protocol LogSession: AnyObject, Sendable {
    /// The next rendered bytes; `nil` at the end. A session that follows waits for more.
    func next() async throws(EngineError) -> ByteBuffer?
}
