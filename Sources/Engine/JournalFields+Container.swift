internal import Glibc
internal import GoTemplate
internal import Logs
internal import Model

extension JournalFields {
    /// The fields of a container, as its log options choose them.
    init(_ container: Container) throws(LogOptionError) {
        let options = container.spec.logging.options
        try self.init(
            id: container.id, name: container.name.text, image: container.spec.image,
            tag: try LogTag.text(options["tag"] ?? "", container), extra: try Self.chosen(container.spec, options))
    }

    /// Labels and variables by `labels`, `labels-regex`, `env` and `env-regex`, in the order of their names; of a label and a
    /// variable of one name the variable counts, as with dockerd.
    private static func chosen(
        _ spec: ContainerSpec, _ options: [String: String]
    ) throws(LogOptionError) -> [(name: String, value: String)] {
        var chosen: [String: String] = [:]
        func choose(_ pairs: [(String, String)], _ list: String, _ pattern: String) throws(LogOptionError) {
            let named = Set((options[list] ?? "").split(separator: ",").map(String.init))
            var matcher: RegularExpression?
            if let text = options[pattern], !text.isEmpty { matcher = try RegularExpression(text) }
            for (name, value) in pairs where named.contains(name) || matcher?.matches(name) ?? false {
                chosen[name] = value
            }
        }
        try choose(spec.labels.map { ($0.key, $0.value) }, "labels", "labels-regex")
        let variables = spec.process.environment.compactMap { entry -> (String, String)? in
            guard let equals = entry.firstIndex(of: "=") else { return nil }
            return (String(entry[..<equals]), String(entry[entry.index(after: equals)...]))
        }
        try choose(variables, "env", "env-regex")
        return chosen.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

/// The tag of a container's log: a template over what dockerd's log tags know.
private struct LogTag: TemplateObject {
    let typeName = "*loggerutils.Info"
    let fields: [(name: String, value: TemplateValue)]

    /// dockerd's default is the short identity.
    static func text(_ template: String, _ container: Container) throws(LogOptionError) -> String {
        if template.isEmpty { return container.id.short }
        let imageID = container.spec.imageID
        let shortImageID = imageID.split(separator: ":").last.map { String($0.prefix(12)) } ?? ""
        let tag = LogTag(fields: [
            ("ID", .string(container.id.short)), ("FullID", .string(container.id.text)),
            ("Name", .string(container.name.text)), ("ImageID", .string(shortImageID)),
            ("ImageFullID", .string(imageID)), ("ImageName", .string(container.spec.image)),
            ("DaemonName", .string("sereno")),
            ("Command", .string(container.spec.process.arguments.joined(separator: " "))),
        ])
        do throws(TemplateError) {
            return try Template(template, name: "log-tag").render(.object(tag))
        } catch {
            throw .invalidTag("\(error)")
        }
    }
}

/// An extended regular expression of POSIX (regex(7)), found anywhere in a text.
private final class RegularExpression {
    private var compiled = regex_t()

    init(_ text: String) throws(LogOptionError) {
        guard regcomp(&compiled, text, REG_EXTENDED | REG_NOSUB) == 0 else { throw .invalidPattern(text) }
    }

    deinit { regfree(&compiled) }

    func matches(_ text: String) -> Bool { regexec(&compiled, text, 0, nil, 0) == 0 }
}
