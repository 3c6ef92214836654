import DiskSimulation
import Model
import Testing

@testable import Store

/// A history of changes like a supervisor's, with a power cut at every place in it.
@Suite("A recorded history of changes")
struct RecordedHistoryTests {
    private let a = containerID(1)
    private let b = containerID(2)
    private let c = containerID(3)

    /// What must be there after the changes that had returned; `nil` is a container that must be gone.
    private typealias Acknowledged = [ContainerID: (name: String, count: Int, entries: Int)?]

    private struct Change {
        let carryOut: (TestStore) throws -> Void
        let acknowledge: (inout Acknowledged) -> Void
        let touches: [ContainerID]
    }

    private func create(_ id: ContainerID, _ name: String) -> Change {
        Change(
            carryOut: {
                try $0.create(id, record: Record(name: name, filler: "r"), state: State(count: 0, filler: "s"))
            },
            acknowledge: { $0[id] = .some((name, 0, 0)) }, touches: [id])
    }

    private func commit(_ counts: [ContainerID: Int]) -> Change {
        Change(
            carryOut: { store in
                let changes = counts.sorted { $0.key < $1.key }.map { id, count in
                    StoreChange<State, Entry>(id, state: State(count: count), history: entries(count - 1..<count))
                }
                for error in store.commit(changes).values { throw error }
            },
            acknowledge: { acknowledged in
                for (id, count) in counts {
                    if let old = acknowledged[id] ?? nil { acknowledged[id] = .some((old.name, count, count)) }
                }
            }, touches: Array(counts.keys))
    }

    private func rename(_ id: ContainerID, _ name: String) -> Change {
        Change(
            carryOut: { try $0.writeRecord(id, Record(name: name, filler: "r")) },
            acknowledge: { acknowledged in
                if let old = acknowledged[id] ?? nil { acknowledged[id] = .some((name, old.count, old.entries)) }
            }, touches: [id])
    }

    private func remove(_ id: ContainerID) -> Change {
        Change(
            carryOut: { try $0.remove(id) }, acknowledge: { $0[id] = .some(nil) }, touches: [id])
    }

    @Test("has every acknowledged change after a cut behind any step, any reordering and any tear")
    func everyPrefix() throws {
        let changes = [
            create(a, "a"), commit([a: 1]), create(b, "b"), commit([a: 2, b: 1]), rename(a, "a2"), commit([b: 2]),
            remove(a), create(c, "c"), commit([b: 3, c: 1]), remove(b), commit([c: 2]),
        ]
        let disk = SimulatedDisk()
        let store = try TestStore(root: "/root", disk: disk)
        var acknowledged: Acknowledged = [:]
        var checked = 0
        for change in changes {
            let before = disk.steps.count
            try change.carryOut(store)
            let old = acknowledged
            change.acknowledge(&acknowledged)
            // The images behind each step of this change, and behind its last, when it was acknowledged.
            for count in before + 1...disk.steps.count {
                let isDone = count == disk.steps.count
                for image in PowerCut.images(DiskImage(), disk.steps[..<count]) {
                    try check(image, isDone ? acknowledged : old, except: isDone ? [] : change.touches)
                    checked += 1
                }
            }
        }
        #expect(checked > 1000, "\(checked)")
    }

    private func check(_ image: DiskImage, _ acknowledged: Acknowledged, except touched: [ContainerID]) throws {
        let store = try TestStore(root: "/root", disk: SimulatedDisk(image))
        let loaded = try store.loadAll()
        try #require(loaded.damaged.isEmpty, "\(loaded.damaged)")
        let found = Dictionary(loaded.records.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for (id, wanted) in acknowledged where !touched.contains(id) {
            guard let wanted else {
                try #require(found[id] == nil)
                continue
            }
            try #require(found[id]?.record.name == wanted.name)
            try #require(found[id]?.state?.count == wanted.count)
            try #require(try store.readHistory(id).entries.map(\.number) == Array(0..<wanted.entries))
        }
        // What was being changed is the old or the new, and of use either way.
        for id in touched {
            if let container = found[id] { try #require(container.state != nil) }
        }
    }
}
