public import Engine
public import FileService
public import HostService
public import ImageService
internal import Isolation
package import KeeperClient
internal import Linux
public import Logging
internal import Model
public import NIOCore
internal import Records
internal import Runs
package import Store
public import Supervision

/// A supervisor: the engine of the containers and the services beside it, on one event loop.
///
/// A new service of something that containers hold is made here, and is one more in the list of holdings.
public struct Supervisor: Sendable {
    /// The engine of the containers.
    public let engine: Engine
    /// The service of images.
    public let images: ImageService
    /// The service of containers' files.
    public let files: FileService
    /// The service of facts about the host.
    public let host: HostService

    /// A supervisor on a loop, connected to the keeper that started this process. It does nothing until `engine.recover()`. Throws
    /// without a keeper, and when isolation, records or images cannot be set up. `onReplace` and `onKeeperGone`
    /// are called when the keeper requests another engine, or is gone.
    public init(
        configuration: EngineConfiguration, loop: any EventLoop, log: Logger,
        onReplace: @escaping @Sendable () -> Void, onKeeperGone: @escaping @Sendable () -> Void
    ) throws {
        let keeper = try KeeperClient.inherited()
        try self.init(
            configuration: configuration, loop: loop, log: log, keeper: keeper, disk: LinuxFileSystem(),
            in: try .machine(configuration), onReplace: onReplace, onKeeperGone: onKeeperGone)
    }

    /// A supervisor in other surroundings than the machine.
    package init(
        configuration: EngineConfiguration, loop: any EventLoop, log: Logger, keeper: KeeperClient,
        disk: any StoreFileSystem, in surroundings: Surroundings,
        onReplace: @escaping @Sendable () -> Void, onKeeperGone: @escaping @Sendable () -> Void
    ) throws {
        let records = try RecordStore(root: configuration.dataRoot, disk: disk)
        let images = try ImageService(
            root: configuration.dataRoot + "/images", archiveTool: configuration.programs + "/sereno-archive",
            loop: loop, supervision: surroundings.supervision, clients: surroundings.clients)
        let services = EngineServices(
            records: records, runs: Runs(keeper: keeper, loop: loop, log: log), holdings: [images])
        engine = Engine(
            configuration: configuration, loop: loop, log: log, in: surroundings, with: services,
            onReplace: onReplace, onKeeperGone: onKeeperGone)
        self.images = images
        files = FileService(images: images, clients: surroundings.clients)
        host = HostService(
            images: images, isolation: surroundings.isolation, clients: surroundings.clients,
            clock: surroundings.clock)
    }
}
