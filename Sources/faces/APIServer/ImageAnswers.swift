internal import DockerAPI
internal import Images
import JSONFormat
internal import Model

extension ImageSummary {
    /// One element of the answer to `GET /images/json`, or to `GET /system/df`, which counts the image's `containers`: −1 where
    /// they were not counted.
    func json(containers: Int, version: APIVersion) -> JSON {
        let isNameless = references.isEmpty && version <= .namelessImages
        let hasDigests = containers < 0 && version > .namelessImages
        var answer: JSONObject = [
            "Containers": .integer(Int64(containers)), "Created": .integer(created.seconds),
            "Id": .string(id.description), "Labels": .labels(labels), "ParentId": "",
            "RepoDigests": isNameless ? ["<none>@<none>"] : hasDigests ? [] : nil,
            "RepoTags": isNameless ? ["<none>:<none>"] : .texts(references), "SharedSize": containers < 0 ? -1 : 0,
            "Size": .integer(size),
        ]
        if version <= .virtualSize { answer.append("VirtualSize", .integer(size)) }
        return .object(answer)
    }
}

extension ImageDetails {
    /// The answer to `GET /images/{name}/json`. `ContainerConfig` is there in every version: older clients stop without it (compose
    /// 1.29 on `KeyError`), and newer ones pass over it.
    func json(_ version: APIVersion) -> JSON {
        var answer: JSONObject = [
            "Id": .string(id.description), "RepoTags": .texts(references), "RepoDigests": [], "Parent": "",
            "Comment": .string(comment), "Created": .string(created), "DockerVersion": .string(dockerVersion),
            "Author": .string(author), "Config": config.json, "Architecture": .string(architecture),
            "ContainerConfig": ImageConfig().json,
        ]
        if !variant.isEmpty { answer.append("Variant", .string(variant)) }
        let tagged = lastTagged?.rfc3339Nano ?? "0001-01-01T00:00:00Z"
        let rest: [(String, JSON)] = [
            ("Os", .string(os)), ("Size", .integer(size)),
            ("GraphDriver", ["Data": graphData, "Name": "overlay2"]),
            ("RootFS", ["Type": "layers", "Layers": .texts(layers.map(\.description))]),
            ("Metadata", ["LastTagTime": .string(tagged)]),
        ]
        for (name, value) in rest { answer.append(name, value) }
        if version <= .virtualSize { answer.append("VirtualSize", .integer(size)) }
        return .object(answer)
    }

    /// The directories of the layers. As with Docker nothing is mounted at `MergedDir` while no container uses it.
    private var graphData: JSON {
        guard let top = layerPaths.first else { return [:] }
        var data: JSONObject = [:]
        if layerPaths.count > 1 {
            data.append("LowerDir", .string(layerPaths.dropFirst().joined(separator: ":")))
        }
        data.append("UpperDir", .string(top))
        if !layerDirectory.isEmpty {
            data.append("MergedDir", .string(layerDirectory + "/merged"))
            data.append("WorkDir", .string(layerDirectory + "/work"))
        }
        return .object(data)
    }
}

extension ImageHistoryEntry {
    /// One element of the answer to `GET /images/{name}/history`.
    var json: JSON {
        [
            "Comment": .string(comment), "Created": .integer(created.seconds),
            "CreatedBy": .string(createdBy), "Id": .string(id), "Size": .integer(size),
            "Tags": references.isEmpty ? nil : .texts(references),
        ]
    }
}

extension RemovedImage {
    /// One element of the answer to `DELETE /images/{name}`.
    var json: JSON {
        switch self {
        case .untagged(let name, _): ["Untagged": .string(name)]
        case .deleted(let id): ["Deleted": .string(id.description)]
        case .deletedLayer(let chain): ["Deleted": .string(chain)]
        }
    }
}

extension ImageConfig {
    /// The image's `Config` in Docker's form.
    var json: JSON {
        var answer: JSONObject = [
            "Hostname": .string(hostname ?? ""), "Domainname": .string(domainname ?? ""), "User": .string(user ?? ""),
            "AttachStdin": false, "AttachStdout": false, "AttachStderr": false,
        ]
        if let exposedPorts, !exposedPorts.isEmpty { answer.append("ExposedPorts", .set(exposedPorts.keys)) }
        let members: [(String, JSON)] = [
            ("Tty", false), ("OpenStdin", false), ("StdinOnce", false), ("Env", .textsOrNull(environment)),
            ("Cmd", .textsOrNull(command)), ("Image", ""),
            ("Volumes", volumes.map { .set($0.keys) } ?? nil), ("WorkingDir", .string(workingDirectory ?? "")),
            ("Entrypoint", .textsOrNull(entrypoint)), ("OnBuild", .textsOrNull(onBuild)),
            ("Labels", .labels(labels ?? [:])),
        ]
        for (name, value) in members { answer.append(name, value) }
        if let healthcheck { answer.append("Healthcheck", healthcheck.spec.json) }
        if argsEscaped == true { answer.append("ArgsEscaped", true) }
        if let stopSignal, !stopSignal.isEmpty { answer.append("StopSignal", .string(stopSignal)) }
        if let stopTimeout { answer.append("StopTimeout", .integer(Int64(stopTimeout))) }
        if let shell, !shell.isEmpty { answer.append("Shell", .texts(shell)) }
        return .object(answer)
    }
}

extension JSON {
    /// An array of texts.
    static func texts(_ values: [String]) -> JSON { .array(values.map { .string($0) }) }

    /// An array of texts; `null` when absent.
    static func textsOrNull(_ values: [String]?) -> JSON { values.map { texts($0) } ?? nil }

    /// Labels in the order of their names; `null` when there are none.
    static func labels(_ labels: TextMap) -> JSON {
        if labels.isEmpty { return nil }
        return .object(JSONObject(labels.map { ($0.key, .string($0.value)) }))
    }

    /// A Go set: names with empty objects.
    static func set(_ names: some Sequence<String>) -> JSON { .object(JSONObject(names.sorted().map { ($0, [:]) })) }
}
