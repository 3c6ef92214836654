import CLinux
import KeeperProtocolEmbedded

/// A descriptor that the service manager passed, with its name (sd_listen_fds_with_names(3)).
struct PassedName {
    let descriptor: Int32
    let name: UnsafePointer<CChar>
    let length: Int

    /// The number behind a letter, as in `s12`; `nil` for other names.
    func number(after letter: UInt8) -> UInt64? {
        guard length >= 2, length <= 19, UInt8(bitPattern: name[0]) == letter else { return nil }
        var value: UInt64 = 0
        for index in 1..<length {
            let digit = Int(name[index]) - 48
            guard digit >= 0, digit <= 9 else { return nil }
            value = value &* 10 &+ UInt64(digit)
        }
        return value
    }
}

/// The descriptors that the service manager passed: those that an earlier keeper left with it, and sockets of socket units.
struct PassedList {
    /// More are not taken: what there can be of slots with all their descriptors.
    private static let most: Int64 = 65536
    private var names: UnsafePointer<CChar>?
    private(set) var count = 0
    private static let first: Int32 = 3

    /// What LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES say; children do not see them any more.
    init() {
        if let pid = clinux_getenv("LISTEN_PID"), let number = clinux_getenv("LISTEN_FDS"),
            decimal(pid) == Int64(clinux_getpid())
        {
            count = Int(min(decimal(number) ?? 0, Self.most))
            names = clinux_getenv("LISTEN_FDNAMES").map { UnsafePointer($0) }
        }
        for index in 0..<Int32(count) { _ = clinux_set_cloexec(Self.first + index, 1) }
    }

    static func forget() {
        clinux_forget_variable("LISTEN_PID")
        clinux_forget_variable("LISTEN_FDS")
        clinux_forget_variable("LISTEN_FDNAMES")
    }

    func forEach(_ body: (PassedName) -> Void) {
        var at = names
        for index in 0..<count {
            var length = 0
            if let start = at {
                while start[length] != 0 && start[length] != 58 { length += 1 }
            }
            let name = at ?? PassedList.unnamed.cString
            body(PassedName(descriptor: Self.first + Int32(index), name: name, length: length))
            if let start = at { at = start[length] == 0 ? nil : start + length + 1 }
        }
    }

    private static let unnamed: StaticString = ""
}

// A keeper that died left what it held with the service manager: the one that comes after takes it up. What runs is not its
// child any more, so it is watched by its pidfd.
extension Keeper {
    private static let letterS = UInt8(115)
    private static let letterH = UInt8(104)
    private static let letterE = UInt8(101)
    private static let letterR = UInt8(114)
    /// The name of sockets of socket units begins so for the engine.
    static let socketPrefix: StaticString = "socket/"
    /// How long an engine of an earlier keeper may take to end by itself, which it does when its keeper is gone, and to end
    /// when killed.
    private static let lastEngine: (grace: Int32, kill: Int32) = (2000, 10_000)

    /// Takes up what was left, or begins anew; then the region is kept by this keeper.
    mutating func takeUp() {
        let passed = PassedList()
        defer { PassedList.forget() }
        let lineage = UInt64(bitPattern: clinux_clock_boottime())
        self.lineage = lineage
        if passed.count == 0 && !manager.isThere { return }
        var found: StateRegion?
        passed.forEach { name in
            if name.number(after: Self.letterR) == 0 { found = StateRegion(adopting: name.descriptor) }
        }
        if let found, !found.hasEnded, found.slots == slots.capacity, slots.keepRecords(in: found) {
            takeUp(passed, from: found)
        } else {
            beginAnew(passed)
        }
        for place in 0..<slots.used where slots[place].isInUse { settleTakenUp(place) }
    }

    private mutating func beginAnew(_ passed: PassedList) {
        passed.forEach { name in
            if isOfTheStore(name) {
                _ = clinux_close(name.descriptor)
                manager.remove(name: name.name, name.length)
            }
        }
        passed.forEach { name in if !isOfTheStore(name) { holdSocket(name) } }
        guard manager.isThere, let region = StateRegion(slots: slots.capacity, lineage: lineage),
            slots.keepRecords(in: region)
        else { return }
        region.keepers = 1
        var descriptor = region.descriptor
        _ = withUnsafePointer(to: &descriptor) { manager.store("r", 0, $0, 1) }
    }

    private func isOfTheStore(_ name: PassedName) -> Bool {
        name.number(after: Self.letterS) != nil || name.number(after: Self.letterH) != nil
            || name.number(after: Self.letterE) != nil || name.number(after: Self.letterR) != nil
    }

