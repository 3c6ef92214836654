public import Linux
public import Model

/// How containers are kept apart. Every call may block on the file system, none on another process but the `oci`
/// runtime's; all may be called from any thread, but only by one at a time for one container.
public protocol IsolationRuntime: Sendable {
    /// Mounts the root file system, makes the control group, namespaces and files. Cheap to repeat: what stands
    /// from an earlier run is left, so that a restart is one clone.
    func prepare(_ context: LaunchContext) throws(IsolationError) -> PreparedContainer

    /// What this host cannot give a container of this specification, in words for its user: it runs without. What is wrong with
    /// the specification is told by `prepare` and `plan`, and is not here.
    func shortcomings(of spec: ContainerSpec) -> [String]

    /// Sets anew what every run has to begin with, whatever the last one or somebody else did to it: device limits, files under
    /// /etc, a shared /dev/shm. Called right before each start, and not for a container that runs. Returns warnings. As cheap as
    /// looking where nothing has changed.
    func renew(_ container: inout PreparedContainer) throws(IsolationError) -> [String]

    /// What becomes of the system calls of a container's first process, or of any further one. It may take
    /// seconds, as it compiles, and depends on nothing but the specification. What is wrong with that is thrown.
    func filter(of spec: ContainerSpec) throws(IsolationError) -> SystemCallFilter

    /// The same if it is at hand; `nil` when it has to be made.
    func knownFilter(of spec: ContainerSpec) -> SystemCallFilter?

    /// The plan of the container's first process. Cheap when the container has its `filter`.
    func plan(_ container: PreparedContainer) throws(IsolationError) -> LaunchRequest

    /// The plan of a further process in the running container. Cheap when it has its `filter`.
    func plan(_ exec: ExecContext, in container: PreparedContainer) throws(IsolationError) -> LaunchRequest

    /// The number of the container's first process, given that of the process which the plan made: the program of an OCI
    /// runtime stands between the two. `nil` when there is none (yet).
    func firstProcess(of container: PreparedContainer, launched number: Int) -> Int?

    /// Whether nothing of an ended run stands in the way of the next. Where something does, `discard` takes it away.
    func isClear(_ container: PreparedContainer) -> Bool

    /// The control groups in which processes of the container may be, by name, whether they are there or not; needs nothing but
    /// the context. None where the host has no control groups.
    func groups(of context: LaunchContext) -> [Cgroup]

    /// Removes what `prepare` made for this context, the container's own changes (`RootfsSource.changes`) not
    /// included; needs nothing but the context, so that an engine that just came up can do it. Cheap to repeat; goes on
    /// after a failure and throws the first. The processes must have ended.
    func discard(_ context: LaunchContext) throws(IsolationError)
}

extension IsolationRuntime {
    /// Nothing is filtered.
    public func filter(of spec: ContainerSpec) throws(IsolationError) -> SystemCallFilter { .none }

    /// Nothing is filtered.
    public func knownFilter(of spec: ContainerSpec) -> SystemCallFilter? { SystemCallFilter.none }

    /// None.
    public func shortcomings(of spec: ContainerSpec) -> [String] { [] }

    /// Nothing.
    public func renew(_ container: inout PreparedContainer) throws(IsolationError) -> [String] { [] }

    /// The process of the plan itself.
    public func firstProcess(of container: PreparedContainer, launched number: Int) -> Int? { number }

    /// Nothing does.
    public func isClear(_ container: PreparedContainer) -> Bool { true }

    /// Removes what stands for a prepared container; see `discard`.
    public func release(_ container: PreparedContainer) throws(IsolationError) { try discard(container.context) }
}
