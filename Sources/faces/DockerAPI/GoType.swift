import JSONFormat
internal import Model

/// A type of the Go structures that Docker decodes requests into and encodes answers from.
indirect enum GoType: Sendable {
    case text
    case flag
    case number
    /// A slice; `null` and `[]` stay apart.
    case list(GoType)
    /// A slice of texts that may be given as one text (Docker's `strslice`).
    case words
    /// A map by text. It is written in the order of its names.
    case map(GoType)
    case structure([Field])
    /// A pointer to a structure; `null` when absent.
    case pointer([Field])

    /// A field of a structure.
    struct Field: Sendable {
        let name: String
        let type: GoType
        /// Whether it is left out when it is empty (Go's `omitempty`).
        let omitsEmpty: Bool

        init(_ name: String, _ type: GoType, omitsEmpty: Bool = true) {
            self.name = name
            self.type = type
            self.omitsEmpty = omitsEmpty
        }
    }

    /// The value as Go writes it after it has read it: members by their names in any case, unknown ones left out, absent ones with
    /// their zero value. A value of another type is the zero value.
    func written(_ value: JSON?) -> JSON {
        let value = value ?? .null
        switch self {
        case .text: return .string(value.string ?? "")
        case .flag: return .bool(value.bool ?? false)
        case .number: return .integer(value.integer ?? 0)
        case .list(let element): return value.array.map { .array($0.map(element.written)) } ?? .null
        case .words:
            if let text = value.string { return [.string(text)] }
            return GoType.list(.text).written(value)
        case .map(let element):
            guard let object = value.object else { return .null }
            return .object(JSONObject(Self.lastOfEach(object).map { ($0.name, element.written($0.value)) }))
        case .structure(let fields): return Self.written(value.members, fields)
        case .pointer(let fields): return value.object.map { Self.written($0, fields) } ?? .null
        }
    }

    /// In the order of the names' bytes, the last of two of a name.
    private static func lastOfEach(_ object: JSONObject) -> [JSONObject.Member] {
        let ordered = object.enumerated().sorted { a, b in
            let (one, other) = (a.element.name.utf8, b.element.name.utf8)
            return one.elementsEqual(other) ? a.offset < b.offset : one.lexicographicallyPrecedes(other)
        }
        var members: [JSONObject.Member] = []
        for (_, member) in ordered {
            if members.last?.name.isSame(bytes: member.name) == true { members.removeLast() }
            members.append(member)
        }
        return members
    }

    private static func written(_ object: JSONObject, _ fields: [Field]) -> JSON {
        var answer = JSONObject()
        for field in fields {
            let given = object.last { $0.name.lowercased() == field.name.lowercased() }?.value
            let value = field.type.written(given)
            if !field.omitsEmpty || !field.type.isEmpty(value) { answer.append(field.name, value) }
        }
        return .object(answer)
    }

    /// Whether `omitempty` leaves a value of this type out.
    func isEmpty(_ value: JSON) -> Bool {
        switch (self, value) {
        case (_, .null), (_, .bool(false)), (_, .string("")), (_, .number("0")): true
        case (.structure, _), (.pointer, _): false
        case (_, .array(let elements)): elements.isEmpty
        case (_, .object(let object)): object.isEmpty
        default: false
        }
    }
}