    private mutating func takeUp(_ passed: PassedList, from region: StateRegion) {
        lineage = region.lineage
        region.keepers += 1
        keepers = region.keepers
        restoreSlots(region)
        expectHeld(region)
        passed.forEach { name in
            if name.number(after: Self.letterR) != nil { return }
            if let place = name.number(after: Self.letterS) {
                attach(name.descriptor, place, region)
            } else if let number = name.number(after: Self.letterH) {
                if !held.restore(name.descriptor, number: number) {
                    _ = clinux_close(name.descriptor)
                    manager.remove(name: name.name, name.length)
                }
            } else if name.number(after: Self.letterE) != nil {
                endLastEngine(name.descriptor)
            }
        }
        held.finishRestoring()
        // After what was held, as they take numbers that nothing has.
        passed.forEach { name in if !isOfTheStore(name) { holdSocket(name) } }
        clinux_complain("took up what an earlier keeper held: processes: ", Int64(slots.count), "")
    }

    private mutating func restoreSlots(_ region: StateRegion) {
        for place in 0..<region.slots {
            guard let bytes = region.read(place), let record = SlotRecord.read(bytes) else { continue }
            var slot = Slot(state: record.state)
            slot.keptCount = record.kept
            slot.isStored = true
            slot.isWatched = true
            if record.state.phase == .running { slot.process = record.state.pid }
            _ = slots.restore(slot, at: place)
        }
    }

    /// Gives a slot one of its descriptors back.
    private func attach(_ descriptor: Int32, _ number: UInt64, _ region: StateRegion) {
        let place = Int(clamping: number)
        guard place < slots.used, slots[place].isInUse else {
            _ = clinux_close(descriptor)
            return
        }
        // Signal 0 is refused with EBADF for everything but a pidfd.
        if clinux_pidfd_send_signal(descriptor, 0) != -Int32(CLINUX_EBADF), slots[place].pidfd < 0 {
            slots[place].pidfd = descriptor
            return
        }
        let inode = clinux_inode(descriptor)
        if let bytes = region.read(place), let record = SlotRecord.read(bytes) {
            for index in 0..<record.kept where slots[place].kept[index] < 0 && record.inodes[index] == inode {
                slots[place].kept[index] = descriptor
                return
            }
        }
        _ = clinux_close(descriptor)
    }

    /// What the records say was held: they stand without a gap.
    private mutating func expectHeld(_ region: StateRegion) {
        for index in 0..<region.heldPlaces {
            guard let bytes = region.read(region.slots + index) else { return }
            held.recorded = index + 1
            if let record = HeldRecord.read(bytes) { held.expect(record.key, number: record.number) }
        }
    }

    /// A socket of a socket unit, for the engine to listen on.
    private mutating func holdSocket(_ name: PassedName) {
        let prefix = Self.socketPrefix.utf8CodeUnitCount
        let kept = withUnsafeTemporaryAllocation(byteCount: ProtocolBounds.keyLength, alignment: 1) { bytes in
            for index in 0..<prefix { bytes[index] = Self.socketPrefix.utf8Start[index] }
            let length = min(name.length, ProtocolBounds.keyLength - prefix)
            for index in 0..<length { bytes[prefix + index] = UInt8(bitPattern: name.name[index]) }
            let key = SlotKey(UnsafeRawBufferPointer(rebasing: bytes[..<(prefix + length)]))
            return key.map { held.put($0, name.descriptor) } ?? false
        }
        if !kept { _ = clinux_close(name.descriptor) }
    }

    /// Two engines at once would both write the records. One whose keeper is gone ends by itself.
    private func endLastEngine(_ pidfd: Int32) {
        if clinux_poll_in(pidfd, Self.lastEngine.grace) != 1 {
            _ = clinux_pidfd_send_signal(pidfd, 9)
            _ = clinux_poll_in(pidfd, Self.lastEngine.kill)
        }
        _ = clinux_close(pidfd)
    }

    /// Keeps a slot that came back whole; one that was still being launched, or whose pidfd did not come back, is let go:
    /// the engine looks for its process by its own records.
    private mutating func settleTakenUp(_ place: Int) {
        var whole = 0
        while whole < slots[place].keptCount && slots[place].kept[whole] >= 0 { whole += 1 }
        for index in whole..<max(whole, slots[place].keptCount) where slots[place].kept[index] >= 0 {
            _ = clinux_close(slots[place].kept[index])
            slots[place].kept[index] = -1
        }
        slots[place].keptCount = whole
        switch slots[place].state.phase {
        case .exited, .failed: return
        case .running:
            if slots[place].pidfd >= 0, watch(place) { return }
        case .starting: break
        }
        slots[place].process = 0
        forget(place)
    }
}
