package import Model

// Privileges and limits of a container.

extension SecuritySpec: StoredSpecification {
    package static let fields: [StoredField<Self>] = [
        StoredField("privileged", \.privileged),
        StoredField("capAdd", \.capAdd),
        StoredField("capDrop", \.capDrop),
        StoredField("options", \.options),
        StoredField("readonlyRootfs", \.readonlyRootfs),
        StoredField("maskedPaths", \.maskedPaths),
        StoredField("readonlyPaths", \.readonlyPaths),
        StoredField("sysctls", \.sysctls),
        StoredField("oomScoreAdjust", \.oomScoreAdjust),
    ]
}

extension ResourceSpec: StoredSpecification {
    package static let fields: [StoredField<Self>] = [
        StoredField("memory", \.memory),
        StoredField("memoryReservation", \.memoryReservation),
        StoredField("memorySwap", \.memorySwap),
        StoredField("memorySwappiness", \.memorySwappiness),
        StoredField("oomKillDisable", \.oomKillDisable),
        StoredField("nanoCPUs", \.nanoCPUs),
        StoredField("cpuShares", \.cpuShares),
        StoredField("cpuPeriod", \.cpuPeriod),
        StoredField("cpuQuota", \.cpuQuota),
        StoredField("cpusetCPUs", \.cpusetCPUs),
        StoredField("cpusetMems", \.cpusetMems),
        StoredField("blkioWeight", \.blkioWeight),
        StoredField("pidsLimit", \.pidsLimit),
        StoredField("ulimits", \.ulimits),
        StoredField("devices", \.devices),
        StoredField("deviceCgroupRules", \.deviceCgroupRules),
        StoredField("cgroupParent", \.cgroupParent),
        StoredField("shmSize", \.shmSize),
    ]
}

extension Ulimit: StoredSpecification {
    package static let fields: [StoredField<Self>] = [
        StoredField("name", \.name),
        StoredField("soft", \.soft),
        StoredField("hard", \.hard),
    ]
}

extension DeviceSpec: StoredSpecification {
    package static let fields: [StoredField<Self>] = [
        StoredField("pathOnHost", \.pathOnHost),
        StoredField("pathInContainer", \.pathInContainer),
        StoredField("permissions", \.permissions),
    ]
}
