import Foundation

/// A JSON text as values, to look into what is stored without the types that store it.
indirect enum JSONTree: Hashable {
    case object([String: JSONTree])
    case array([JSONTree])
    case leaf(String)

    init(_ bytes: [UInt8]) throws {
        self.init(try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed))
    }

    private init(_ value: Any) {
        switch value {
        case let object as [String: Any]: self = .object(object.mapValues { JSONTree($0) })
        case let array as [Any]: self = .array(array.map { JSONTree($0) })
        default: self = .leaf("\(value)")
        }
    }

    /// Whether everything that `other` says is said here: its keys are all there with the same values.
    func holds(_ other: JSONTree) -> Bool {
        switch (self, other) {
        case (.object(let mine), .object(let its)):
            its.allSatisfy { key, value in mine[key].map { $0.holds(value) } ?? false }
        case (.array(let mine), .array(let its)):
            mine.count == its.count && zip(mine, its).allSatisfy { $0.holds($1) }
        default: self == other
        }
    }
}
