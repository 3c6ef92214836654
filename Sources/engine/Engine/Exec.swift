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

    init(id: String, spec: ExecSpec) {
        self.id = id
        self.spec = spec
    }
}
