import LaunchPlan
public import Linux
public import Model

/// The same containers by an OCI runtime (runc, crun, youki, runsc), as bundles. The runtime's own process stays in the
/// foreground: it forwards signals, and its exit code is the container's.
public struct OCIIsolation: IsolationRuntime {
    private let path: String
    private let host: HostFacts
    private let native: NativeIsolation

    /// A runtime by the absolute path of its program.
    public init(path: String, host: HostFacts) {
        self.path = path
        self.host = host
        native = NativeIsolation(host: host)
    }

    /// See `IsolationRuntime`. The control group is left to the runtime, which makes it in the same place. What the runtime has
    /// in its books may be a container that lives, found again by a new engine.
    public func prepare(_ context: LaunchContext) throws(IsolationError) -> PreparedContainer {
        if let processes = runtimeProcesses(context) { try onHost { () throws(LinuxError) in try processes.create() } }
        var prepared = try native.prepare(context)
        if path.hasSuffix(bytes: "/crun"), host.cgroups.kind == .hybrid {
            prepared.warnings.append("crun before 1.9 refuses hosts that mix cgroup v1 and v2, as this one does.")
        }
        return prepared
    }

    /// See `IsolationRuntime`.
    public func shortcomings(of spec: ContainerSpec) -> [String] { native.shortcomings(of: spec) }

    /// See `IsolationRuntime`. The runtime limits devices itself, at every start.
    public func renew(_ container: inout PreparedContainer) throws(IsolationError) -> [String] {
        try native.renewFiles(&container)
        return []
    }

    /// See `IsolationRuntime`. The runtime compiles it.
    public func filter(of spec: ContainerSpec) throws(IsolationError) -> SystemCallFilter {
        // A further process gets what the first one has.
        try .described(SecurityOptions(spec.security.options), privileged: spec.security.privileged)
    }

    /// See `IsolationRuntime`.
    public func knownFilter(of spec: ContainerSpec) -> SystemCallFilter? {
        guard let security = try? SecurityOptions(spec.security.options) else { return nil }
        if case .custom = security.seccomp { return nil }
        return try? .described(security, privileged: spec.security.privileged)
    }

    /// See `IsolationRuntime`.
    public func plan(_ container: PreparedContainer) throws(IsolationError) -> LaunchRequest {
        // What is mounted may bring the program along, and is not there yet.
        if container.context.spec.mounts.isEmpty {
            let process = container.context.spec.process
            try ProgramLookup.check(
                process.arguments.first ?? "", environment: process.environment, root: container.rootfs)
        }
        var bundle = try OCIBundle(container, host: host)
        let config = try bundle.config().text()
        let directory = Self.bundle(container.context)
        try onHost { () throws(LinuxError) in
            try HostFile.makeDirectories(directory, mode: 0o700)
            try HostFile.replace(directory + "/config.json", with: config, mode: 0o600)
            try HostFile.remove(Self.processFile(container.context))
        }
        let arguments = command(
            container.context, ["run", "--bundle", directory, "--pid-file", Self.processFile(container.context)])
        return try request(
            container.context, arguments, terminal: container.context.spec.process.terminal, warnings: bundle.warnings)
    }

    /// See `IsolationRuntime`.
    public func plan(
        _ exec: ExecContext, in container: PreparedContainer
    ) throws(IsolationError) -> LaunchRequest {
        var unfiltered = exec
        unfiltered.filter = SystemCallFilter.none
        let native = try native.plan(unfiltered, in: container)
        let (arguments, environment) = OCIBundle.arguments(of: native.plan)
        var parts = try OCIBundle(container, host: host)
        var identity = container.identity
        for case .identity(let uid, let gid, let groups) in native.plan.operations {
            identity = UserIdentity(uid: uid, gid: gid, groups: groups, home: "/")
        }
        var directory = "/"
        for case .changeDirectory(let path, _) in native.plan.operations { directory = path }
        let process = try parts.process(
            arguments: arguments, environment: environment, directory: directory, identity: identity,
            terminal: exec.terminal, capabilities: exec.privileged ? host.capabilities : nil)
        var generator = SystemRandomNumberGenerator()
        let bundle = Self.bundle(container.context)
        let file = bundle + "/" + Self.execPrefix + String(generator.next() as UInt64, radix: 16) + ".json"
        let text = try process.text()
        try onHost { () throws(LinuxError) in
            try Self.removeOldProcesses(in: bundle)
            try HostFile.replace(file, with: text, mode: 0o600)
        }
        return try request(
            container.context, command(container.context, ["exec", "--process", file]), terminal: exec.terminal,
            warnings: [])
    }

    /// See `IsolationRuntime`.
    public func groups(of context: LaunchContext) -> [Cgroup] {
        native.groups(of: context) + [runtimeProcesses(context)].compactMap(\.self)
    }

    /// See `IsolationRuntime`.
    public func discard(_ context: LaunchContext) throws(IsolationError) {
        try deleteLeftover(context)
        let directory = Self.bundle(context)
        for name in (try? HostFile.list(directory)) ?? [] { try? HostFile.remove(directory + "/" + name) }
        try? HostFile.removeDirectory(directory)
        Self.removeTree(Self.state(context))
        try native.discard(context)
    }

