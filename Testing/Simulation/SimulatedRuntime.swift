import Isolation
import LaunchPlan
import Linux
import Model
import Synchronization

/// A maker of containers that makes nothing but the files of their control groups, and does not always tell the truth.
final class SimulatedRuntime: IsolationRuntime {
    private let chance: Mutex<Chance>
    private let failures = Mutex(0.0)
    /// Containers of which something runs that it says has ended.
    private let leftBehind = Mutex<Set<String>>([])
    private let told = Mutex<[(ContainerID, String)]>([])
    private let layout: CgroupLayout
    private let logs: @Sendable (ContainerID) -> String
    /// Where the control groups are.
    let groups: String

    init(directory: String, chance: Chance, logs: @escaping @Sendable (ContainerID) -> String) {
        self.chance = Mutex(chance)
        self.logs = logs
        groups = directory + "/cgroup"
        layout = CgroupLayout(
            unified: CgroupHierarchy(mountPoint: groups, mountRoot: "/", controllers: [], ownGroup: "/"), legacy: [])
    }

    /// How often a preparation or a plan fails.
    func fail(_ probability: Double) { failures.withLock { $0 = probability } }

    /// Says that a container has ended of which something runs on.
    func leaveBehind(_ key: String) { _ = leftBehind.withLock { $0.insert(key) } }

    /// Whether something runs of a container that has ended.
    func hasLeft(_ key: String) -> Bool { leftBehind.withLock { $0.contains(key) } }

    /// What was left is killed.
    func endLeft(_ key: String) { _ = leftBehind.withLock { $0.remove(key) } }

    /// The machine's end is theirs, too.
    func endAllLeft() { leftBehind.withLock { $0 = [] } }

    func isClear(_ container: PreparedContainer) -> Bool { !hasLeft(container.context.id.text) }

    /// Takes what failed since the last time.
    func takeFailures() -> [(ContainerID, String)] {
        told.withLock { told in
            defer { told = [] }
            return told
        }
    }

    private func mayFail(_ what: String, _ id: ContainerID) throws(IsolationError) {
        let probability = failures.withLock { $0 }
        guard probability > 0, chance.withLock({ $0.happens(probability) }) else { return }
        told.withLock { $0.append((id, what)) }
        throw .invalid(what)
    }

    /// The directory of a container's group.
    func group(of id: ContainerID) -> String { groups + "/" + id.text }

    func prepare(_ context: LaunchContext) throws(IsolationError) -> PreparedContainer {
        try mayFail("the preparation failed, says the runtime", context.id)
        let directory = group(of: context.id)
        do throws(LinuxError) {
            try HostFile.makeDirectories(logs(context.id))
            if !HostFile.exists(directory) {
                try HostFile.makeDirectories(directory)
                for (file, text) in [
                    ("cgroup.kill", "0"), ("cgroup.freeze", "0"), ("cgroup.events", "populated 0"),
                    ("memory.events", "oom_kill 0"),
                ] {
                    try HostFile.replace(directory + "/" + file, with: text)
                }
            }
        } catch {
            throw .host(error)
        }
        return PreparedContainer(
            context: context, rootfs: "/", cgroup: Cgroup(layout: layout, parent: "/", name: context.id.text),
            network: nil, identity: UserIdentity(uid: 0, gid: 0, groups: [], home: "/"), warnings: [])
    }

    func plan(_ container: PreparedContainer) throws(IsolationError) -> LaunchRequest {
        try mayFail("no plan, says the runtime", container.context.id)
        return LaunchRequest(plan: Plan(operations: [.execute(arguments: ["/bin/program"], environment: [])]))
    }

    func plan(_ exec: ExecContext, in container: PreparedContainer) throws(IsolationError) -> LaunchRequest {
        LaunchRequest(plan: Plan(operations: [.execute(arguments: exec.arguments, environment: [])]))
    }

    func groups(of context: LaunchContext) -> [Cgroup] {
        [Cgroup(layout: layout, parent: "/", name: context.id.text)]
    }

    /// A group that was killed is not used again, so the files go.
    func discard(_ context: LaunchContext) throws(IsolationError) {
        let directory = group(of: context.id)
        if hasLeft(context.id.text) {
            endLeft(context.id.text)
            try? HostFile.write("populated 0", to: directory + "/cgroup.events")
        }
        if (try? HostFile.read(directory + "/cgroup.events")) == "populated 1" {
            throw .host(LinuxError(call: "rmdir", object: directory, code: 16))
        }
        do throws(LinuxError) {
            for name in (try? HostFile.list(directory)) ?? [] { try HostFile.remove(directory + "/" + name) }
            if HostFile.exists(directory) { try HostFile.removeDirectory(directory) }
        } catch {
            throw .host(error)
        }
    }
}
