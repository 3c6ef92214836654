internal import UnitFiles

extension Generator {
    /// The file that starts and stops a group's members together.
    static func groupFile(
        _ group: String, members: [ContainerFacts], _ options: GeneratorOptions
    ) throws(GeneratorError) -> GeneratedFile? {
        let header = Header(group: group, options: options)
        let name: String
        let tree: GeneratedFile.Tree
        switch options.system {
        case .systemd:
            name = GroupTarget.unitName(group, options)
            tree = .systemd(SystemdUnit(preamble: header.lines, GroupTarget.sections(group, options)))
        case .upstart:
            name = options.fileName(of: group)
            tree = .upstart(GroupJob.job(group, options, header: header.lines))
        case .supervisord:
            name = options.fileName(of: "group-" + group)
            tree = .supervisord(GroupSection.config(group, members: members, options, header: header.lines))
        }
        do {
            return GeneratedFile(
                name: name, tree: tree, contents: try tree.encoded(), source: header.source, container: nil,
                startsAtBoot: options.boot != .no)
        } catch {
            throw .inexpressible(container: group, error)
        }
    }
}
