package import Lifecycle
package import Model

// Needs of containers among each other, by which they are started and stopped in order.
extension ContainerRegistry {
    /// Needs of a container: those whose namespaces it joins, those it is linked to, and those in compose's labels. `services` is `composeServices`.
    package func needs(
        of container: Container, _ services: [[String]: [ContainerID]]
    ) -> [StartNeed<ContainerID>] {
        let spec = container.spec
        var needs: [StartNeed<ContainerID>] = []
        func need(_ reference: some StringProtocol, _ condition: StartCondition = .started) {
            guard let other = try? resolve(String(reference)) else { return }
            needs.append(
                StartNeed(other.id, other.health.monitor == nil && condition == .healthy ? .started : condition))
        }
        for partner in spec.partners { need(partner) }
        for link in spec.network.links { need(link.drop { $0 == "/" }.prefix { $0 != ":" }) }
        if let project = spec.labels[ComposeLabels.project], let label = spec.labels[ComposeLabels.dependsOn] {
            for needed in ComposeLabels.dependencies(label) {
                for id in services[[project, needed.service]] ?? [] { need(id.text, needed.condition) }
            }
        }
        return needs
    }

    /// Containers by compose's project and service.
    package var composeServices: [[String]: [ContainerID]] {
        var services: [[String]: [ContainerID]] = [:]
        for container in all {
            let labels = container.spec.labels
            guard let project = labels[ComposeLabels.project], let service = labels[ComposeLabels.service] else {
                continue
            }
            services[[project, service], default: []].append(container.id)
        }
        return services
    }

    /// The containers whose namespaces a container joins, as far as they are there.
    package func partners(of container: Container) -> [Container] {
        container.spec.partners.compactMap { try? resolve($0) }
    }

    /// Whether a container has to wait for one whose namespaces it joins, which does not run and is about to. Of containers that
    /// join each other none waits. `waiting` are those that wait already.
    package func mustWaitForPartners(_ container: Container, _ waiting: Set<ContainerID>) -> Bool {
        partners(of: container).contains { $0.isAboutToRun && !leads(from: $0, to: container.id, through: waiting) }
    }

    private func leads(from start: Container, to goal: ContainerID, through waiting: Set<ContainerID>) -> Bool {
        var seen: Set<ContainerID> = []
        var pending = [start]
        while let next = pending.popLast() {
            if next.id == goal { return true }
            guard seen.insert(next.id).inserted, next === start || waiting.contains(next.id) else { continue }
            pending += partners(of: next)
        }
        return false
    }
}

extension ContainerSpec {
    /// Names of the containers whose namespaces this one joins.
    var partners: [String] {
        [network.mode.partner, namespaces.ipc.partner, namespaces.pid.partner].compactMap(\.self)
    }
}

extension Container {
    /// Whether it does not run and will, without another request.
    fileprivate var isAboutToRun: Bool {
        switch lifecycle.state {
        case .starting, .backingOff: true
        case .stopping(let stopping): stopping.purpose == .restart
        case .created, .running, .paused, .exited, .removing, .dead: false
        }
    }
}
