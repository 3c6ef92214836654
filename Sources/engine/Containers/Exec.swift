package import Model
package import NIOCore
package import Runs

/// A process beside a container's first one.
package final class Exec {
    package let id: String
    package var spec: ExecSpec
    package var run: Run?
    package var started = false
    package var exitCode: Int?
    package var client: AttachedClient?
    package var startPromise: EventLoopPromise<Void>?
    /// The check of the container's health that it is; `nil` for a client's.
    package var probe: Probe?

    package let created: MonotonicInstant
    /// Its size in memory, in bytes, as it counts in the total of all.
    package let size: Int

    package init(id: String, spec: ExecSpec, created: MonotonicInstant) {
        self.created = created
        self.size = Self.size(of: spec)
        self.id = id
        self.spec = spec
    }
}

extension Exec {
    /// Whether its process has ended.
    package var hasEnded: Bool { exitCode != nil }

    /// Approximate size of an exec in memory, in bytes.
    package static func size(of spec: ExecSpec) -> Int {
        (spec.arguments + spec.environment + [spec.workingDirectory, spec.user, spec.detachKeys])
            .reduce(256) { $0 + $1.utf8.count + 16 }
    }
}
