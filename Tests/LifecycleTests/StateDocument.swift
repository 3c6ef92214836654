import Lifecycle
import Model

/// docs/states.md: every state, every event, what follows.
enum StateDocument {
    static func render() -> String {
        var text = """
            # States and events of a container

            Written by the tests from the code (`SERENO_REGENERATE=1 scripts/test`); a test fails when it is stale. Policy `always`.
            An event that is not listed under a state changes nothing there. The effects are carried out in order; `persist`
            always comes first, so that nothing can be seen that could still be lost.


            """
        var silent = 0
        for state in Samples.states(.always) {
            text += "## \(state.name)\n\n| event | next state | effects |\n|---|---|---|\n"
            for event in Samples.events {
                var lifecycle = state.lifecycle
                let effects = lifecycle.handle(event.event, at: moment(100))
                if effects.isEmpty, lifecycle == state.lifecycle {
                    silent += 1
                    continue
                }
                let words = effects.map { word(for: $0) }.joined(separator: ", ")
                text += "| \(event.name) | \(name(of: lifecycle.state)) | \(words) |\n"
            }
            text += "\n"
        }
        return text + "\(silent) of \(Samples.states(.always).count * Samples.events.count) pairs change nothing.\n"
    }

    static func name(of state: ContainerState) -> String {
        switch state {
        case .starting(let launch):
            "starting (\(launch.origin.rawValue))" + (launch.stop.map { ", \($0.purpose.rawValue) waits" } ?? "")
        case .stopping(let stopping): "stopping (\(stopping.purpose.rawValue))"
        case .backingOff(let backoff): "backingOff, \(backoff.delay)"
        case .created, .running, .paused, .exited, .removing, .dead: state.kind.rawValue
        }
    }

    static func word(for effect: Effect) -> String {
        switch effect {
        case .persist: "persist"
        case .launch(let origin): "launch (\(origin.rawValue))"
        case .signal(let signal): "signal \(signal)"
        case .killAll: "kill all"
        case .freeze: "freeze"
        case .thaw: "thaw"
        case .armTimer(let kind, let span): "\(kind.rawValue) timer in \(span)"
        case .cancelTimer(let kind): "no \(kind.rawValue) timer"
        case .record: "record why"
        case .emit(let happening): "event `\(happening.action)`"
        case .notify(.started): "tell: started"
        case .notify(.startFailed): "tell: start failed"
        case .notify(.startEnded): "tell: the start has ended"
        case .notify(.exited(let code)): "tell: exited \(code)"
        case .notify(.paused): "tell: paused"
        case .notify(.killOverdue): "tell: KILL is overdue"
        case .notify(.removed): "tell: removed"
        case .notify(.removeFailed): "tell: removal failed"
        case .releaseResources: "release resources"
        case .remove: "remove"
        case .forget: "forget"
        case .reject(let refusal): "refuse \(refusal.status): \(refusal.message(id: "ID", reference: "NAME"))"
        }
    }
}
