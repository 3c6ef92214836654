internal import GoTemplate
internal import Linux
internal import Logs
internal import Model
package import Supervision

/// Attributes that a container's log options choose for each entry of its log. They are the same for all entries, and so are kept
/// with none.
package enum LogAttributes {
    /// Labels and variables by `labels`, `labels-regex`, `env` and `env-regex`, in the order of their names. A variable replaces
    /// a label of the same name, as with dockerd.
    static func chosen(_ spec: ContainerSpec) throws(LogOptionError) -> [(name: String, value: String)] {
        let options = spec.logging.options
        var chosen = TextMap()
        func choose(_ pairs: [(String, String)], _ list: String, _ pattern: String) throws(LogOptionError) {
            let named = (options[list] ?? "").split(byte: ",")
            var matcher: RegularExpression?
            if let text = options[pattern], !text.isEmpty {
                matcher = RegularExpression(text)
                if matcher == nil { throw .invalidPattern(text) }
            }
            for (name, value) in pairs where named.contains(where: name.isSame) || matcher?.matches(name) ?? false {
                chosen[name] = value
            }
        }
        try choose(spec.labels.map { ($0.key, $0.value) }, "labels", "labels-regex")
        let variables = spec.process.environment.compactMap { entry -> (String, String)? in
            let (name, value) = entry.cut(at: "=")
            return value.map { (String(name), String($0)) }
        }
        try choose(variables, "env", "env-regex")
        return chosen.map { ($0.key, $0.value) }
    }

    /// The tag from the options; `nil` when they name none.
    static func tag(of container: LoggedContainer) throws(LogOptionError) -> String? {
        guard let template = container.spec.logging.options["tag"], !template.isEmpty else { return nil }
        return try LogTag.text(template, container)
    }

    /// The prefix of `logs --details` for each entry: names and values in the order of their names, escaped as in a query, and a
    /// space.
    package static func shown(of container: LoggedContainer) throws(EngineError) -> [UInt8] {
        do throws(LogOptionError) { return try attributes(of: container) } catch {
            throw EngineError(.badRequest, "failed to initialize logging driver: \(error.message)")
        }
    }

    private static func attributes(of container: LoggedContainer) throws(LogOptionError) -> [UInt8] {
        var attributes = try chosen(container.spec)
        if let tag = try tag(of: container) {
            attributes.removeAll { $0.name == "tag" }
            attributes.append(("tag", tag))
            attributes.sort { $0.name < $1.name }
        }
        let pairs = attributes.map { escaped($0.name) + "=" + escaped($0.value) }
        return Array((pairs.joined(separator: ",") + " ").utf8)
    }

    /// Go's url.QueryEscape.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            case 0x20: result += "+"
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.utf8.count == 1 ? "%0" + digits : "%" + digits
            }
        }
        return result
    }
}

/// The tag of a container's log: a template over the fields of dockerd's log tags.
private struct LogTag: TemplateObject {
    let typeName = "*loggerutils.Info"
    let fields: [(name: String, value: TemplateValue)]
    /// Largest length of a template in bytes, and its largest amount of work: the engine serves nobody else while it makes a tag.
    private static let (lengthBound, workBound) = (4_096, 65_536)

    static func text(_ template: String, _ container: LoggedContainer) throws(LogOptionError) -> String {
        guard template.utf8.count <= lengthBound else {
            throw .invalidTag("it has more than \(lengthBound) bytes")
        }
        let imageID = container.spec.imageID
        let shortImageID = imageID.split(byte: ":").last.map { String($0.prefix(12)) } ?? ""
        let tag = LogTag(fields: [
            ("ID", .string(container.id.short)), ("FullID", .string(container.id.text)),
            ("Name", .string(container.name)), ("ImageID", .string(shortImageID)),
            ("ImageFullID", .string(imageID)), ("ImageName", .string(container.spec.image)),
            ("DaemonName", .string("sereno")),
            ("Command", .string(container.spec.process.arguments.joined(separator: " "))),
        ])
        do throws(TemplateError) {
            return try Template(template, name: "log-tag").render(.object(tag), bound: workBound)
        } catch {
            throw .invalidTag(error.message)
        }
    }
}
