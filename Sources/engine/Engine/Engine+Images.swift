public import Images
internal import Model
public import Supervision

extension Engine {
    /// Runs a client's work on the images off the loop; errors of the store become `EngineError`.
    public func images<Result: Sendable>(
        _ work: @escaping @Sendable (ImageStore) throws -> Result
    ) async throws(EngineError) -> Result {
        try await images(on: clients.inquiries, work)
    }

    /// The same for what a new container is made from, which is quick and waits for no client.
    func ownImages<Result: Sendable>(
        _ work: @escaping @Sendable (ImageStore) throws -> Result
    ) async throws(EngineError) -> Result {
        try await images(on: workers, work)
    }

    /// The same for work that goes at the pace of a client. One that would be one too many is refused with 503.
    public func transfer<Result: Sendable>(
        _ work: @escaping @Sendable (ImageStore) throws -> Result
    ) async throws(EngineError) -> Result {
        try await images(on: clients.transfers, work)
    }

    /// The same on any pool.
    func images<Result: Sendable>(
        on pool: any WorkPool, _ work: @escaping @Sendable (ImageStore) throws -> Result
    ) async throws(EngineError) -> Result {
        let store = imageStore
        do {
            return try await run(on: pool) { try work(store) }
        } catch let error as EngineError {
            throw error
        } catch let error as ImageError {
            throw EngineError(error)
        } catch {
            throw EngineError(.failed, describe(error))
        }
    }

    /// Which containers use which image.
    public func imageUses() -> [ImageUse] {
        containers.all.compactMap { container in
            ImageID(container.spec.imageID).map { image in
                ImageUse(
                    image: image, container: container.id.text, isRunning: container.lifecycle.snapshot.running)
            }
        }
    }
}

extension EngineError {
    /// What the image store refused, in the API's terms.
    init(_ error: ImageError) {
        switch error.category {
        case .invalid: self.init(.badRequest, error.message)
        case .notFound: self.init(.notFound, error.message)
        case .conflict: self.init(.conflict, error.message)
        case .failure: self.init(.failed, error.message)
        }
    }
}
