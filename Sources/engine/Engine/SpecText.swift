internal import Containers
internal import Model

extension ContainerSpec {
    /// Docker's name of a field that an image may fill and that holds a NUL character; `nil` when none does. A request's own
    /// texts are refused earlier, by `RequestFields`.
    var fieldWithNUL: String? {
        let texts: [(String, [String])] = [
            ("Entrypoint", process.entrypoint ?? []), ("Cmd", process.command ?? []), ("Env", process.environment),
            ("WorkingDir", [process.workingDirectory]), ("User", [process.user]), ("Shell", process.shell),
            ("Labels", labels.flatMap { [$0.key, $0.value] }), ("Healthcheck", healthcheck?.test ?? []),
            ("ExposedPorts", network.exposedPorts), ("Hostname", [hostname]), ("Volumes", imageVolumes),
        ]
        return texts.first { $0.1.contains { $0.utf8.contains(0) } }?.0
    }
}
