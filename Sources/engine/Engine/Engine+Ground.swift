internal import Containers
internal import Isolation
internal import Linux
internal import Model
internal import NIOCore
internal import Supervision

// Search of a new engine for the mounts, namespaces and control groups of running containers. Their mounts may be ones that never
// answer, so no part of it runs on the loop, and no container waits for another's.
extension Engine {
    /// Time without a result after which the engine continues without the rest.
    private static let groundPatience = TimeAmount.seconds(3)

    /// The found ground of containers, without those where nothing is found. A container that answers after the wait gets its
    /// ground then.
    func findGround(of sought: [ContainerID]) async -> [ContainerID: PreparedContainer] {
        let found = NIOLoopBoundBox<[ContainerID: PreparedContainer]?>([:], eventLoop: loop)
        let done = loop.makePromise(of: Void.self)
        let looks = sought.compactMap { id in
            lookForGround(of: id) { engine, prepared in
                if found.value == nil { return engine.takeLate(prepared, id) }
                found.value?[id] = prepared
            }
        }
        EventLoopFuture.whenAllComplete(looks, on: loop).whenComplete { _ in done.succeed(()) }
        let seen = NIOLoopBoundBox(0, eventLoop: loop)
        let watch = loop.scheduleRepeatedTask(initialDelay: Self.groundPatience, delay: Self.groundPatience) { _ in
            let count = found.value?.count ?? 0
            if count == seen.value { done.succeed(()) }
            seen.value = count
        }
        try? await done.futureResult.get()
        watch.cancel()
        defer { found.value = nil }
        return found.value ?? [:]
    }

    private func lookForGround(
        of id: ContainerID, then: @escaping @Sendable (isolated Engine, PreparedContainer) -> Void
    ) -> EventLoopFuture<Void>? {
        guard let container = containers[id], let runtime = try? runtime(for: container.spec),
            let described = try? launchContext(container)
        else { return nil }
        let layers = layerSource(container)
        let faults = surroundings.faults
        let look = workers.run(on: loop) {
            try attributed(to: id, in: faults) {
                var context = described
                context.rootfs = try layers()
                // Everything stands; this only finds it again.
                return try runtime.prepare(context)
            }
        }
        return look.map { prepared in self.assumeIsolated { then($0, prepared) } }
    }

    private func takeLate(_ prepared: PreparedContainer, _ id: ContainerID) {
        guard let container = containers[id], container.run != nil, container.ground.prepared == nil,
            !container.ground.isPreparing
        else { return }
        container.ground.find(prepared)
    }
}
