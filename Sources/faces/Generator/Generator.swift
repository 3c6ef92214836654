public import Model
internal import UnitFiles

/// The generator of the files by which an init system supervises containers.
///
/// It is pure: the same facts and options give the same files, byte for byte, whatever the order of the containers.
public enum Generator {
    /// The version of the files' format. It is raised when the same facts begin to give another file; every file
    /// carries it.
    public static let format = 1

    /// The longest file name, in bytes: NAME_MAX of Linux, and systemd's own bound of a unit's name.
    public static let maximumFileName = 255

    /// The files for some containers.
    ///
    /// `known` holds all containers that may matter, in any order: those to write and those that they depend on.
    /// `names` picks by name, ID or the beginning of an ID; nil picks every container with a policy. A container that
    /// must complete before a written one starts is written as well. `policy` replaces the policies of the picked
    /// containers.
    public static func generate(
        _ known: [ContainerFacts], names: [String]? = nil, policy: RestartPolicy? = nil, options: GeneratorOptions
    ) throws(GeneratorError) -> GeneratedSet {
        try options.check()
        var catalogue = Catalogue(known)
        var chosen = try catalogue.choose(names, policy: policy)
        if options.system == .supervisord { chosen = catalogue.wholeProjects(chosen) }
        let relations = try Relations(catalogue, chosen: chosen)
        let written = relations.written(from: chosen)
        var files: [GeneratedFile] = []
        var notes = relations.notes
        let fingerprint = options.fingerprint
        for index in written {
            let context = MemberContext(
                facts: catalogue.containers[index], index: index, catalogue: catalogue, relations: relations,
                options: options, fingerprint: fingerprint)
            try context.check()
            files.append(try file(context, notes: &notes))
        }
        for (group, members) in relations.groups(of: written).sorted(by: { $0.key < $1.key }) {
            files += try groupFile(group, members: members.map { catalogue.containers[$0] }, options).map { [$0] } ?? []
        }
        files.sort { $0.name < $1.name }
        try checkNames(files)
        return GeneratedSet(files: files, notes: notes)
    }

    private static func checkNames(_ files: [GeneratedFile]) throws(GeneratorError) {
        for (file, next) in zip(files, files.dropFirst()) where file.name == next.name {
            throw .sharedFile(name: file.name, first: file.owner, second: next.owner)
        }
        for file in files where file.name.utf8.count > maximumFileName {
            throw .nameTooLong(name: file.name, limit: maximumFileName)
        }
    }

    private static func file(
        _ context: MemberContext, notes: inout [GeneratorNote]
    ) throws(GeneratorError) -> GeneratedFile {
        let header = Header(context)
        let tree: GeneratedFile.Tree
        switch context.options.system {
        case .systemd:
            let service = try ServiceUnit(context)
            notes += service.notes
            tree = .systemd(SystemdUnit(preamble: header.lines, service.sections))
        case .upstart: tree = .upstart(try ContainerJob(context).job(header: header.lines))
        case .supervisord:
            tree = .supervisord(try ContainerProgram(context).config(header: header.lines))
        }
        notes += PolicyMapping.notes(context)
        do {
            return GeneratedFile(
                name: context.fileName, tree: tree, contents: try tree.encoded(), source: header.source,
                container: context.facts.name, startsAtBoot: context.startsAtBoot)
        } catch {
            throw .inexpressible(container: context.facts.name, error)
        }
    }
}

extension GeneratedFile {
    /// The file's owner for messages: a container or a group.
    var owner: String { container.map { "container \($0)" } ?? "the group of \(name)" }
}
