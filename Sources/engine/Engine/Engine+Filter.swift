internal import Containers
internal import Isolation
internal import Model
internal import Supervision

// System call filters are made on a thread of their own. One may take seconds, for which neither the loop nor starts without a
// filter wait.
extension Engine {
    /// Continues with the system call filter of a specification's container, or of any further process in it; at once where it is
    /// known.
    func withFilter(
        _ spec: ContainerSpec,
        then: @escaping @Sendable (isolated Engine, Result<SystemCallFilter, any Error>) -> Void
    ) {
        let runtime: any IsolationRuntime
        do {
            runtime = try self.runtime(for: spec)
        } catch {
            return then(self, .failure(error))
        }
        if let known = runtime.knownFilter(of: spec) { return then(self, .success(known)) }
        offload(to: compiler, { try runtime.filter(of: spec) }, then: then)
    }

    /// Continues with the filter of a further process in a container.
    func withExecFilter(
        _ container: Container, _ prepared: PreparedContainer,
        then: @escaping @Sendable (isolated Engine, Result<SystemCallFilter, any Error>) -> Void
    ) {
        if let filter = prepared.filter { return then(self, .success(filter)) }
        withFilter(container.spec, then: then)
    }

    /// Refuses a profile that no container can be started with, and compiles a valid one in advance.
    func judgeFilter(of spec: ContainerSpec, by runtime: any IsolationRuntime) async throws(EngineError) {
        guard spec.security.options.contains(where: { $0.hasPrefix("seccomp") }) else { return }
        do {
            _ = try await run(on: compiler) { try runtime.filter(of: spec) }
        } catch let error as IsolationError {
            throw EngineError(.badRequest, error.message)
        } catch {
            throw EngineError(.failed, error.sentence)
        }
    }
}
