internal import UnitFiles

/// The target that starts and stops the containers of a project together. Its members name it, it names none; so it is
/// the same for any part of them.
enum GroupTarget {
    static func unitName(_ group: String, _ options: GeneratorOptions) -> String {
        options.prefix + group + ".target"
    }

    /// The target through which units start at boot.
    static func bootTarget(_ options: GeneratorOptions) -> String {
        switch options.scope {
        case .system: "multi-user.target"
        case .user: "default.target"
        }
    }

    static func sections(_ group: String, _ options: GeneratorOptions) -> [SystemdUnit.Section] {
        var unit = SystemdUnit.Section("Unit")
        unit.add("Description", .text(SystemdText("containers of \(group)")))
        var sections = [unit]
        if options.boot != .no {
            var install = SystemdUnit.Section("Install")
            install.add("WantedBy", .words([SystemdText(bootTarget(options))]))
            sections.append(install)
        }
        return sections
    }
}
