internal import UnitFiles

/// The supervisord group that holds the containers of a project.
enum GroupSection {
    static func config(
        _ group: String, members: [ContainerFacts], _ options: GeneratorOptions, header: [ByteString]
    ) -> SupervisordConfig {
        var section = SupervisordConfig.Section(ByteString("group:" + options.prefix + group))
        section.add("programs", .list(members.map { SupervisordText(options.prefix + $0.name) }))
        section.add("priority", .text(SupervisordText("\(ContainerProgram.firstPriority)")))
        return SupervisordConfig(preamble: header, [section])
    }
}
