import CLinux
import Glibc
import KeeperClient
import KeeperProtocol
import LaunchPlan
import Linux
import Model
import TestSupport
import Testing

/// Whatever an engine sends, the keeper answers and lives.
@Suite struct HostileEngineTests {
    /// Sends bytes and descriptors as they are.
    private func send(_ keeper: KeeperUnderTest, _ bytes: [UInt8], _ descriptors: [Int32] = []) throws {
        try keeper.send { client in
            _ = clinux_send_packet(
                client.readable.rawValue, bytes, bytes.count, descriptors, Int32(descriptors.count), 1)
        }
    }

    private func drain(_ keeper: KeeperUnderTest) throws -> Int {
        var refused = 0
        try keeper.send { client in
            while let event = try client.receive() {
                if case .refused = event { refused += 1 }
            }
        }
        return refused
    }

    @Test func thousandsOfMalformedFramesAreAnsweredAndLeaveNothing() throws {
        let keeper = try KeeperUnderTest()
        let null = try openNull()
        // A frame that is right by chance may say so, and then the keeper keeps the engine's program open.
        try keeper.send { try $0.ready() }
        _ = try keeper.orphans()
        let before = try keeper.descriptors()
        var generator = SystemRandomNumberGenerator()
        var refused = 0
        for round in 0..<10_000 {
            var bytes = (0..<Int.random(in: 1...600, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            if round % 2 == 0, bytes.count >= 8 {
                // A header that is right, so that the fields are looked at; never `exit` or `reload`, which are no mistakes.
                let kind: UInt8 = [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15].randomElement(using: &generator) ?? 1
                bytes.replaceSubrange(
                    0..<8, with: [kind, 0, 0, 0, UInt8(bytes.count & 0xFF), UInt8(bytes.count >> 8), 0, 0])
            }
            // A `hold` with one descriptor may by chance be right, and then the keeper holds it.
            let counts = bytes[0] == 6 ? [0, 2, 3] : [0, 1, 2, 3]
            let count = counts.randomElement(using: &generator) ?? 0
            try send(keeper, bytes, [Int32](repeating: null.rawValue, count: count))
            if round % 50 == 0 { refused += try drain(keeper) }
        }
        #expect(try keeper.run(shell("exit 5")).exit?.status == .exited(5))
        refused += try drain(keeper)
        #expect(refused > 0)
        _ = try keeper.orphans()
        #expect(try keeper.descriptors() == before)
    }

    @Test func plansThatWereTamperedWithAreRefusedOrFailButNeverHarm() throws {
        let keeper = try KeeperUnderTest()
        let before = try keeper.descriptors()
        let null = try openNull()
        let plan = try Plan(
            namespaces: 0x0002_0000,
            operations: [.setLimit(resource: 7, soft: 100, hard: 100), .umask(0o22), .newSession]
                + shell("true").operations
        ).encoded()
        var generator = SystemRandomNumberGenerator()
        for round in 0..<600 {
            var bytes = plan
            if round % 3 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator)) }
            // Not the texts: a plan that holds together is carried out, whatever it says.
            for _ in 0..<2 where !bytes.isEmpty {
                let at = Int.random(in: 0..<bytes.count, using: &generator)
                if at < 8 || at >= 32 { bytes[at] = UInt8.random(in: 0...255, using: &generator) }
            }
            let memory = clinux_sealed_memfd("test", bytes, bytes.count)
            let slot = UInt64(10_000 + round)
            try keeper.send { client in
                try client.send(
                    .spawn(slot: slot, kind: .container, key: SlotKey(), kept: 0, planned: 0),
                    [BorrowedDescriptor(rawValue: memory), null.borrowed, null.borrowed, null.borrowed])
            }
            _ = clinux_close(memory)
            _ = try keeper.outcome(of: RunID(slot))
            try keeper.send { try $0.forget(RunID(slot)) }
        }
        #expect(try keeper.run(shell("exit 6")).exit?.status == .exited(6))
        // The answer to a ping tells that the frames before it were read.
        _ = try keeper.orphans()
        #expect(try keeper.zombies().isEmpty)
        #expect(try keeper.descriptors() == before)
    }

    @Test func aPlanThatCouldStillChangeIsRefused() throws {
        let keeper = try KeeperUnderTest()
        let null = try openNull()
        let directory = try TemporaryDirectory()
        let bytes = try shell("true").encoded()
        let loose = clinux_open(directory.child("plan"), O_RDWR | O_CREAT, 0o600)
        #expect(write(loose, bytes, bytes.count) == bytes.count)
        for descriptor in [loose, null.rawValue] {
            let slot = keeper.newSlot()
            try keeper.send { client in
                try client.send(
                    .spawn(slot: slot.value, kind: .container, key: SlotKey(), kept: 0, planned: 0),
                    [BorrowedDescriptor(rawValue: descriptor), null.borrowed, null.borrowed, null.borrowed])
            }
            #expect(try keeper.outcome(of: slot).failure == LaunchFailure(phase: .plan, code: EINVAL))
        }
        close(loose)
    }

    @Test func framesOutOfPlaceAreRefusedByName() throws {
        let keeper = try KeeperUnderTest(slots: 8)
        func answer(_ frame: EngineFrame, _ descriptors: [BorrowedDescriptor] = []) throws -> FrameError? {
            try keeper.send { try $0.send(frame, descriptors) }
            guard case .refused(let error, _) = try keeper.next() else { return nil }
            return error
        }
        let null = try openNull()
        let slot = try keeper.spawn(shell("exec sleep 100"))
        _ = try keeper.next()
        #expect(try answer(.forget(slot: slot.value)) == .outOfPlace)
        #expect(try answer(.hello(version: 99)) == .wrongVersion)
        #expect(try answer(.ping(token: 1), [null.borrowed]) == .wrongDescriptors)
        #expect(
            try answer(.spawn(slot: 999, kind: .exec, key: SlotKey(), kept: 0, planned: 1), [null.borrowed])
                == .wrongDescriptors)
        for number in 0..<(8 + ProtocolBounds.heldDescriptors) {
            try keeper.send { try $0.hold(null.borrowed, name: "held \(number)") }
        }
        try keeper.send { try $0.hold(null.borrowed, name: "held 0") }
        var one: [UInt8] = [1]
        let key = try #require(one.withUnsafeMutableBytes { SlotKey(UnsafeRawBufferPointer($0)) })
        #expect(try answer(.hold(key: key), [null.borrowed]) == .full)
        try keeper.send { try $0.signal(slot, .kill) }
        #expect(try keeper.outcome(of: slot).exit != nil)
    }
}
