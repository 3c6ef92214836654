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
        for partner in [spec.network.mode.partner, spec.namespaces.ipc.partner, spec.namespaces.pid.partner] {
            if let partner { need(partner) }
        }
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
}
