import Glibc
import Linux
import Model
import TestSupport
import Testing

@testable import Store

@Suite struct SetAsideTests {
    @Test("A container that ended two engines is left where it is and not read until its mark is removed")
    func faulty() throws {
        let directory = try TemporaryDirectory("sereno-store")
        let store = try TestStore(root: directory.child("root"))
        let (bad, good) = (containerID(1), containerID(2))
        for id in [bad, good] { try store.create(id, record: Record(name: "a"), state: State(count: 1)) }
        var seen: [ContainerID] = []
        let first = try store.loadAll(settingAside: [bad]) { id, work in
            seen.append(id)
            work()
        }
        #expect(first.records.map(\.id) == [good] && seen == [good])
        #expect(first.damaged.map(\.damage) == [.endsTheEngine] && first.damaged.first?.id == bad)
        #expect(try store.loadAll().records.map(\.id) == [good])
        #expect(unlink(store.directory(of: bad) + "/set-aside") == 0)
        let last = try store.loadAll()
        #expect(Set(last.records.map(\.id)) == [bad, good] && last.damaged.isEmpty)
    }
}
