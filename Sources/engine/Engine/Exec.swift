internal import Model
internal import NIOCore
internal import Runs

/// A process run beside a container's first one.
final class Exec {
    let id: String
    var spec: ExecSpec
    var run: Run?
    var started = false
    var exitCode: Int?
    var client: AttachedClient?
    var startPromise: EventLoopPromise<Void>?
    /// Set when it is a check of the container's health.
    var probe: Probe?

    let created: MonotonicInstant
    /// What it counts for among what is held of all.
    let size: Int

    init(id: String, spec: ExecSpec, created: MonotonicInstant) {
        self.created = created
        self.size = Self.size(of: spec)
        self.id = id
        self.spec = spec
    }
}