    private static let execPrefix = "exec-"
    /// A runtime has read the description of a further process by then.
    private static let execLifetime = Nanoseconds.seconds(600)
    /// The most of them; the oldest goes first.
    private static let mostExecs = 256

    /// Nobody tells when the runtime has read one, and a health check alone would fill the run directory in time.
    private static func removeOldProcesses(in bundle: String) throws(LinuxError) {
        let files = try HostFile.list(bundle).filter { $0.hasPrefix(bytes: execPrefix) }.map { bundle + "/" + $0 }
        let aged = files.map { (path: $0, age: HostFile.age(of: $0) ?? .zero) }.sorted { $0.age > $1.age }
        for (index, file) in aged.enumerated() {
            if file.age < execLifetime, files.count - index < mostExecs { return }
            try HostFile.remove(file.path)
        }
    }

    /// How long a runtime may take to forget a container.
    private static let deleteLimit = Nanoseconds.seconds(10)

    /// Removes the runtime's books, whatever it left in them. No link is followed.
    private static func removeTree(_ path: String) { try? TreeRemoval.remove(path) }

    /// See `IsolationRuntime`. The runtime writes the number down; that it is the parent of that process shows that the
    /// number has not come to mean another one.
    public func firstProcess(of container: PreparedContainer, launched number: Int) -> Int? {
        guard let text = try? HostFile.read(Self.processFile(container.context)), let first = Int(text),
            Self.parent(of: first) == number
        else { return nil }
        return first
    }

    /// See `IsolationRuntime`. A runtime that ends by itself clears its books; one that was killed leaves them, and may
    /// leave the container's processes.
    public func isClear(_ container: PreparedContainer) -> Bool {
        !HostFile.exists(Self.state(container.context) + "/" + container.context.id.text)
            && runtimeProcesses(container.context)?.isPopulated != true
    }

    /// From proc_pid_stat(5); `nil` when there is no such process.
    private static func parent(of process: Int) -> Int? {
        guard let text = try? HostFile.read("/proc/\(process)/stat"), let name = text.lastIndex(ofByte: ")") else {
            return nil
        }
        let fields = text[name...].split(byte: " ")
        return fields.count > 2 ? Int(fields[2]) : nil
    }

    private static func processFile(_ context: LaunchContext) -> String { bundle(context) + "/pid" }
    private static func bundle(_ context: LaunchContext) -> String { context.runDirectory + "/bundle" }
    private static func state(_ context: LaunchContext) -> String { context.runDirectory + "/oci" }

    private func command(_ context: LaunchContext, _ verb: [String]) -> [String] {
        [path, "--root", Self.state(context)] + verb + [context.id.text]
    }

    /// The group of the runtime's own processes, so that what they leave behind is found; there is none where control groups
    /// are of version 1 only.
    private func runtimeProcesses(_ context: LaunchContext) -> Cgroup? {
        host.cgroups.unified.map { hierarchy in
            Cgroup(
                layout: CgroupLayout(unified: hierarchy, legacy: []), parent: context.spec.resources.cgroupParent,
                name: "runtime-" + context.id.text)
        }
    }

    private func request(
        _ context: LaunchContext, _ arguments: [String], terminal: Bool, warnings: [String]
    ) throws(IsolationError) -> LaunchRequest {
        var descriptors: [SharedDescriptor] = []
        if let directory = runtimeProcesses(context)?.unifiedDirectory {
            descriptors.append(try onHost { () throws(LinuxError) in try SharedDescriptor.directory(directory) })
        }
        var operations: [Operation] = [.newSession]
        // The runtime finds the root file system and the namespaces by their paths, where they are mounted.
        if host.hasOwnMounts {
            operations.append(.enterNamespace(descriptor: descriptors.count))
            descriptors.append(try onHost { () throws(LinuxError) in try SharedDescriptor.mountNamespace() })
        }
        if terminal { operations.append(.controllingTerminal) }
        operations.append(.umask(0o022))
        operations.append(.execute(arguments: arguments, environment: [ProcessEnvironment.path]))
        let plan = Plan(cgroupDescriptor: descriptors.isEmpty ? nil : 0, operations: operations)
        return LaunchRequest(plan: plan, descriptors: descriptors, warnings: warnings)
    }

    /// Ends what a run left of the runtime's own processes, and removes what it left in the runtime's books, as after the death
    /// of its process.
    private func deleteLeftover(_ context: LaunchContext) throws(IsolationError) {
        if let processes = runtimeProcesses(context), processes.exists {
            try onHost { () throws(LinuxError) in
                if processes.isPopulated { try processes.killAll() }
                try processes.remove()
            }
        }
        guard HostFile.exists(Self.state(context) + "/" + context.id.text) else { return }
        do {
            _ = try ChildProcess.run(
                path: path, arguments: Array(command(context, ["delete", "--force"]).dropFirst()),
                environment: [ProcessEnvironment.path], limit: Self.deleteLimit)
        } catch {
            switch error {
            case .system(let call, let object, let code):
                throw .host(LinuxError(call: call, object: object, code: code))
            }
        }
        // One that hung, failed or spoiled its own books is not asked again.
        Self.removeTree(Self.state(context) + "/" + context.id.text)
    }
}
