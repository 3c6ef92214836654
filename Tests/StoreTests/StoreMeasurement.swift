import Glibc
import TestSupport
import Testing

@testable import Store

/// `SERENO_MEASURE=1 swift test --filter StoreMeasurement` prints what a durable change costs on this disk. It holds
/// nothing against the result, because the disk decides it.
@Suite("StoreMeasurement", .enabled(if: getenv("SERENO_MEASURE") != nil), .serialized)
struct StoreMeasurement {
    private func microseconds(_ body: () throws -> Void) rethrows -> Double {
        var start = timespec()
        clock_gettime(CLOCK_MONOTONIC, &start)
        try body()
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        return Double(end.tv_sec - start.tv_sec) * 1e6 + Double(end.tv_nsec - start.tv_nsec) / 1e3
    }

    @Test("a state and an entry of history made durable, alone and 100 containers at a time")
    func commit() throws {
        let directory = try TemporaryDirectory()
        let store = try TestStore(root: directory.child("data"))
        let ids = (0..<100).map(containerID)
        for id in ids { try store.create(id, record: Record(name: "a"), state: State(count: 0)) }
        let alone = (0..<100).map { number in
            microseconds { _ = store.commit([StoreChange(id: ids[0], count: number, entries: entries(0..<1))]) }
        }
        let together = (0..<10).map { number in
            microseconds {
                _ = store.commit(ids.map { StoreChange(id: $0, count: number, entries: entries(0..<1)) })
            }
        }
        print("commit of one:", Int(alone.sorted()[50]), "µs; of 100 together:", Int(together.sorted()[5]), "µs")
    }
}
