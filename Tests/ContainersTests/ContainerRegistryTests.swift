import Lifecycle
import Model
import Testing

@testable import Containers

@Suite("The containers of an engine")
struct ContainerRegistryTests {
    @Test("They are in the order newest first, those of one moment by ID, whatever comes and goes")
    func order() throws {
        var random = SystemRandomNumberGenerator()
        var registry = ContainerRegistry()
        var known: [Container] = []
        for step in 0..<400 {
            if !known.isEmpty, step % 3 == 2 {
                let gone = known.remove(at: Int.random(in: 0..<known.count))
                registry.remove(gone)
                // Once more changes nothing.
                registry.remove(gone)
            } else {
                let spec = ContainerSpec()
                let container = Container(
                    id: .random(using: &random), name: try #require(ContainerName("c\(step)")),
                    created: WallTime(nanoseconds: .random(in: 1...20)), spec: spec,
                    lifecycle: ContainerLifecycle(settings: spec.lifecycleSettings))
                registry.insert(container)
                known.append(container)
            }
            let expected = known.sorted { ($0.created, $0.id) > ($1.created, $1.id) }.map(\.id)
            #expect(registry.newestFirst.map(\.id) == expected)
            #expect(registry.count == known.count)
        }
    }
}
