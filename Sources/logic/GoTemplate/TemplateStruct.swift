/// A Go struct known by its field values alone, such as a decoded JSON object of a fixed shape.
public struct TemplateStruct: TemplateObject {
    /// Go's name of the type.
    public let typeName: String
    /// The fields that print, in order and under the names their JSON has.
    public let fields: [(name: String, value: TemplateValue)]
    /// Fields that exist for templates although the JSON left them out, with their zero values.
    private let silent: [(name: String, value: TemplateValue)]
    /// The order in which all fields print, absent ones too; empty when it is that of the JSON.
    private let order: [String]
    /// Go's names of fields whose JSON has another.
    private let goNames: [String: String]

    /// Makes a struct of its fields.
    public init(
        typeName: String, fields: [(name: String, value: TemplateValue)],
        silent: [(name: String, value: TemplateValue)] = [], goNames: [String: String] = [:], order: [String] = []
    ) {
        self.typeName = typeName
        self.fields = fields
        self.silent = silent
        self.goNames = goNames
        self.order = order
    }

    /// The fields in the order of Go's type.
    public var printed: [(name: String, value: TemplateValue)] {
        guard !order.isEmpty else { return fields }
        return order.map { ($0, field(goNames[$0] ?? $0) ?? .string("")) }
    }

    /// The value of a field under Go's name, shown or silent.
    public func field(_ name: String) -> TemplateValue? {
        (fields.first { (goNames[$0.name] ?? $0.name) == name } ?? silent.first { $0.name == name })?.value
    }
}
