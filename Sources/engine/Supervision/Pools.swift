package import NIOCore
internal import NIOPosix

/// Threads for keeping containers running. No client paces work on them.
package struct SupervisionPools: Sendable {
    /// One thread for the durable records; it keeps their order.
    package var records: any WorkPool
    /// Threads for starts, execs, control groups, unmounting and memory accounts. Work that hangs on a dead mount, whose path a
    /// user typed, keeps its thread, and another thread takes its place.
    package var hands: any WorkPool
    /// One thread for system call filters, each of which may take seconds to compile. Containers without a filter do not wait for
    /// it.
    package var compiler: any WorkPool

    /// Number of threads of `hands` while none hangs, and the largest number, of which all but one may hang.
    package static let hands = 2
    static let mostHands = 64

    /// Pools from their parts; without `compiler`, `hands` compiles.
    package init(records: any WorkPool, hands: any WorkPool, compiler: (any WorkPool)? = nil) {
        self.records = records
        self.hands = hands
        self.compiler = compiler ?? hands
    }

    /// Pools of this machine's threads.
    package static func machine() -> SupervisionPools {
        let records = NIOThreadPool(numberOfThreads: 1)
        records.start()
        return SupervisionPools(
            records: records, hands: GrowingThreadPool(standing: hands, most: mostHands),
            compiler: LateThreadPool(numberOfThreads: 1))
    }
}

/// Threads for requests of clients, each kind with its own bound (docs/api-bounds.md).
package struct ClientPools: Sendable {
    /// Work at the pace of a client: save, load, import, export, copying in and out. None waits, as a slow client holds a thread
    /// until it is done or gone.
    package var transfers: any WorkPool
    /// Work that waits for no client and may take long for its amount: images, sizes, changes, processes, measurements.
    package var inquiries: any WorkPool
    /// Look-ups of paths that a user typed; one may be on a mount that never answers.
    package var lookups: any WorkPool
    /// Reads of log files. Each reader waits for one block at a time.
    package var logs: any WorkPool
    /// Reads of the journal. libsystemd requires one thread for all calls on one journal object (sd-journal(3)).
    package var journal: any WorkPool
    /// Computations that may take long: large requests, patterns, answers about all containers.
    package var reckoners: any WorkPool

    /// Largest number of transfers at once.
    package static let transfers = 24
    /// Number of threads for inquiries while none hangs, the largest number of them, and the largest number of inquiries with
    /// those that wait.
    static let inquirers = 4
    static let mostInquirers = 16
    static let inquiries = 256
    /// Largest number of threads for look-ups, each of which may hang, and of look-ups with those that wait.
    static let lookers = 16
    static let lookups = 256

    /// One pool for every kind.
    package init(_ pool: any WorkPool) {
        transfers = pool
        inquiries = pool
        lookups = pool
        logs = pool
        journal = pool
        reckoners = pool
    }

    /// Pools of this machine's threads, which are made when they are first needed.
    package static func machine() -> ClientPools {
        var pools = ClientPools(LateThreadPool(numberOfThreads: 2))
        pools.transfers = BoundedPool(
            LateThreadPool(numberOfThreads: transfers), bound: transfers,
            refusal: "the supervisor serves \(transfers) transfers already, as many as it does at once "
                + "(save, load, import, export, cp): try again when one of them has ended")
        pools.inquiries = BoundedPool(
            GrowingThreadPool(standing: inquirers, most: mostInquirers), bound: inquiries,
            refusal: "\(inquiries) requests about images, sizes and processes wait for an answer already: "
                + "try again when some of them have ended")
        pools.lookups = BoundedPool(
            GrowingThreadPool(standing: 1, most: lookers), bound: lookups,
            refusal:
                "\(lookups) requests wait already for an answer about paths of the host: one of them may be on a mount "
                + "that does not answer; try again when it does")
        pools.logs = LateThreadPool(numberOfThreads: 2)
        pools.journal = LateThreadPool(numberOfThreads: 1)
        return pools
    }
}

extension ClientPools {
    /// Runs a client's long query. Queries beyond the bound of `inquiries` fail with 503.
    package func inquire<Value: Sendable>(
        on loop: any EventLoop, _ body: @escaping @Sendable () throws -> Value
    ) async throws(EngineError) -> Value {
        do {
            return try await inquiries.run(on: loop, body).get()
        } catch let error as EngineError {
            throw error
        } catch {
            throw EngineError(.failed, error.sentence)
        }
    }
}
