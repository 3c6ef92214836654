internal import Model

/// The containers, numbered in the order of their names, and the ways to find one.
struct Catalogue {
    private(set) var containers: [ContainerFacts]
    private let byName: [String: Int]
    private let byID: [String: Int]
    /// Numbers of containers by compose project and service.
    private let byService: [Service: [Int]]

    struct Service: Hashable {
        var project: String
        var name: String
    }

    init(_ known: [ContainerFacts]) {
        var seen: Set<String> = []
        let containers = known.filter { seen.insert($0.id).inserted }.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        self.containers = containers
        byName = Dictionary(
            containers.indices.map { (containers[$0].name, $0) }, uniquingKeysWith: { first, _ in first })
        byID = Dictionary(containers.indices.map { (containers[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
        var services: [Service: [Int]] = [:]
        for (index, container) in containers.enumerated() {
            if let service = container.composeService { services[service, default: []].append(index) }
        }
        byService = services
    }

    /// The number of the container with a name, an ID or an unambiguous beginning of an ID.
    func find(_ text: String) throws(GeneratorError) -> Int {
        let text = text.utf8.first == 0x2F ? String(text.dropFirst()) : text
        if let index = byName[text] ?? byID[text] { return index }
        let found = containers.indices.filter { !text.isEmpty && containers[$0].id.hasPrefix(text) }
        guard let index = found.first else { throw .unknownContainer(text) }
        guard found.count == 1 else { throw .ambiguousContainer(text) }
        return index
    }

    /// The number of a container by name or ID in an engine's own spelling; nil when it is unknown.
    func lookUp(_ text: String) -> Int? { byName[text] ?? byID[text] }

    /// The numbers of a service's containers.
    func service(_ service: Service) -> [Int] { byService[service] ?? [] }

    /// The containers to write: the named ones, or all with a policy. `policy` replaces their own.
    mutating func choose(_ names: [String]?, policy: RestartPolicy?) throws(GeneratorError) -> Set<Int> {
        var chosen: Set<Int> = []
        if let names {
            for name in names {
                let index = try find(name)
                if policy == nil, containers[index].policy == .no {
                    throw .noPolicy(container: containers[index].name)
                }
                chosen.insert(index)
            }
        } else {
            chosen = Set(containers.indices.filter { policy != nil || containers[$0].policy != .no })
        }
        for index in chosen {
            if containers[index].removesItself { throw .removesItself(container: containers[index].name) }
            if let policy { containers[index].policy = policy }
        }
        return chosen
    }

    /// The chosen containers and those of their projects that get files: a group of supervisord has to name each of its
    /// programs.
    func wholeProjects(_ chosen: Set<Int>) -> Set<Int> {
        let projects = Set(chosen.compactMap { containers[$0].composeService?.project })
        return chosen.union(
            containers.indices.filter { index in
                let container = containers[index]
                return container.policy != .no && !container.removesItself
                    && container.composeService.map { projects.contains($0.project) } == true
            })
    }
}

extension ContainerFacts {
    /// The compose service in the container's labels; nil when it has none.
    var composeService: Catalogue.Service? {
        guard let project = labels[ComposeLabels.project], let name = labels[ComposeLabels.service] else {
            return nil
        }
        return Catalogue.Service(project: project, name: name)
    }
}
