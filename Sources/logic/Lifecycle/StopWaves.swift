public import Model

/// The order of a shutdown: in each wave those that nobody of a later wave is needed by, so that what others need ends after
/// them. Those in a circle of needs end together, with the last.
public func stopWaves<ID: Hashable & Sendable>(of all: [ID], needs: [ID: [ID]]) -> [[ID]] {
    let known = Set(all)
    var users: [ID: Int] = [:]
    for id in all {
        for needed in Set(needs[id] ?? []) where known.contains(needed) && needed != id {
            // bounded: counts the containers that are there.
            users[needed, default: 0] += 1
        }
    }
    var waves: [[ID]] = []
    var left = all
    while !left.isEmpty {
        let wave = left.filter { users[$0, default: 0] == 0 }
        guard !wave.isEmpty else {
            waves.append(left)
            break
        }
        let gone = Set(wave)
        left.removeAll { gone.contains($0) }
        for id in wave {
            // bounded: counts the containers that are there.
            for needed in Set(needs[id] ?? []) where needed != id { users[needed, default: 0] -= 1 }
        }
        waves.append(wave)
    }
    return waves
}

/// How long the next wave of a shutdown may take: its share of what is left, so that the last one has some too. At least a
/// second while there is one.
public func stopShare(of left: Nanoseconds, waves: Int) -> Nanoseconds {
    let share = Nanoseconds(left.count / Int64(clamping: max(1, waves)))
    return max(.zero, min(left, max(share, .seconds(1))))
}
