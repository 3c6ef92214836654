package import Images
package import Model

extension ContainerSpec {
    /// The specification, completed from the image where the request was silent, by Docker's rules (moby, daemon/commit.go
    /// `merge`): environment and labels by key, ports by name, the command only when no entrypoint was requested.
    package func merged(with image: ImageConfig) -> ContainerSpec {
        var spec = self
        if spec.process.user.isEmpty { spec.process.user = image.user ?? "" }
        let asked = Set(spec.process.environment.map(Self.key))
        let inherited = (image.environment ?? []).filter { !asked.contains(Self.key($0)) }
        spec.process.environment = inherited + spec.process.environment
        for (name, value) in image.labels ?? [:] where spec.labels[name] == nil { spec.labels[name] = value }
        if spec.process.entrypoint?.isEmpty ?? true {
            if spec.process.command?.isEmpty ?? true { spec.process.command = image.command }
            if spec.process.entrypoint == nil { spec.process.entrypoint = image.entrypoint }
        }
        // `--entrypoint ""` requests none, and drops the image's too.
        if spec.process.entrypoint == [""] { spec.process.entrypoint = nil }
        if spec.process.workingDirectory.isEmpty { spec.process.workingDirectory = image.workingDirectory ?? "" }
        for port in (image.exposedPorts ?? [:]).keys.sorted() where !spec.network.exposedPorts.contains(port) {
            spec.network.exposedPorts.append(port)
        }
        if spec.stopSignal == nil, let text = image.stopSignal, let signal = Signal(parsing: text) {
            spec.spell(stopSignal: signal, text)
        }
        if spec.stopTimeout == nil { spec.stopTimeout = image.stopTimeout }
        if let inherited = image.healthcheck?.spec {
            spec.healthcheck = spec.healthcheck?.filled(from: inherited) ?? inherited
        }
        // bounded: by the image's configuration.
        spec.imageVolumes = (image.volumes ?? [:]).keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        if spec.process.shell.isEmpty { spec.process.shell = image.shell ?? [] }
        return spec
    }

    private static func key(_ pair: String) -> [UInt8] { Array(EnvironmentVariables.name(of: pair)) }
}

extension HealthcheckSpec {
    /// The health check, completed from the image where the request was silent.
    fileprivate func filled(from image: HealthcheckSpec) -> HealthcheckSpec {
        var spec = self
        if spec.test.isEmpty { spec.test = image.test }
        if spec.interval == 0 { spec.interval = image.interval }
        if spec.timeout == 0 { spec.timeout = image.timeout }
        if spec.startPeriod == 0 { spec.startPeriod = image.startPeriod }
        if spec.startInterval == 0 { spec.startInterval = image.startInterval }
        if spec.retries == 0 { spec.retries = image.retries }
        return spec
    }
}
