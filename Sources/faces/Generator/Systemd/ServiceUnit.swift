internal import Model
internal import UnitFiles

/// The service that supervises one container.
struct ServiceUnit {
    let context: MemberContext
    private(set) var notes: [GeneratorNote] = []
    private(set) var sections: [SystemdUnit.Section] = []

    /// Seconds between restarts where systemd cannot increase them.
    static let fixedDelay = 2

    var options: GeneratorOptions { context.options }
    var facts: ContainerFacts { context.facts }
    var attaches: Bool { options.style == .attach }
    var hasSteps: Bool { options.systemdVersion >= GeneratorOptions.steppedRestarts }

    init(_ context: MemberContext) throws(GeneratorError) {
        self.context = context
        let unit = unitSection()
        let service = serviceSection()
        sections = [unit, service]
        if let install = installSection() { sections.append(install) }
    }

    // MARK: [Unit]

    private mutating func unitSection() -> SystemdUnit.Section {
        var unit = SystemdUnit.Section("Unit")
        unit.add("Description", .text(SystemdText(description)))
        let names = UnitDependencies(context)
        for (directive, units) in names.directives where !units.isEmpty {
            unit.add(directive, .words(units.map { SystemdText($0) }))
        }
        let mounts = mountPoints()
        if !mounts.isEmpty { unit.add("RequiresMountsFor", .words(mounts.map { SystemdText($0) })) }
        // Otherwise five starts in ten seconds would end the unit: the opposite of `always`.
        if case .onFailure(let count?) = facts.policy, context.initRestarts, context.startCondition == nil || !attaches
        {
            unit.add("StartLimitIntervalSec", .plain("infinity"))
            unit.add("StartLimitBurst", .plain(ByteString(String(count.addingReportingOverflow(1).partialValue))))
        } else {
            unit.add("StartLimitIntervalSec", .plain("0"))
        }
        return unit
    }

    private var description: String {
        let isPlain = facts.image.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return "container \(facts.name)" + (isPlain && !facts.image.isEmpty ? " (\(facts.image))" : "")
    }

    /// The bind sources. A source that no unit can express is replaced by the nearest directory above it that one can.
    private mutating func mountPoints() -> [String] {
        var points: [String] = []
        for path in Set(facts.bindSources).sorted() where path.utf8.first == 0x2F && path != "/" {
            var point = path
            if path.utf8.contains(0x0A) {
                let head = path.prefix { $0 != "\n" }
                point = String(head[..<(head.lastIndex(of: "/") ?? head.endIndex)])
                notes.append(
                    .mountShortened(container: facts.name, path: ByteString(path).description, written: point))
            }
            if !point.isEmpty, !points.contains(point) { points.append(point) }
        }
        return points
    }

    // MARK: [Install]

    private func installSection() -> SystemdUnit.Section? {
        guard context.startsAtBoot else { return nil }
        var install = SystemdUnit.Section("Install")
        let target = context.group.map { GroupTarget.unitName($0, options) } ?? GroupTarget.bootTarget(options)
        install.add("WantedBy", .words([SystemdText(target)]))
        return install
    }
}
