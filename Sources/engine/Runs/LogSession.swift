public import NIOCore
public import Supervision

/// A log being read: pull until `nil`. Dropping it ends the reading.
public protocol LogSession: AnyObject, Sendable {
    /// The next bytes, already rendered; `nil` at the end. While following it waits for more.
    func next() async throws(EngineError) -> ByteBuffer?
}
