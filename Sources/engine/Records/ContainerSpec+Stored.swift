package import Model

// The specification of a container. An unknown field is refused, since its writer meant the container to run with it. A new field
// of the model is one line: `StoredField("key", \.field)` for an optional, `.added("key", \.field)` for one with a default.

extension ContainerSpec: StoredSpecification {
    package static let fields: [StoredField<Self>] = [
        StoredField("image", \.image),
        StoredField("imageID", \.imageID),
        StoredField("process", \.process),
        StoredField("hostname", \.hostname),
        StoredField("domainname", \.domainname),
        StoredField("labels", \.labels),
        StoredField("annotations", \.annotations),
        StoredField("stopSignal", \.stopSignal),
        StoredField("stopTimeout", \.stopTimeout),
        StoredField("healthcheck", \.healthcheck),
        StoredField("restart", \.restart),
        StoredField("autoRemove", \.autoRemove),
        StoredField("logging", \.logging),
        StoredField("mounts", \.mounts),
        StoredField("network", \.network),
        StoredField("namespaces", \.namespaces),
        StoredField("security", \.security),
        StoredField("resources", \.resources),
        StoredField("runtime", \.runtime),
        StoredField("initProcess", \.initProcess),
        StoredField("containerIDFile", \.containerIDFile),
        .added("stopSignalText", \.stopSignalText),
        .added("words", \.words),
        .added("imageVolumes", \.imageVolumes),
    ]
}

extension ProcessSpec: StoredSpecification {
    package static let fields: [StoredField<Self>] = [
        StoredField("entrypoint", \.entrypoint),
        StoredField("command", \.command),
        StoredField("environment", \.environment),
        StoredField("workingDirectory", \.workingDirectory),
        StoredField("user", \.user),
        StoredField("additionalGroups", \.additionalGroups),
        StoredField("terminal", \.terminal),
        StoredField("openStdin", \.openStdin),
        StoredField("stdinOnce", \.stdinOnce),
        StoredField("attachStdin", \.attachStdin),
        StoredField("attachStdout", \.attachStdout),
        StoredField("attachStderr", \.attachStderr),
        StoredField("consoleHeight", \.consoleHeight),
        StoredField("consoleWidth", \.consoleWidth),
        StoredField("shell", \.shell),
    ]
}

extension HealthcheckSpec: StoredSpecification {
    package static let fields: [StoredField<Self>] = [
        StoredField("test", \.test),
        StoredField("interval", \.interval),
        StoredField("timeout", \.timeout),
        StoredField("startPeriod", \.startPeriod),
        StoredField("startInterval", \.startInterval),
        StoredField("retries", \.retries),
    ]
}

extension LogSpec: StoredSpecification {
    package static let fields: [StoredField<Self>] = [
        StoredField("driver", \.stored),
        StoredField("options", \.options),
    ]
}

extension RestartPolicy: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        try self.init(
            name: try keys.read("name"), maximumRetryCount: try keys.readIfPresent("count") ?? 0)
        try keys.refuse(otherThan: ["name", "count"])
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("name", name)
        try keys.put("count", maximumRetryCount)
    }
}

extension RuntimeName: Stored {
    package init(stored decoder: any Decoder) throws {
        self = try decoder.single { (text: String) in RuntimeName(text) }
    }

    package func store(in encoder: any Encoder) throws { try encoder.single(text) }
}

extension LogSpec {
    /// A driver as it is stored; none is an empty text.
    struct StoredDriver: Stored {
        var driver: LogDriver?

        init(_ driver: LogDriver?) { self.driver = driver }

        init(stored decoder: any Decoder) throws {
            let text = try decoder.singleValueContainer().decode(String.self)
            driver = text.isEmpty ? nil : try LogDriver(stored: decoder)
        }

        func store(in encoder: any Encoder) throws { try encoder.single(driver?.storedName ?? "") }
    }

    fileprivate var stored: StoredDriver {
        get { StoredDriver(driver) }
        set { driver = newValue.driver }
    }
}

extension LogDriver: StoredName {
    package var storedName: String { rawValue }
}
