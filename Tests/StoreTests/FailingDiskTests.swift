import DiskSimulation
import Linux
import Model
import Testing

@testable import Store

@Suite("When a step fails")
struct FailingDiskTests {
    private let id = containerID(1)

    /// Makes each step of `change` fail in turn, alone or with all that follow, and checks what is left.
    private func eachFailure(
        _ change: (TestStore) throws -> Void,
        check: (_ store: TestStore, _ hasThrown: Bool, _ once: Bool) throws -> Void
    ) throws {
        for once in [true, false] {
            for code: Int32 in [28, 30, 5] {
                var count = 0
                while true {
                    let disk = SimulatedDisk()
                    let store = try TestStore(root: "/root", historyBound: 3, disk: disk)
                    try store.create(id, record: Record(name: "old"), state: State(count: 0))
                    try store.appendHistory(id, entries(0..<2))
                    disk.fail(after: count, code: code, once: once)
                    var hasThrown = false
                    do {
                        try change(store)
                    } catch let error as StoreError {
                        guard case .file(let file) = error else { throw error }
                        #expect(file.code == code)
                        hasThrown = true
                    }
                    let isOver = disk.isFailurePending
                    disk.fail(after: nil)
                    try check(store, hasThrown, once)
                    if isOver { break }
                    count += 1
                    try #require(count < 100)
                }
                #expect(count > 2)
            }
        }
    }

    @Test("a state is the old one, its history has no half entry, and another try succeeds")
    func commit() throws {
        try eachFailure {
            let errors = $0.commit([StoreChange(id: id, count: 1, entries: entries(2..<4))])
            if let error = errors[id] { throw error }
        } check: { store, hasThrown, once in
            let loaded = try store.loadAll()
            #expect(loaded.damaged.isEmpty)
            let count = loaded.records.first?.state?.count
            #expect(hasThrown ? count == 0 || count == 1 : count == 1)
            let numbers = try store.readHistory(id).entries.map(\.number)
            #expect(numbers == [0, 1] || numbers == [0, 1, 2, 3])
            if once, hasThrown, count == 0 { #expect(numbers == [0, 1]) }
            if count == 0, hasThrown {
                try store.writeState(id, State(count: 2))
                #expect(try store.loadAll().records.first?.state?.count == 2)
            }
        }
    }

    @Test("a container that could not be stored is not there, and can be stored again")
    func create() throws {
        let other = containerID(2)
        try eachFailure {
            try $0.create(other, record: Record(name: "new"), state: State(count: 5))
        } check: { store, hasThrown, _ in
            let loaded = try store.loadAll()
            #expect(loaded.damaged.isEmpty)
            #expect(loaded.records.first?.id == id)
            if hasThrown, loaded.records.count == 1 {
                try store.create(other, record: Record(name: "new"), state: State(count: 5))
            }
            #expect(try store.loadAll().records.count == 2)
        }
    }

    @Test("a container that could not be removed is whole")
    func remove() throws {
        try eachFailure {
            try $0.remove(id)
        } check: { store, hasThrown, _ in
            let loaded = try store.loadAll()
            #expect(loaded.damaged.isEmpty)
            #expect(loaded.records.isEmpty == !hasThrown)
            for container in loaded.records { #expect(container.state == State(count: 0)) }
        }
    }

    @Test("one container's failure leaves the others of its commit alone")
    func neighbours() throws {
        let disk = SimulatedDisk()
        let store = try TestStore(root: "/root", disk: disk)
        try store.create(id, record: Record(name: "a"), state: State(count: 0))
        let errors = store.commit([
            StoreChange(id: containerID(9), count: 1, entries: []),
            StoreChange(id: id, count: 1, entries: entries(0..<1)),
        ])
        #expect(errors == [containerID(9): .unknown(containerID(9))])
        #expect(try store.loadAll().records.first?.state?.count == 1)
    }
}
