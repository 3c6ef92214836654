internal import Logs
internal import Model

extension JournalFields {
    /// The journal fields of a container, as its log options choose them. Throws for an option that does not parse.
    init(_ container: LoggedContainer) throws(LogOptionError) {
        try self.init(
            id: container.id, name: container.name, image: container.spec.image,
            tag: try LogAttributes.tag(of: container) ?? container.id.short,
            extra: try LogAttributes.chosen(container.spec))
    }
}
