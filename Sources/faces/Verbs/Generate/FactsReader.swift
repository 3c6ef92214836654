import APIClient
import Flags
import Generator
import JSONFormat
import Model

/// A reader of the generator's facts, from the answers of any engine with the Engine API.
struct FactsReader {
    let client: EngineClient

    /// The facts of the containers that matter for some names: these, the others of their compose projects, and those
    /// whose namespaces and volumes they share. With nil, those of every container.
    func facts(for names: [String]?) throws -> [ContainerFacts] {
        let list = try client.json(Request(.get, "/containers/json", query: [("all", "1")])).elements
        guard let names else { return try inspect(list.compactMap { $0["Id"]?.string }, list) }
        var facts: [String: ContainerFacts] = [:]
        var projects: Set<String> = []
        var asked: Set<String> = []
        var pending = names
        while !pending.isEmpty {
            let found = try inspect(pending.filter { facts[$0] == nil && asked.insert($0).inserted }, list)
            pending = []
            for container in found where facts.updateValue(container, forKey: container.id) == nil {
                pending += container.sharesNamespacesOf + container.takesVolumesFrom
                guard let project = container.labels[ComposeLabels.project], projects.insert(project).inserted else {
                    continue
                }
                pending += list.filter { Self.label($0, ComposeLabels.project) == project }.compactMap {
                    $0["Id"]?.string
                }
            }
        }
        return Array(facts.values)
    }

    private static func label(_ container: JSON, _ name: String) -> String? { container["Labels"]?[name]?.string }

    /// The facts of containers in the order of `words`. Missing ones are left out; the generator then reports them.
    private func inspect(_ words: [String], _ list: [JSON]) throws -> [ContainerFacts] {
        var facts: [ContainerFacts] = []
        let requests = words.map { Request(.get, "/containers/\(Request.segment($0))/json") }
        try client.documents(requests) { index, answer in
            switch answer {
            case .success(let document): facts.append(try Self.facts(document))
            case .failure(.refused(404, _)): break
            case .failure(let error):
                throw ExitFailure("container \(Self.name(of: words[index], list)): \(error.message)")
            }
        }
        return facts
    }

    /// The name of a container for the user, where the request used its ID.
    private static func name(of word: String, _ list: [JSON]) -> String {
        let name = list.first { $0["Id"]?.string == word }?["Names"]?.elements.first?.string
        return name.map { String($0.drop { $0 == "/" }) } ?? word
    }

    /// The facts in an answer to `inspect`.
    static func facts(_ answer: JSON) throws(ExitFailure) -> ContainerFacts {
        let config = answer["Config"] ?? .null
        let host = answer["HostConfig"] ?? .null
        let name = (answer["Name"]?.string ?? "").drop { $0 == "/" }
        var facts = ContainerFacts(
            id: answer["Id"]?.string ?? "", name: String(name), image: config["Image"]?.string ?? "",
            policy: try policy(host["RestartPolicy"] ?? .null, of: name))
        facts.stopSignal = signal(config["StopSignal"])
        facts.stopTimeout = config["StopTimeout"]?.integer.map(Int.init)
        facts.healthcheck = healthcheck(config["Healthcheck"] ?? .null)
        for label in (config["Labels"] ?? .null).members { facts.labels[label.name] = label.value.string ?? "" }
        facts.bindSources = (answer["Mounts"] ?? .null).elements.filter { $0["Type"]?.string == "bind" }
            .compactMap { $0["Source"]?.string }
        for mode in ["NetworkMode", "IpcMode", "PidMode"] {
            if let partner = NetworkMode(host[mode]?.string ?? "").partner { facts.sharesNamespacesOf.append(partner) }
        }
        facts.takesVolumesFrom = (host["VolumesFrom"] ?? .null).elements.compactMap { element in
            element.string.map { String($0.prefix { $0 != ":" }) }
        }
        facts.bindsToAddress = (host["PortBindings"] ?? .null).members.contains { binding in
            binding.value.elements.contains { !everywhere.contains($0["HostIp"]?.string ?? "") }
        }
        facts.removesItself = host["AutoRemove"]?.bool == true
        return facts
    }

    /// Addresses that exist without a network.
    private static let everywhere: Set<String> = ["", "0.0.0.0", "::", "127.0.0.1", "::1"]

    private static func policy(_ answer: JSON, of name: Substring) throws(ExitFailure) -> RestartPolicy {
        let policy = answer["Name"]?.string ?? ""
        do {
            return try RestartPolicy(name: policy, maximumRetryCount: Int(answer["MaximumRetryCount"]?.integer ?? 0))
        } catch {
            throw ExitFailure("container \(name): \(error.message)")
        }
    }

    /// The stop signal: Docker sends a name, podman a number.
    private static func signal(_ answer: JSON?) -> Signal? {
        if let number = answer?.integer { return Int32(exactly: number).flatMap { Signal(number: $0) } }
        return answer?.string.flatMap { Signal(parsing: $0) }
    }

    private static func healthcheck(_ answer: JSON) -> ContainerFacts.Healthcheck? {
        let test = (answer["Test"] ?? .null).elements.compactMap(\.string)
        guard let kind = test.first, kind != "NONE" else { return nil }
        func span(_ name: String) -> Int64 { answer[name]?.integer ?? 0 }
        return ContainerFacts.Healthcheck(
            interval: span("Interval"), timeout: span("Timeout"), startPeriod: span("StartPeriod"),
            retries: Int(answer["Retries"]?.integer ?? 0))
    }
}
