import DiskSimulation
import Model
import Testing

@testable import Store

@Suite("After a power cut between any two steps")
struct CrashTests {
    private let a = containerID(1)
    private let b = containerID(2)

    /// Carries out `change` on a store that `setUp` has filled, and gives every store that a power cut may leave:
    /// `isDone` when the change had returned.
    private func crash(
        historyBound: Int = 256, setUp: (TestStore) throws -> Void, change: (TestStore) throws -> Void,
        check: (_ store: TestStore, _ isDone: Bool) throws -> Void
    ) throws {
        let first = SimulatedDisk()
        try setUp(TestStore(root: "/root", historyBound: historyBound, disk: first))
        let base = first.image
        let disk = SimulatedDisk(base)
        let store = try TestStore(root: "/root", historyBound: historyBound, disk: disk)
        try change(store)
        let steps = disk.steps
        #expect(steps.count > 3)
        for count in 0...steps.count {
            for image in PowerCut.images(base, steps[..<count]) {
                let store = try TestStore(root: "/root", historyBound: historyBound, disk: SimulatedDisk(image))
                try check(store, count == steps.count)
            }
        }
    }

    @Test("a new container is there as a whole or not at all")
    func create() throws {
        try crash {
            _ in
        } change: {
            try $0.create(a, record: Record(name: "a"), state: State(count: 1))
        } check: { store, isDone in
            let loaded = try store.loadAll()
            try #require(loaded.damaged.isEmpty)
            if let container = loaded.records.first {
                try #require(container.record == Record(name: "a") && container.state == State(count: 1))
                try #require(try store.readHistory(a).entries.isEmpty)
            } else {
                try #require(!isDone)
                // Nothing of the draft stands in the way of another try.
                try store.create(a, record: Record(name: "b"), state: State(count: 2))
                try #require(try store.loadAll().records.first?.record == Record(name: "b"))
            }
        }
    }

    @Test("each container of a group commit has its old state or its new one, and no entry twice")
    func commit() throws {
        try crash {
            for (id, name) in [(a, "a"), (b, "b")] {
                try $0.create(id, record: Record(name: name), state: State(count: 0))
                try $0.appendHistory(id, entries(0..<3))
            }
        } change: { store in
            let changes = [a, b].map { StoreChange(id: $0, count: 1, entries: entries(3..<30)) }
            #expect(store.commit(changes) == [:])
        } check: { store, isDone in
            let loaded = try store.loadAll()
            try #require(loaded.damaged.isEmpty && loaded.records.count == 2)
            for container in loaded.records {
                let count = try #require(container.state?.count)
                try #require(isDone ? count == 1 : count == 0 || count == 1)
                let numbers = try store.readHistory(container.id).entries.map(\.number)
                // Of entries that nobody was promised, one in the middle may be torn.
                try #require(numbers.starts(with: 0..<3) && numbers == Set(numbers).sorted())
                if isDone { try #require(numbers.count == 30) }
                // A torn line does not spoil what is written after it.
                try store.appendHistory(container.id, entries(100..<101))
                try #require(try store.readHistory(container.id).entries.map(\.number) == numbers + [100])
            }
        }
    }

    @Test("a record has its old content or its new one")
    func writeRecord() throws {
        try crash {
            try $0.create(a, record: Record(name: "old"), state: State(count: 0))
        } change: {
            try $0.writeRecord(a, Record(name: "new"))
        } check: { store, isDone in
            let loaded = try store.loadAll()
            let name = try #require(loaded.records.first?.record.name)
            try #require(loaded.damaged.isEmpty && (isDone ? name == "new" : name == "new" || name == "old"))
        }
    }

    @Test("a removed container is whole or gone, and once gone never comes back")
    func remove() throws {
        try crash {
            try $0.create(a, record: Record(name: "a"), state: State(count: 0))
        } change: {
            try $0.remove(a)
        } check: { store, isDone in
            let loaded = try store.loadAll()
            try #require(loaded.damaged.isEmpty)
            if isDone { try #require(loaded.records.isEmpty) }
            if let container = loaded.records.first { try #require(container.state == State(count: 0)) }
        }
    }

    @Test("a history that was being cut back has all its newest entries")
    func compaction() throws {
        try crash(historyBound: 4) {
            try $0.create(a, record: Record(name: "a"), state: State(count: 0))
            try $0.appendHistory(a, entries(0..<8))
        } change: {
            try $0.appendHistory(a, entries(8..<9))
        } check: { store, isDone in
            let numbers = try store.readHistory(a).entries.map(\.number)
            let last = try #require(numbers.last)
            try #require(isDone ? last == 8 : last == 7 || last == 8)
            try #require(numbers == Array((last + 1 - numbers.count)...last) && numbers.count >= 4)
            if isDone { try #require(numbers.count >= 4) }
        }
    }
}

extension StoreChange<State, Entry> {
    init(id: ContainerID, count: Int, entries: [Entry]) {
        self.init(id, state: State(count: count), history: entries)
    }
}
