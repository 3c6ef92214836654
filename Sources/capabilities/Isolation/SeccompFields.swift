import JSONFormat

/// The members of an object of a profile as Go's decoder reads them, for whom profiles are written: names in any case, `null` as
/// absent, the last of two equal names, and a type that does not fit is an error.
struct SeccompFields {
    private let members: [String: JSON]

    init(_ json: JSON) throws(IsolationError) {
        switch json {
        case .object(let object):
            members = Dictionary(object.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { _, last in last })
        case .null: members = [:]
        case .bool, .number, .string, .array: throw Self.mismatch("", json, "object")
        }
    }

    private static func mismatch(_ name: String, _ value: JSON, _ type: String) -> IsolationError {
        .invalid(
            "Decoding seccomp profile failed: json: cannot unmarshal \(value.kind) into Go struct field "
                + "Seccomp.\(name) of type \(type)")
    }

    private func value(_ name: String) -> JSON? {
        guard let value = members[name.lowercased()], value != .null else { return nil }
        return value
    }

    /// A text; empty when absent.
    func text(_ name: String) throws(IsolationError) -> String {
        guard let value = value(name) else { return "" }
        guard let text = value.string else { throw Self.mismatch(name, value, "string") }
        return text
    }

    /// A list of texts; `nil` when absent.
    func optionalTexts(_ name: String) throws(IsolationError) -> [String]? {
        guard let value = value(name) else { return nil }
        guard let elements = value.array else { throw Self.mismatch(name, value, "[]string") }
        var texts: [String] = []
        for element in elements {
            guard let text = element.string else { throw Self.mismatch(name, element, "string") }
            texts.append(text)
        }
        return texts
    }

    /// A list; empty when absent.
    func list(_ name: String) throws(IsolationError) -> [JSON] {
        guard let value = value(name) else { return [] }
        guard let elements = value.array else { throw Self.mismatch(name, value, "slice") }
        return elements
    }

    /// An object; `nil` when absent.
    func object(_ name: String) throws(IsolationError) -> SeccompFields? {
        try value(name).map { json throws(IsolationError) in try SeccompFields(json) }
    }

    /// A whole number that is not negative; `nil` when absent.
    func number(_ name: String) throws(IsolationError) -> UInt64? {
        guard let value = value(name) else { return nil }
        guard case .number(let written) = value, let number = UInt64(written) else {
            throw Self.mismatch(name, value, "uint64")
        }
        return number
    }

    /// An errno, or what a tracer is told; `nil` when absent.
    func code(_ name: String) throws(IsolationError) -> UInt16? {
        guard let number = try number(name) else { return nil }
        // MAX_ERRNO of linux/err.h: the kernel takes no more for one.
        guard number <= 4095 else { throw .invalid("\(name) of a seccomp profile is \(number): it is at most 4095") }
        return UInt16(number)
    }
}
