/// The dependencies of a service on other units, directive by directive.
struct UnitDependencies {
    private(set) var requires: [String] = []
    private(set) var wants: [String] = []
    private(set) var bindsTo: [String] = []
    private(set) var partOf: [String] = []
    private(set) var after: [String] = []

    init(_ context: MemberContext) {
        let options = context.options
        if let engine = options.engineUnit {
            requires.append(engine)
            after.append(engine)
        }
        // An order without a dependency: the machine stops containers before the engine that holds them.
        if options.style == .attach, options.engineUnit == "sereno.socket" { after.append("sereno.service") }
        // User managers have no network-online.target (podman#22197).
        if context.facts.bindsToAddress, options.scope == .system {
            wants.append("network-online.target")
            after.append("network-online.target")
        }
        if let group = context.group { partOf.append(GroupTarget.unitName(group, options)) }
        for dependency in context.relations.dependencies(of: context.index) {
            let unit = options.fileName(of: context.catalogue.containers[dependency.index].name)
            after.append(unit)
            switch dependency.condition {
            case .volumes: break
            case .started: wants.append(unit)
            case .healthy, .completed: requires.append(unit)
            case .namespaces:
                // Before this version a restart shows as an end: a unit bound by BindsTo would stop and stay down.
                if options.systemdVersion >= GeneratorOptions.steppedRestarts {
                    bindsTo.append(unit)
                } else {
                    requires.append(unit)
                }
            }
            if dependency.restarts { partOf.append(unit) }
        }
    }

    /// The directives in the order of writing.
    var directives: [(String, [String])] {
        [("Requires", requires), ("Wants", wants), ("BindsTo", bindsTo), ("PartOf", partOf), ("After", after)]
    }
}
