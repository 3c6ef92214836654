import CLinux
import KeeperProtocolEmbedded

// What is kept for the next keeper: the records in the region, and the descriptors with the service manager.
extension Keeper {
    /// Brings the store up to date, as far as the service manager takes messages. Comes before the engine is told.
    mutating func saveChanges() {
        guard let region = slots.region else { return }
        saveHeldRecords(region)
        guard manager.retryAt == 0 else { return }
        while let place = slots.nextUnstored {
            guard store(place) else { return }
            slots.stored()
            collect(place)
        }
        storeHeld()
    }

    /// Leaves a slot's descriptors with the manager or takes them back; `false` when it must be tried again. They are named
    /// by the place, as a name is used again only when what had it was taken out.
    private mutating func store(_ place: Int) -> Bool {
        let slot = slots[place]
        if slot.isForgotten || !slot.isInUse {
            guard slot.isStored else { return true }
            guard manager.remove("s", UInt64(place)) else { return false }
            slots[place].isStored = false
            return true
        }
        guard !slot.isStored, slot.state.phase == .running, slot.pidfd >= 0 else { return true }
        let sent = withUnsafeTemporaryAllocation(of: Int32.self, capacity: 1 + ProtocolBounds.keptDescriptors) { fds in
            fds[0] = slot.pidfd
            for index in 0..<slot.keptCount { fds[index + 1] = slot.kept[index] }
            return manager.store("s", UInt64(place), fds.baseAddress.map { UnsafePointer($0) }, slot.keptCount + 1)
        }
        slots[place].isStored = sent
        return sent
    }

    private mutating func saveHeldRecords(_ region: StateRegion) {
        guard held.isStale else { return }
        held.isStale = false
        for index in 0..<min(held.count, region.heldPlaces) where held[index].isUnsaved {
            HeldRecord.write(held[index], to: region, at: region.slots + index)
            held[index].isUnsaved = false
        }
        for index in held.count..<max(held.count, held.recorded) {
            region.write(region.slots + index, UnsafeRawBufferPointer(start: nil, count: 0))
        }
        held.recorded = min(held.count, region.heldPlaces)
    }

    private mutating func storeHeld() {
        while let number = held.nextRemoval {
            guard manager.remove("h", number) else { return }
            held.removalSent()
        }
        guard held.isUnstored else { return }
        for index in 0..<held.count where !held[index].isStored {
            var descriptor = held[index].descriptor
            let number = held[index].number
            let sent = withUnsafePointer(to: &descriptor) { manager.store("h", number, $0, 1) }
            guard sent else { return }
            held[index].isStored = true
        }
        held.isUnstored = false
    }

    /// Leaves the engine's pidfd with the manager, so that the next keeper can make sure that this engine has ended.
    mutating func storeEngine() {
        guard slots.region != nil else { return }
        var pidfd = engine.pidfd
        _ = manager.remove("e", 0)
        _ = withUnsafePointer(to: &pidfd) { manager.store("e", 0, $0, 1) }
    }
}
