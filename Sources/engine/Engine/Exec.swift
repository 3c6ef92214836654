internal import Model
internal import NIOCore
internal import Runs

/// A process beside a container's first one.
final class Exec {
    let id: String
    var spec: ExecSpec
    var run: Run?
    var started = false
    var exitCode: Int?
    var client: AttachedClient?
    var startPromise: EventLoopPromise<Void>?
    /// The check of the container's health that it is; `nil` for a client's.
    var probe: Probe?

    let created: MonotonicInstant
    /// Its size in memory, in bytes, as it counts in the total of all.
    let size: Int

    init(id: String, spec: ExecSpec, created: MonotonicInstant) {
        self.created = created
        self.size = Self.size(of: spec)
        self.id = id
        self.spec = spec
    }
}
