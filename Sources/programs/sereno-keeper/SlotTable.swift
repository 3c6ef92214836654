import CLinux
import KeeperProtocolEmbedded

/// All slots, and the queue of those about which something is untold. Allocated once; slots that were never used cost
/// no memory.
struct SlotTable {
    private let slots: UnsafeMutablePointer<Slot>
    let capacity: Int
    /// Slots below this place were used at some time.
    private(set) var used = 0
    private(set) var count = 0
    private var firstFree: Int32 = -1
    private var byNumber: IndexTable
    private var byProcess: IndexTable
    private var firstUntold: Int32 = -1
    private var lastUntold: Int32 = -1
    /// Counts what happened to slots.
    private(set) var changes: UInt64 = 0
    /// Where records are kept for the next keeper; `nil` when none would read them.
    private(set) var region: StateRegion?
    /// Slots that changed since the service manager was told.
    private var unstored = PlaceQueue()

    init?(capacity: Int) {
        guard let memory = clinux_zeroed(capacity, MemoryLayout<Slot>.stride),
            let byNumber = IndexTable(capacity: capacity), let byProcess = IndexTable(capacity: capacity * 2)
        else { return nil }
        slots = memory.bindMemory(to: Slot.self, capacity: capacity)
        self.capacity = capacity
        self.byNumber = byNumber
        self.byProcess = byProcess
    }

    subscript(place: Int) -> Slot {
        get { slots[place] }
        nonmutating _modify { yield &slots[place] }
    }

    func place(number: UInt64) -> Int? { byNumber[number] }

    func place(process: Int32) -> Int? { byProcess[UInt64(UInt32(bitPattern: process))] }

    var isFull: Bool { firstFree < 0 && used == capacity }

    /// Puts a slot into the table, which must not be full.
    mutating func insert(_ slot: Slot) -> Int {
        let place: Int
        if firstFree >= 0 {
            place = Int(firstFree)
            firstFree = slots[place].next
        } else {
            place = used
            used += 1
        }
        (slots + place).initialize(to: slot)
        byNumber.insert(slot.state.slot, place)
        count += 1
        change(place)
        return place
    }

    /// Puts a slot back to where an earlier keeper had it; `false` when that is not possible. `finishRestoring` follows.
    mutating func restore(_ slot: Slot, at place: Int) -> Bool {
        guard place < capacity, place >= used, byNumber[slot.state.slot] == nil else { return false }
        while used < place {
            slots[used].isInUse = false
            slots[used].next = firstFree
            firstFree = Int32(used)
            used += 1
        }
        (slots + place).initialize(to: slot)
        used = place + 1
        byNumber.insert(slot.state.slot, place)
        count += 1
        return true
    }

    // MARK: Records

    /// From now on every change is written to the region; `false` when there is no memory to remember what is to be stored.
    mutating func keepRecords(in region: StateRegion) -> Bool {
        guard unstored.allocate(capacity) else { return false }
        self.region = region
        return true
    }

    /// A slot has changed: its record is written at once, and what the service manager has of it looked at later.
    mutating func change(_ place: Int) {
        guard let region else { return }
        writeRecord(place, region)
        if slots[place].isUnstored { return }
        slots[place].isUnstored = true
        unstored.append(place)
    }

    private func writeRecord(_ place: Int, _ region: StateRegion) {
        let slot = slots[place]
        guard slot.isInUse, !slot.isForgotten else {
            region.write(place, UnsafeRawBufferPointer(start: nil, count: 0))
            return
        }
        var inodes = InlineArray<8, UInt64>(repeating: 0)
        for index in 0..<slot.keptCount { inodes[index] = clinux_inode(slot.kept[index]) }
        SlotRecord.write(slot, inodes, to: region, at: place)
    }

    /// The slot that changed first of those of which the service manager may have too little or too much.
    var nextUnstored: Int? { unstored.first }

    /// The service manager has what it should have of that slot.
    mutating func stored() {
        guard let place = unstored.first else { return }
        slots[place].isUnstored = false
        unstored.removeFirst()
    }

    mutating func add(process: Int32, to place: Int) {
        byProcess.insert(UInt64(UInt32(bitPattern: process)), place)
    }

    mutating func remove(process: Int32) { byProcess.remove(UInt64(UInt32(bitPattern: process))) }

    /// Frees a slot that has no processes and nothing queued.
    mutating func release(_ place: Int) {
        byNumber.remove(slots[place].state.slot)
        slots[place].isInUse = false
        slots[place].next = firstFree
        firstFree = Int32(place)
        count -= 1
    }

    /// Notes that something is to be told; the slot joins the end of the queue unless it waits there already.
    mutating func note(_ untold: Untold, at place: Int) {
        slots[place].untold.formUnion(untold)
        changes &+= 1
        change(place)
        if slots[place].isQueued { return }
        slots[place].isQueued = true
        slots[place].next = -1
        if lastUntold >= 0 {
            slots[Int(lastUntold)].next = Int32(place)
        } else {
            firstUntold = Int32(place)
        }
        lastUntold = Int32(place)
    }

    /// The slot that has waited longest.
    var untold: Int? { firstUntold < 0 ? nil : Int(firstUntold) }

    /// Takes the first slot out of the queue.
    mutating func dequeue() {
        guard let place = untold else { return }
        firstUntold = slots[place].next
        if firstUntold < 0 { lastUntold = -1 }
        slots[place].isQueued = false
        slots[place].next = -1
    }

    /// Empties the queue: its engine is gone, and the next one is told whole states.
    mutating func forgetUntold() {
        while let place = untold {
            slots[place].untold = []
            dequeue()
        }
    }
}
