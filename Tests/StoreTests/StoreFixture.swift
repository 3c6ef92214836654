import Model
import Testing

@testable import Store

/// What the tests keep in a store.
struct Record: Codable, Sendable, Equatable {
    var name: String
    var filler = String(repeating: "r", count: 1500)
}

struct State: Codable, Sendable, Equatable {
    var count: Int
    var filler = String(repeating: "s", count: 1200)
}

struct Entry: Codable, Sendable, Equatable {
    var number: Int
    var why = "the process ended"
}

typealias TestStore = ContainerStore<Record, State, Entry>

func containerID(_ number: Int) -> ContainerID {
    let digits = String(number, radix: 16)
    return ContainerID(String(repeating: "a", count: 64 - digits.utf8.count) + digits) ?? ContainerID.any
}

extension ContainerID {
    static var any: ContainerID {
        var generator = SystemRandomNumberGenerator()
        return .random(using: &generator)
    }
}

func entries(_ range: Range<Int>) -> [Entry] { range.map { Entry(number: $0) } }
