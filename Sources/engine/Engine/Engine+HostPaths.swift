internal import Containers
internal import Linux
internal import Model
internal import Supervision

// Paths of the host that users typed. Nothing on the loop touches one, as it may be on a mount that never answers.
extension Engine {
    /// Refuses a missing source of `--mount` at creation, as dockerd does; `-v` makes it at the start.
    func checkSources(of mounts: [MountSpec]) async throws(EngineError) {
        let needed = mounts.filter { !$0.createSource }.compactMap(\.source.hostPath)
        guard !needed.isEmpty else { return }
        let missing: String?
        do {
            missing = try await run(on: clients.lookups) { needed.first { !HostFile.exists($0) } }
        } catch let error as EngineError {
            throw error
        } catch {
            throw EngineError(.failed, error.sentence)
        }
        guard let missing else { return }
        throw EngineError(
            .badRequest, "invalid mount config for type \"bind\": bind source path does not exist: \(missing)")
    }
}
