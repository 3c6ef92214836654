public import GoTemplate
public import JSONFormat

/// JSON of the Engine API as a template sees it.
///
/// docker's command decodes an answer twice: into its own Go types, whose absent fields have zero values and whose
/// names sometimes differ from the JSON's, and, when the template fails on those, into plain maps.
public enum InspectValue {
    /// Renders a template over a document: through docker's types first and, where that fails, over the plain view.
    ///
    /// - Throws: `TemplateError` of the plain view.
    public static func render(_ template: Template, over document: JSON) throws(TemplateError) -> String {
        let (text, error) = template.run(typed(document))
        return error == nil ? text : try template.render(plain(document), missingKey: .error)
    }

    /// The plain view: maps that hold interfaces, and numbers as they were written.
    public static func plain(_ value: JSON) -> TemplateValue {
        switch value {
        case .null: .null(.interface)
        case .bool(let value): .bool(value)
        case .number(let text): .number(text)
        case .string(let text): .string(text)
        case .array(let elements): .array(elements.map(plain))
        case .object(let members): .map(TemplateMap(members.map { ($0.name, plain($0.value)) }))
        }
    }

    /// The view through docker's types.
    ///
    /// - Parameter key: the name under which the value stands, which tells a map from a struct.
    public static func typed(_ value: JSON, under key: String = "") -> TemplateValue {
        switch value {
        case .null: return .null(null(under: key))
        case .bool(let value): return .bool(value)
        case .number(let text):
            if let integer = Int64(text) { return .int(integer) }
            return .double(Double(text) ?? 0)
        case .string(let text): return .string(text)
        case .array(let elements):
            return .array(elements.map { typed($0, under: InspectNames.elementKey(of: key)) })
        case .object(let members):
            if InspectNames.maps.contains(key) {
                let isOfStrings = members.allSatisfy { $0.value.string != nil }
                return .map(
                    TemplateMap(
                        members.map { ($0.name, typed($0.value, under: InspectNames.elementKey(of: key))) },
                        zero: isOfStrings ? .string("") : .null(.interface)))
            }
            return .object(structure(members, under: key))
        }
    }

    private static func structure(_ members: JSONObject, under key: String) -> TemplateStruct {
        let present = Set(members.map(\.name))
        let silent = (InspectNames.optional[key] ?? []).filter { !present.contains($0.name) }
        return TemplateStruct(
            typeName: InspectNames.types[key] ?? "struct",
            fields: members.filter { !key.isEmpty || InspectNames.known.contains($0.name) }.map {
                // The options of a log driver are a map under a name that is a struct's elsewhere.
                ($0.name, typed($0.value, under: key == "LogConfig" ? $0.name + "#LogConfig" : $0.name))
            },
            silent: silent, goNames: InspectNames.goNames, order: InspectNames.order[key] ?? [])
    }

    private static func null(under key: String) -> TemplateValue.NullKind {
        if InspectNames.pointers.contains(key) { return .pointer }
        return InspectNames.maps.contains(key) ? .map : .slice
    }
}
