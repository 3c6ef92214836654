import APIClient
import Flags
import Model

/// The value of `--restart-owner`, the owner of a container's restarts: `sereno`, or `systemd:web.service` and the
/// like.
struct RestartOwnerOption: Hashable {
    /// The unit that makes the restarts; `nil` is sereno.
    var unit: InitUnit?

    init(unit: InitUnit?) { self.unit = unit }

    init(parsing text: String) throws(ExitFailure) {
        if text == "sereno" { return }
        let parts = text.split(byte: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2, let system = InitSystem(rawValue: parts[0]) else {
            throw ExitFailure(
                "invalid argument \"\(text)\" for \"--restart-owner\" flag: use sereno, systemd:UNIT, upstart:JOB or supervisord:PROGRAM",
                code: 125)
        }
        unit = InitUnit(system: system, name: parts[1])
    }

    /// Records the owner with the engine.
    func perform(_ container: String, _ client: EngineClient) throws(ClientError) {
        let query = [
            (name: "system", value: unit?.system.rawValue ?? "sereno"), (name: "unit", value: unit?.name ?? ""),
        ]
        try client.perform(Request(.post, "/sereno/containers/\(Request.segment(container))/owner", query: query))
    }
}
