internal import Model
internal import UnitFiles

extension ServiceUnit {
    /// The `[Service]` section.
    func serviceSection() -> SystemdUnit.Section {
        var service = SystemdUnit.Section("Service")
        readiness(&service)
        commands(&service)
        restarts(&service)
        stop(&service)
        surroundings(&service)
        return service
    }

    private func plain(_ text: String) -> SystemdValue { .plain(ByteString(text)) }

    private func command(_ words: [String]) -> SystemdValue {
        .commands([SystemdCommandLine(SystemdText(words[0]), words.dropFirst().map { SystemdText($0) })])
    }

    private func readiness(_ service: inout SystemdUnit.Section) {
        if context.isOneShot {
            service.add("Type", plain("oneshot"))
            service.add("RemainAfterExit", plain("yes"))
        } else if attaches {
            service.add("Type", plain("notify"))
            // The payload reports by itself, and is not the main process.
            service.add("NotifyAccess", plain(context.readiness == .payload ? "all" : "main"))
        }
        if let seconds = startSeconds { service.add("TimeoutStartSec", plain(seconds)) }
        guard attaches, !context.isOneShot, let watchdog = options.watchdog else { return }
        service.add("WatchdogSec", plain("\(options.watchdogSeconds)"))
        // An unhealthy container is stopped by TERM. A supervisor that hangs cannot react to that, and gets systemd's
        // ABRT.
        if watchdog == .health { service.add("WatchdogSignal", plain("SIGTERM")) }
    }

    private var startSeconds: String? {
        if let seconds = options.startTimeout { return seconds == 0 ? "infinity" : "\(seconds)" }
        if context.isOneShot { return "infinity" }
        guard attaches else { return nil }
        switch context.readiness {
        case .started, .payload: return nil
        case .healthy: return facts.healthcheck.map { "\($0.secondsToVerdict + options.stopMargin)" }
        }
    }

    private func commands(_ service: inout SystemdUnit.Section) {
        if attaches, let condition = context.startCondition { service.add("ExecCondition", command(condition)) }
        service.add("ExecStart", command(context.client(startWords)))
        if !attaches {
            let seconds = facts.stopTimeout ?? ContainerFacts.engineStopTimeout
            service.add("ExecStop", command(context.client(["stop", "-t", "\(seconds)", facts.name])))
        }
        if let signal = options.reloadSignal {
            service.add("ExecReload", command(context.client(["kill", "-s", signal, facts.name])))
        }
    }

    private var startWords: [String] {
        guard attaches else {
            return ["start", "-a"] + (untilFinal ? ["--until-final"] : []) + [facts.name]
        }
        var words = ["start", "--attach"]
        if !context.isOneShot {
            words.append("--notify=\(context.readiness.rawValue)")
            if let watchdog = options.watchdog { words.append("--watchdog=\(watchdog.rawValue)") }
        }
        words.append("--cgroup=delegated")
        if untilFinal { words.append("--until-final") }
        return words + [facts.name]
    }

    private var untilFinal: Bool { options.owner == .sereno && facts.policy != .no }

    // MARK: Restarts

    private func restarts(_ service: inout SystemdUnit.Section) {
        guard facts.policy != .no else {
            service.add("Restart", plain("no"))
            return
        }
        guard context.initRestarts else {
            // The engine restarts the container; systemd restarts only the command, should it be killed.
            service.add("Restart", plain("on-abnormal"))
            service.add("RestartSec", plain("1"))
            return
        }
        let onFailure: Bool
        switch facts.policy {
        case .onFailure: onFailure = true
        case .no, .always, .unlessStopped: onFailure = false
        }
        service.add("Restart", plain(onFailure ? "on-failure" : "always"))
        if hasSteps {
            service.add("RestartSec", plain("100ms"))
            service.add("RestartSteps", plain("10"))
            service.add("RestartMaxDelaySec", plain("60"))
            service.add("RestartMode", plain("direct"))
        } else {
            service.add("RestartSec", plain("\(Self.fixedDelay)"))
        }
        if !options.preventRestartCodes.isEmpty {
            let codes = Set(options.preventRestartCodes).sorted()
            service.add("RestartPreventExitStatus", .words(codes.map { SystemdText("\($0)") }))
        }
        // These codes are no failure of a stop, but are one of a container that ends by itself.
        if onFailure { service.add("RestartForceExitStatus", .words(context.stopCodes.map { SystemdText($0) })) }
    }

    // MARK: Stop

    private func stop(_ service: inout SystemdUnit.Section) {
        service.add("SuccessExitStatus", .words(context.stopCodes.map { SystemdText($0) }))
        if attaches { service.add("KillMode", plain("mixed")) }
        // With --notify, TERM makes the engine stop the container; without, `start -a` passes on the signal that it
        // gets.
        if attaches, context.isOneShot, facts.endSignal != .terminate, facts.endSignal != .kill {
            service.add("KillSignal", plain(facts.endSignal.description))
        }
        service.add("TimeoutStopSec", plain(context.secondsToStop.map { "\($0)" } ?? "infinity"))
    }

    // MARK: Surroundings

    private func surroundings(_ service: inout SystemdUnit.Section) {
        if attaches {
            service.add("Delegate", plain("yes"))
            if hasSteps { service.add("DelegateSubgroup", plain("supervisor")) }
            service.add("TasksMax", plain("infinity"))
            service.add("OOMPolicy", plain("continue"))
            if options.scope == .system { service.add("OOMScoreAdjust", plain("-500")) }
        }
        if let slice = options.slice { service.add("Slice", .words([SystemdText(slice)])) }
        service.add("SyslogIdentifier", .text(SystemdText(facts.name)))
        if !options.journal { service.add("StandardOutput", plain("null")) }
    }
}
