internal import Containers
internal import Isolation
internal import Lifecycle
internal import Linux
internal import Model
internal import NIOCore
internal import Records
internal import Runs

// Lack of memory: reported when the kernel kills for it, and with figures at the end of a run.
extension Engine {
    /// Descriptor that the pump watches during a run; `nil` for a container without a limit.
    func memoryWatch(_ container: Container) -> SharedDescriptor? {
        guard container.spec.resources.memory > 0, let cgroup = container.ground.prepared?.cgroup else { return nil }
        return MemoryWatch.open(cgroup)
    }

    /// Milliseconds after which an unchanged count is read again, as v1 notifies before it kills.
    private static let memoryRetries: [Int64] = [10, 100, 1_000, 5_000]

    /// Reads the kills of a container that lives on, as the kernel may have killed in it.
    func memoryChanged(_ id: ContainerID, _ number: RunID, attempt: Int = 0) {
        guard let cgroup = containers[id]?.ground.prepared?.cgroup else {
            return
        }
        offload(to: workers) {
            cgroup.memory()
        } then: { engine, result in
            guard let container = engine.containers[id], let run = container.run, run.number == number,
                !engine.runs.hasEnded(number),
                let reading = try? result.get(), reading.kills != nil
            else { return }
            guard container.memory.hasKilledMore(reading) else {
                guard attempt < Self.memoryRetries.count else { return }
                engine.loop.scheduleTask(in: .milliseconds(Self.memoryRetries[attempt])) {
                    engine.assumeIsolated { $0.memoryChanged(id, number, attempt: attempt.saturatingAdding(1)) }
                }
                return
            }
            engine.post(container, .outOfMemory)
        }
    }

    /// Reads the accounts of an ended run, where they may explain its end. cgroup files are in memory, but are not read on the
    /// loop.
    func readMemory(_ owner: RunOwner, _ number: RunID, _ status: ExitStatus) {
        guard case .container(let id) = owner, let container = containers[id],
            let cgroup = container.ground.prepared?.cgroup,
            container.spec.resources.memory > 0 || status == .signaled(.kill, coreDumped: false)
        else {
            runs.account(number, .unremarkable, tell)
            return
        }
        // A KILL that neither a user nor the supervisor sent may come from a guard against pressure, such as systemd-oomd.
        let isUnexplained = status == .signaled(.kill, coreDumped: false) && container.lifecycle.state == .running
        offload(to: workers) {
            cgroup.memory()
        } then: { engine, result in
            let account = (try? result.get()).flatMap { engine.containers[id]?.memory.close($0) }
            let isTold = account.map { $0.ranOut || isUnexplained } ?? false
            let memory: RunMemory = if isTold, let account { .told(account) } else { .unremarkable }
            engine.runs.account(number, memory) { engine.tell($0) }
        }
    }
}
