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
        return place
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
