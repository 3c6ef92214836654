internal import Model

/// What a policy becomes in an init system, and where that is not what Docker does.
enum PolicyMapping {
    /// For the top of a file.
    static func line(_ context: MemberContext) -> String {
        let policy = text(context.facts.policy)
        let owner =
            context.facts.policy == .no
            ? "nobody starts it again"
            : context.options.owner == .initSystem
                ? "\(context.options.system.rawValue) starts it again" : "the engine starts it again"
        return "policy \(policy): \(owner)"
    }

    /// A policy as it is typed.
    static func text(_ policy: RestartPolicy) -> String {
        if case .onFailure(let count?) = policy { return "on-failure:\(count)" }
        return policy.name
    }

    /// What the user should know of one container.
    static func notes(_ context: MemberContext) -> [GeneratorNote] {
        var notes: [GeneratorNote] = []
        if context.options.engine != .sereno, context.facts.policy != .no {
            notes.append(
                .twoOwners(
                    container: context.facts.name, engine: context.options.engine, policy: text(context.facts.policy)))
        }
        return notes
    }

    /// Every way in which the mapping is not Docker's policy; none when the engine restarts.
    static func differences(_ policy: RestartPolicy, _ options: GeneratorOptions) -> [String] {
        guard policy != .no, options.owner == .initSystem else { return [] }
        var found = [delay(policy, options)]
        let counts = options.engine == .sereno && options.client == .sereno
        switch policy {
        case .no, .always: break
        case .unlessStopped:
            if options.system == .systemd, options.style == .plain {
                found.append(
                    "a container that the user stopped is started again at boot, unless the unit is disabled: the unit's "
                        + "own stop cannot be told from the user's")
            } else if !counts {
                found.append("a container that the user stopped is started again at boot")
            } else if options.system == .supervisord {
                found.append("exit code \(ContainerProgram.refusal) of the container itself counts as a user's stop")
            }
        case .onFailure(let count):
            found.append("not started at boot, as Docker's documentation has it (dockerd starts one that had failed)")
            if count == nil { break }
            switch options.system {
            case .systemd:
                if options.style == .plain {
                    found.append("starts by hand count too, until `systemctl reset-failed`")
                }
            case .upstart, .supervisord: if !counts { found.append("the number of restarts has no bound") }
            }
        }
        return found
    }

    private static func delay(_ policy: RestartPolicy, _ options: GeneratorOptions) -> String {
        switch options.system {
        case .systemd:
            options.systemdVersion >= GeneratorOptions.steppedRestarts
                ? "the delay grows from 100 ms to 60 s in ten steps, and a long run does not set it back"
                : "the delay is always \(ServiceUnit.fixedDelay) s (systemd \(GeneratorOptions.steppedRestarts) has growing ones)"
        case .upstart: "the delay is always \(ContainerJob.delay) s"
        case .supervisord:
            policy == .always
                ? "the delay grows by 1 s with each end in the first second, without a bound"
                : "there is no delay but supervisord's own round of up to 1 s"
        }
    }
}
