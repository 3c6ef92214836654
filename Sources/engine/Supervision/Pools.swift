internal import NIOPosix

/// Threads for what keeps containers running. Nothing runs on them that a client paces.
package struct SupervisionPools: Sendable {
    /// One thread, which keeps the order of what it is given: the durable records.
    package var records: any WorkPool
    /// Starts, execs, control groups, unmounting, memory accounts. What hangs on a dead mount, whose path a user typed, is left to
    /// hang, and others take its place.
    package var hands: any WorkPool
    /// One thread for system call filters, each of which may take seconds to compile: who needs none must not wait for it.
    package var compiler: any WorkPool

    /// How many threads carry out starts and their kin while none hangs, and how many there are at most, of which all but the last may.
    package static let hands = 2
    static let mostHands = 64

    /// Pools by their parts.
    package init(records: any WorkPool, hands: any WorkPool, compiler: (any WorkPool)? = nil) {
        self.records = records
        self.hands = hands
        self.compiler = compiler ?? hands
    }

    /// Threads of this machine.
    package static func machine() -> SupervisionPools {
        let records = NIOThreadPool(numberOfThreads: 1)
        records.start()
        return SupervisionPools(
            records: records, hands: GrowingThreadPool(standing: hands, most: mostHands),
            compiler: LateThreadPool(numberOfThreads: 1))
    }
}

/// Threads for what clients ask for, each kind with its own bound (docs/api-bounds.md).
package struct ClientPools: Sendable {
    /// What goes at the pace of a client: save, load, import, export, copying in and out. None waits: who sends or reads slowly holds
    /// a thread until it is done or let go.
    package var transfers: any WorkPool
    /// What waits for nobody and may take long as there is much of it: images, sizes, changes, processes, measurements.
    package var inquiries: any WorkPool
    /// Whether a path is there that a user typed: it may be on a mount that never answers.
    package var lookups: any WorkPool
    /// Reading of log files. Each reader waits for one block at a time.
    package var logs: any WorkPool
    /// Reading of the journal: libsystemd wants one thread for all that is done with one (sd-journal(3)).
    package var journal: any WorkPool
    /// What waits for nothing but may take long: large requests, patterns, answers about all containers.
    package var reckoners: any WorkPool

    /// Transfers at once.
    package static let transfers = 24
    /// Inquiries at once while none hangs, at most, and with those that wait.
    static let inquirers = 4
    static let mostInquirers = 16
    static let inquiries = 256
    /// Look-ups at once, each of which may hang, and with those that wait.
    static let lookers = 16
    static let lookups = 256

    /// All of them on one pool.
    package init(_ pool: any WorkPool) {
        transfers = pool
        inquiries = pool
        lookups = pool
        logs = pool
        journal = pool
        reckoners = pool
    }

    /// Threads of this machine, made when they are first needed.
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
