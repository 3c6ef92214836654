import CLinux
import KeeperClient
import Linux
import TestSupport
import Testing

/// The keeper dies under a service manager that keeps descriptors.
@Suite struct DescriptorStoreTests {
    private let store: DescriptorStore

    init() throws { store = try DescriptorStore() }

    private func held(_ events: [KeeperEvent]) throws -> [String: UInt64] {
        var held: [String: UInt64] = [:]
        for case .held(let name, let descriptor) in events where name != "mounts" {
            let passed = try taken(descriptor)
            held[name] = clinux_inode(passed.borrowed.rawValue)
        }
        return held
    }

    /// Holds the reading ends of new pipes; the inode of each by its name.
    private func hold(_ count: Int, _ prefix: String, by keeper: KeeperUnderTest) throws -> [String: UInt64] {
        var made: [String: UInt64] = [:]
        for number in 0..<count {
            let pipe = try Pipe()
            try keeper.send { try $0.hold(pipe.read.borrowed, name: "\(prefix)/\(number)") }
            made["\(prefix)/\(number)"] = clinux_inode(pipe.read.borrowed.rawValue)
        }
        return made
    }

    private func expectStored(_ count: Int) {
        #expect(eventually(timeout: 20) { store.names.count { $0.hasPrefix("h") } == count }, "\(store.names)")
    }

    /// A keeper that comes after one that was killed, and what it hands over.
    private func successor(
        of keeper: inout KeeperUnderTest?, older: Bool = false
    ) throws -> (KeeperUnderTest, [String: UInt64]) {
        keeper = nil
        let next = try KeeperUnderTest(slots: 512, prefix: store.launcher(older: older))
        return (next, try held(next.greeting))
    }

    @Test("All that is held comes back, as many as there are slots, and what was dropped does not")
    func many() throws {
        var keeper: KeeperUnderTest? = try KeeperUnderTest(slots: 512, prefix: store.launcher())
        var wanted = try hold(300, "stdin", by: try #require(keeper))
        for number in [0, 17, 63, 64, 299] {
            try keeper?.send { try $0.drop(name: "stdin/\(number)") }
            wanted["stdin/\(number)"] = nil
        }
        expectStored(wanted.count)
        var found: [String: UInt64]
        for round in 0..<2 {
            (keeper, found) = try successor(of: &keeper)
            #expect(found == wanted, "\(round)")
        }
        // One of each name takes the place of another, and goes with it.
        wanted.merge(try hold(30, "stdin", by: try #require(keeper))) { $1 }
        expectStored(wanted.count)
        (keeper, found) = try successor(of: &keeper)
        #expect(found == wanted)
    }

    @Test("A watchdog's time beyond all bounds is one")
    func watchdog() throws {
        let time = ["env", "WATCHDOG_USEC=999999999999999999"]
        let keeper = try KeeperUnderTest(prefix: store.launcher() + time)
        #expect(try keeper.orphans() == 0)
    }

    @Test("Records of the version that held 64 are taken up, and there is room for more from then on")
    func olderRecords() throws {
        var keeper: KeeperUnderTest? = try KeeperUnderTest(slots: 512, prefix: store.launcher())
        var wanted = try hold(40, "before", by: try #require(keeper))
        expectStored(40)
        var found: [String: UInt64]
        (keeper, found) = try successor(of: &keeper, older: true)
        #expect(found == wanted)
        wanted.merge(try hold(100, "after", by: try #require(keeper))) { $1 }
        expectStored(140)
        (keeper, found) = try successor(of: &keeper)
        #expect(found == wanted)
    }
}
