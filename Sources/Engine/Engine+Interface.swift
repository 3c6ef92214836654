public import Images
public import Linux
public import Model
public import NIOCore

// A `reference` is a full ID, an unambiguous prefix of one, or a name. Every method throws `EngineError`.
extension Engine {
    // MARK: Containers

    /// All containers, newest first.
    public func list() -> [ContainerSnapshot] { [] }

    /// One container; `size` measures its layers, which takes time.
    public func inspect(_ reference: String, size: Bool) async throws(EngineError) -> ContainerSnapshot { throw todo }

    /// Makes a container; an absent name is invented. Durable when it returns.
    public func create(
        _ spec: ContainerSpec, name: String?
    ) async throws(EngineError) -> (id: ContainerID, warnings: [String]) { throw todo }

    /// Starts it; `.notModified` when it runs already.
    public func start(_ reference: String) async throws(EngineError) { throw todo }

    /// Stops it and waits; `.notModified` when it does not run. `timeout` in seconds, negative waits for ever.
    public func stop(_ reference: String, signal: Signal?, timeout: Int?) async throws(EngineError) { throw todo }

    /// Stops it when it runs, and starts it.
    public func restart(_ reference: String, signal: Signal?, timeout: Int?) async throws(EngineError) { throw todo }

    /// Sends a signal; returns when it was sent.
    public func kill(_ reference: String, signal: Signal) async throws(EngineError) { throw todo }

    /// Freezes every process of it.
    public func pause(_ reference: String) async throws(EngineError) { throw todo }

    /// Thaws it.
    public func unpause(_ reference: String) async throws(EngineError) { throw todo }

    /// Removes it; `force` kills it first.
    public func remove(_ reference: String, force: Bool, volumes: Bool) async throws(EngineError) { throw todo }

    /// Gives it another name.
    public func rename(_ reference: String, to name: String) async throws(EngineError) { throw todo }

    /// Changes what may change in a living container; returns warnings.
    public func update(_ reference: String, _ update: ContainerUpdate) async throws(EngineError) -> [String] {
        throw todo
    }

    /// Registers a waiter; the future is completed at the condition. Registered when this returns.
    public func registerWait(
        _ reference: String, _ condition: WaitCondition
    ) throws(EngineError) -> EventLoopFuture<WaitOutcome> { throw todo }

    /// Attaches a client; output goes to `sink` until it is finished.
    public func attach(
        _ reference: String, _ options: AttachOptions, sink: any AttachSink
    ) throws(EngineError) -> any AttachInput { throw todo }

    /// Sets the size of its terminal, in characters.
    public func resize(_ reference: String, height: Int, width: Int) throws(EngineError) { throw todo }

    /// Opens its log.
    public func logs(_ reference: String, _ request: LogRequest) async throws(EngineError) -> any LogSession { throw todo }

    /// Its processes, as `ps ARGUMENTS` prints them.
    public func top(_ reference: String, arguments: String) async throws(EngineError) -> ProcessTable { throw todo }

    /// What it has used until now.
    public func stats(_ reference: String) async throws(EngineError) -> StatsSample { throw todo }

    /// What differs from the image.
    public func changes(_ reference: String) async throws(EngineError) -> [PathChange] { throw todo }

    /// Writes its file system as a tar; returns when all is written.
    public func export(_ reference: String, into: SharedDescriptor) async throws(EngineError) { throw todo }

    /// Describes a file in it.
    public func statPath(_ reference: String, _ path: String) async throws(EngineError) -> PathStat { throw todo }

    /// Writes a path of it as a tar; returns when all is written.
    public func copyOut(_ reference: String, _ path: String, into: SharedDescriptor) async throws(EngineError) {
        throw todo
    }

    /// Unpacks a tar at a directory of it.
    public func copyIn(
        _ reference: String, _ path: String, from: SharedDescriptor, _ options: CopyInOptions
    ) async throws(EngineError) { throw todo }

    // MARK: Exec

    /// Prepares a process inside a running container and returns the exec ID.
    public func createExec(_ reference: String, _ spec: ExecSpec) throws(EngineError) -> String { throw todo }

    /// Starts it. Without a sink it runs detached. Returns when the process runs (or could not).
    public func startExec(
        _ id: String, sink: (any AttachSink)?, height: Int, width: Int
    ) async throws(EngineError) -> (any AttachInput)? { throw todo }

    /// Sets the size of its terminal.
    public func resizeExec(_ id: String, height: Int, width: Int) throws(EngineError) { throw todo }

    /// What is known of it.
    public func inspectExec(_ id: String) throws(EngineError) -> ExecSnapshot { throw todo }

    // MARK: Images

    /// Runs blocking work on the images off the loop; errors of the store become `EngineError`.
    public func images<Result: Sendable>(
        _ work: @escaping @Sendable (ImageStore) throws -> Result
    ) async throws(EngineError) -> Result { throw todo }

    /// Which containers use which image.
    public func imageUses() -> [ImageUse] { [] }

    // MARK: The supervisor

    /// Facts for `info`.
    public func info() async -> EngineInfo { EngineInfo() }

    /// Tells an event to all who listen, and remembers it.
    public func emit(_ event: EventMessage) {}

    /// Remembered events since a time, then those that come, until the stream is dropped.
    public func events(since: WallTime?) -> AsyncStream<EventMessage> { AsyncStream { $0.finish() } }

    private var todo: EngineError { EngineError(.notBuilt, "not built yet") }
}
