public import Images
internal import Linux
package import Model
package import NIOCore
public import Supervision

/// Service of images to clients and containers. The store's work runs off the loop, and its failures are the API's errors.
public final class ImageService: Sendable {
    /// The store of the images.
    package let store: ImageStore
    private let loop: any EventLoop
    private let clients: ClientPools
    private let hands: any WorkPool

    /// Opens the store below `root`; `archiveTool` is the path of `sereno-archive`. Throws when the store cannot be opened.
    package init(
        root: String, archiveTool: String, loop: any EventLoop, supervision: SupervisionPools, clients: ClientPools
    ) throws {
        store = try ImageStore(root: root, archiveTool: archiveTool)
        self.loop = loop
        self.clients = clients
        self.hands = supervision.hands
    }

    /// The names of the images as they are now; reading them waits for no disk.
    public var catalogue: ImageCatalogue { store.catalogue }

    /// Runs a client's query or change. Queries beyond the bound of `ClientPools.inquiries` fail with 503.
    public func perform<Result: Sendable>(
        _ work: @escaping @Sendable (ImageStore) throws -> Result
    ) async throws(EngineError) -> Result {
        try await perform(on: clients.inquiries, work)
    }

    /// Runs work at the pace of a client. Transfers beyond the bound of `ClientPools.transfers` fail with 503.
    public func transfer<Result: Sendable>(
        _ work: @escaping @Sendable (ImageStore) throws -> Result
    ) async throws(EngineError) -> Result {
        try await perform(on: clients.transfers, work)
    }

    /// Runs work on any pool.
    package func perform<Result: Sendable>(
        on pool: any WorkPool, _ work: @escaping @Sendable (ImageStore) throws -> Result
    ) async throws(EngineError) -> Result {
        let store = self.store
        do {
            return try await pool.run(on: loop) { try work(store) }.get()
        } catch let error as EngineError {
            throw error
        } catch let error as ImageError {
            throw EngineError(error)
        } catch {
            throw EngineError(.failed, error.sentence)
        }
    }
}

extension ImageService: Holding {
    /// Claims the image before reading it, so that a removal meanwhile is refused.
    package func claim(_ creation: inout Creation) async throws(EngineError) {
        guard !creation.spec.image.isEmpty else { return }
        let asked = creation
        creation.spec = try await perform(on: hands) { store in
            let id = try store.claim(asked.spec.image, for: asked.id.text)
            do {
                let details = try store.inspect(id.description)
                try Self.check(details, asked)
                var spec = asked.spec.merged(with: details.config)
                spec.imageID = id.description
                return spec
            } catch {
                store.release(asked.id.text)
                throw error
            }
        }
    }

    package func ready(_ spec: ContainerSpec, for id: ContainerID) throws(EngineError) -> LaunchShare {
        var share = LaunchShare()
        guard !spec.imageID.isEmpty else { return share }
        do throws(ImageError) {
            share.layers = try store.containerLayerPaths(try store.resolve(spec.imageID))
        } catch {
            throw EngineError(error)
        }
        return share
    }

    package var unusable: [UnusableObject] {
        store.setAside.map { UnusableObject(type: "image", description: $0) }
    }

    package func release(_ id: ContainerID) { store.release(id.text) }

    package func reconcile(_ known: [ContainerID: ContainerSpec]) {
        var uses: [String: ImageID] = [:]
        for (id, spec) in known { uses[id.text] = ImageID(spec.imageID) }
        store.reconcile(uses)
    }

    private static func check(_ image: ImageDetails, _ asked: Creation) throws(EngineError) {
        guard let wanted = asked.platform else { return }
        let platform = Platform(os: image.os, architecture: image.architecture, variant: image.variant)
        let found = "image with reference \(asked.spec.image) was found but its platform (\(platform)) does not match "
        guard platform.fits(wanted) else {
            throw EngineError(.notFound, found + "the specified platform (\(wanted))")
        }
        // Another status, as clients pull after 404, and no image would run.
        guard platform.runs(on: HostMachine.platform) else {
            throw EngineError(
                .badRequest, found + "the host platform (\(HostMachine.platform)), which emulates no other")
        }
    }
}

extension EngineError {
    /// A refusal or failure of the image store, in the API's terms.
    package init(_ error: ImageError) {
        switch error.category {
        case .invalid: self.init(.badRequest, error.message)
        case .notFound: self.init(.notFound, error.message)
        case .conflict: self.init(.conflict, error.message)
        case .failure: self.init(.failed, error.message)
        }
    }
}
