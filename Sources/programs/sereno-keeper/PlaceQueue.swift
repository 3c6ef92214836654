import CLinux

/// Places of the slot table in the order in which they came, each at most once: as many as there are slots at most.
struct PlaceQueue {
    private var places: UnsafeMutablePointer<Int32>?
    private var capacity = 0
    private var head = 0
    private var count = 0

    /// Takes memory for so many places, once; `false` when there is none.
    mutating func allocate(_ capacity: Int) -> Bool {
        guard places == nil, let memory = clinux_zeroed(capacity, MemoryLayout<Int32>.stride) else { return false }
        places = memory.bindMemory(to: Int32.self, capacity: capacity)
        self.capacity = capacity
        return true
    }

    mutating func append(_ place: Int) {
        guard let places, count < capacity else { return }
        places[(head + count) % capacity] = Int32(place)
        count += 1
    }

    var first: Int? {
        guard let places, count > 0 else { return nil }
        return Int(places[head])
    }

    mutating func removeFirst() {
        guard count > 0 else { return }
        head = (head + 1) % capacity
        count -= 1
    }
}
