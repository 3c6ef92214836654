internal import Model

/// The relations of containers: their dependencies and their groups.
struct Relations {
    /// The reason why one container needs another.
    enum Condition: Hashable, Comparable {
        /// It uses the other's volumes: the other starts first, if at all.
        case volumes
        /// compose: `service_started`.
        case started
        /// compose: `service_healthy`.
        case healthy
        /// compose: `service_completed_successfully`.
        case completed
        /// It lives in the other's namespaces, and cannot run without.
        case namespaces

        init(_ condition: StartCondition) {
            switch condition {
            case .started: self = .started
            case .healthy: self = .healthy
            case .completed: self = .completed
            }
        }
    }

    /// A dependency of a container on another.
    struct Dependency: Hashable {
        var index: Int
        var condition: Condition
        /// Whether a restart of the other container restarts this one (compose: `restart: true`).
        var restarts: Bool
    }

    /// The dependencies of each container by its number, ordered by number of the needed.
    private var needs: [[Dependency]]
    /// Numbers of the containers that must complete before others start.
    private(set) var oneShots: Set<Int> = []
    /// Numbers of the containers for whose health others wait.
    private(set) var awaitedHealthy: Set<Int> = []
    private var groupNames: [String?]
    private(set) var notes: [GeneratorNote] = []

    init(_ catalogue: Catalogue, chosen: Set<Int>) throws(GeneratorError) {
        let containers = catalogue.containers
        needs = Array(repeating: [], count: containers.count)
        groupNames = Array(repeating: nil, count: containers.count)
        // All that may be written: the chosen, and those that must complete before one of them.
        var pending = chosen.sorted()
        var reached = chosen
        while let index = pending.popLast() {
            let found = Self.dependencies(of: index, catalogue)
            needs[index] = found
            for dependency in found where dependency.condition == .completed {
                oneShots.insert(dependency.index)
                if reached.insert(dependency.index).inserted { pending.append(dependency.index) }
            }
        }
        for index in reached.sorted() {
            noteGroup(index, containers[index])
            for dependency in needs[index] {
                if dependency.condition == .healthy { awaitedHealthy.insert(dependency.index) }
                guard !reached.contains(dependency.index) else { continue }
                notes.append(
                    .dependencyWithoutFile(
                        container: containers[index].name, dependency: containers[dependency.index].name))
            }
            // A dependency that is not written here is kept if it has a policy, as it then has a file of its own.
            needs[index].removeAll { !reached.contains($0.index) && containers[$0.index].policy == .no }
        }
        notes.removeAll { note in
            guard case .dependencyWithoutFile(_, let name) = note, let index = catalogue.lookUp(name) else {
                return false
            }
            return containers[index].policy != .no
        }
        try refuseCycles(containers)
    }

    /// The dependencies of a container.
    func dependencies(of index: Int) -> [Dependency] { needs[index] }

    /// The group of a container; nil when it has none.
    func group(of index: Int) -> String? { groupNames[index] }

    /// The chosen containers and those that must complete before one of them, in order.
    func written(from chosen: Set<Int>) -> [Int] { chosen.union(oneShots).sorted() }

    /// The groups of some containers, with their members.
    func groups(of indices: [Int]) -> [String: [Int]] {
        var groups: [String: [Int]] = [:]
        for index in indices { if let name = groupNames[index] { groups[name, default: []].append(index) } }
        return groups
    }

    /// The length of the longest chain of containers that must be up before this one; 0 for a container without
    /// dependencies.
    func depth(of index: Int) -> Int { (needs[index].map { depth(of: $0.index) + 1 }).max() ?? 0 }

    private mutating func noteGroup(_ index: Int, _ container: ContainerFacts) {
        guard let project = container.labels[ComposeLabels.project] else { return }
        let first = project.utf8.first.map { $0 != 0x2D && $0 != 0x5F } ?? false
        let isName = project.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
                || byte == 0x5F
        }
        if first, isName {
            groupNames[index] = project
        } else {
            notes.append(.groupIgnored(container: container.name, label: project))
        }
    }

    private static func dependencies(of index: Int, _ catalogue: Catalogue) -> [Dependency] {
        let container = catalogue.containers[index]
        var found: [Int: Dependency] = [:]
        func add(_ other: Int, _ condition: Condition, restarts: Bool) {
            guard other != index else { return }
            let before = found[other]
            found[other] = Dependency(
                index: other, condition: max(condition, before?.condition ?? condition),
                restarts: restarts || before?.restarts == true)
        }
        for text in container.takesVolumesFrom {
            if let other = catalogue.lookUp(text) { add(other, .volumes, restarts: false) }
        }
        for text in container.sharesNamespacesOf {
            if let other = catalogue.lookUp(text) { add(other, .namespaces, restarts: true) }
        }
        let project = container.labels[ComposeLabels.project] ?? ""
        for needed in ComposeLabels.dependencies(container.labels[ComposeLabels.dependsOn] ?? "") {
            let service = Catalogue.Service(project: project, name: needed.service)
            for other in catalogue.service(service) {
                add(other, Condition(needed.condition), restarts: needed.restarts)
            }
        }
        return found.values.sorted { $0.index < $1.index }
    }

    private func refuseCycles(_ containers: [ContainerFacts]) throws(GeneratorError) {
        enum Mark { case open, done }
        var marks: [Int: Mark] = [:]
        for start in needs.indices where marks[start] == nil {
            var path: [(index: Int, next: Int)] = [(start, 0)]
            marks[start] = .open
            while let (index, next) = path.last {
                guard next < needs[index].count else {
                    marks[index] = .done
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let needed = needs[index][next].index
                switch marks[needed] {
                case nil:
                    marks[needed] = .open
                    path.append((needed, 0))
                case .open:
                    let circle = path.drop { $0.index != needed }.map { containers[$0.index].name }
                    throw .cycle(circle)
                case .done: continue
                }
            }
        }
    }
}
