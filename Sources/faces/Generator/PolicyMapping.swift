public import Model

/// The mapping of a policy to an init system, and its differences from Docker's rules.
enum PolicyMapping {
    /// The line about the policy at the top of a file.
    static func line(_ context: MemberContext) -> String {
        let policy = text(context.facts.policy)
        let owner =
            context.facts.policy == .no
            ? "nobody starts it again"
            : context.options.owner == .initSystem
                ? "\(context.options.system.rawValue) starts it again" : "the engine starts it again"
        return "policy \(policy): \(owner)"
    }

    /// A policy in the form of `--restart`.
    static func text(_ policy: RestartPolicy) -> String {
        if case .onFailure(let count?) = policy { return "on-failure:\(count)" }
        return policy.name
    }

    /// The notes for the user about one container.
    static func notes(_ context: MemberContext) -> [GeneratorNote] {
        var notes: [GeneratorNote] = []
        if context.options.engine != .sereno, context.facts.policy != .no {
            notes.append(
                .twoOwners(
                    container: context.facts.name, engine: context.options.engine, policy: text(context.facts.policy)))
        }
        return notes
    }

    /// All differences of the mapping from Docker's policy.
    static func differences(_ policy: RestartPolicy, _ options: GeneratorOptions) -> [String] {
        guard policy != .no else { return [] }
        var found: [String] = []
        if options.owner == .initSystem { found = [delay(policy, options)] + ends(policy, options) }
        if case .onFailure = policy, options.boot == .policy {
            found.append("not started at boot, as Docker's documentation has it (dockerd starts one that had failed)")
        }
        return found
    }

    private static func ends(_ policy: RestartPolicy, _ options: GeneratorOptions) -> [String] {
        let asks = options.engine == .sereno && options.client == .sereno
        switch policy {
        case .no, .onFailure(maximumRetryCount: nil): return []
        case .always, .unlessStopped:
            if !asks || (options.system == .systemd && options.style == .plain) { return stopped(policy, options) }
            return options.system == .supervisord
                ? ["exit code \(ContainerProgram.refusal) of the container itself counts as a user's stop"] : []
        case .onFailure:
            switch options.system {
            case .systemd:
                return options.style == .plain ? ["starts by hand count too, until `systemctl reset-failed`"] : []
            case .upstart: return []
            case .supervisord: return asks ? [] : ["the number of restarts has no bound"]
            }
        }
    }

    /// The differences of a file without a start condition: a user's stop does not hold.
    private static func stopped(_ policy: RestartPolicy, _ options: GeneratorOptions) -> [String] {
        let (file, off) =
            switch options.system {
            case .systemd: ("unit", "the unit is disabled")
            case .upstart: ("job", "the job is `manual`")
            case .supervisord: ("program", "`autostart` is off")
            }
        let atOnce =
            "a container that the user stops by the engine's own command is started again; stop the \(file) instead"
        return policy == .unlessStopped
            ? [atOnce, "one that was stopped is started again at boot, unless \(off)"] : [atOnce]
    }

    private static func delay(_ policy: RestartPolicy, _ options: GeneratorOptions) -> String {
        switch options.system {
        case .systemd:
            let growing = GeneratorOptions.steppedRestarts
            return options.systemdVersion >= growing
                ? "the delay grows from 100 ms to 60 s in ten steps, and a long run does not set it back"
                : "the delay is always \(ServiceUnit.fixedDelay) s (systemd \(growing) has growing ones)"
        case .upstart: return "the delay is always \(ContainerJob.delay) s"
        case .supervisord:
            if case .onFailure = policy { return "there is no delay but supervisord's own round of up to 1 s" }
            return "the delay grows by 1 s with each end in the first second, without a bound"
        }
    }
}

extension Generator {
    /// All differences between the files for a policy and an engine under that policy; none when the engine restarts.
    public static func differences(_ policy: RestartPolicy, options: GeneratorOptions) -> [String] {
        PolicyMapping.differences(policy, options)
    }

    /// A policy in the form of `--restart`: `on-failure:5`.
    public static func text(_ policy: RestartPolicy) -> String { PolicyMapping.text(policy) }
}
