import JSONFormat

typealias JSONText = JSONFormat.JSON

/// A member of an object or an element of an array; the path to a place is a list of them.
enum JSONStep: Hashable {
    case member(String), element(Int)
}

extension JSONText {
    /// Whether everything that `other` says is said here: its keys are all there with the same values.
    func holds(_ other: JSONText) -> Bool {
        switch (self, other) {
        case (.object(let mine), .object(let its)):
            its.allSatisfy { member in mine[member.name].map { $0.holds(member.value) } ?? false }
        case (.array(let mine), .array(let its)):
            mine.count == its.count && zip(mine, its).allSatisfy { $0.holds($1) }
        default: self == other
        }
    }

    /// The paths to all objects in it, itself among them.
    var objects: [[JSONStep]] {
        switch self {
        case .object(let object):
            [[]] + object.flatMap { member in member.value.objects.map { [.member(member.name)] + $0 } }
        case .array(let elements):
            elements.indices.flatMap { index in elements[index].objects.map { [.element(index)] + $0 } }
        case .null, .bool, .number, .string: []
        }
    }

    /// It with the object at the end of the path changed.
    func changing(_ path: some Collection<JSONStep>, _ change: (JSONObject) -> JSONObject) -> JSONText {
        switch (self, path.first) {
        case (.object(let object), nil): .object(change(object))
        case (.object(let object), .member(let name)):
            .object(
                JSONObject(
                    object.map { ($0.name, $0.name == name ? $0.value.changing(path.dropFirst(), change) : $0.value) }))
        case (.array(let elements), .element(let index)):
            .array(
                elements.enumerated().map {
                    $0.offset == index ? $0.element.changing(path.dropFirst(), change) : $0.element
                })
        default: self
        }
    }

    /// What stands at the end of the path.
    subscript(path: [String]) -> JSONText? { path.reduce(self) { $0?[$1] } }
}
