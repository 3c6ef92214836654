import Lifecycle
import Model
import Restart

/// A state with what matters of its payload, reached by events alone, so that no sample can be a state that does not occur.
struct StateSample {
    let name: String
    let lifecycle: ContainerLifecycle
}

/// An event with what matters of its payload.
struct EventSample {
    let name: String
    let event: LifecycleEvent
}

func moment(_ seconds: Int64) -> Moment {
    Moment(
        monotonic: MonotonicInstant(nanoseconds: seconds * 1_000_000_000),
        wall: WallTime(nanoseconds: seconds * 1_000_000_000))
}

enum Samples {
    static let term = StopSequence(signal: .terminate, timeout: 10)

    static let unit = InitUnit(system: .systemd, name: "web.service")

    /// When the samples have come to their state; the event then happens at 100 s.
    static let reached = moment(99)

    static func states(_ policy: RestartPolicy, autoRemove: Bool = false) -> [StateSample] {
        let settings = LifecycleSettings(policy: policy, autoRemove: autoRemove)
        func sample(_ name: String, _ events: [LifecycleEvent]) -> StateSample {
            var lifecycle = ContainerLifecycle(settings: settings)
            for event in events { _ = lifecycle.handle(event, at: reached) }
            return StateSample(name: name, lifecycle: lifecycle)
        }
        let running: [LifecycleEvent] = [.startRequested, .spawned]
        let exited = running + [.stopRequested(term, by: nil), .exited(.exited(0), outOfMemory: false)]
        let failed = running + [.exited(.exited(3), outOfMemory: false)]
        return [
            sample("created", []),
            sample("starting (user)", [.startRequested]),
            sample("starting (user), stop waits", [.startRequested, .stopRequested(term, by: nil)]),
            sample("starting (user), restart waits", [.startRequested, .restartRequested(term)]),
            sample("starting (user), rm -f waits", [.startRequested, .removeRequested(force: true, by: nil)]),
            sample("starting (user), shutdown waits", [.startRequested, .supervisorStopping(term)]),
            sample("starting (policy), watchdog waits", failed + [.backoffElapsed, .watchdogExpired(term)]),
            sample("starting (restart)", [.restartRequested(term)]),
            sample("starting (policy)", failed + [.backoffElapsed]),
            sample("starting (policy), stop waits", failed + [.backoffElapsed, .stopRequested(term, by: nil)]),
            sample("starting (policy), shutdown waits", failed + [.backoffElapsed, .supervisorStopping(term)]),
            sample("starting (supervisor)", exited + [.supervisorStarted(after: .graceful, alive: false)]),
            sample("running", running),
            sample("running, killed by the user", running + [.killRequested(.terminate, by: nil)]),
            sample("paused", running + [.pauseRequested, .frozen]),
            sample("stopping (stop)", running + [.stopRequested(term, by: nil)]),
            sample("stopping (stop), KILL sent", running + [.stopRequested(term, by: nil), .stopTimerFired]),
            sample("stopping (kill)", running + [.killRequested(.kill, by: nil)]),
            sample("stopping (restart)", running + [.restartRequested(term)]),
            sample("stopping (rm -f)", running + [.removeRequested(force: true, by: nil)]),
            sample("stopping (shutdown)", running + [.supervisorStopping(term)]),
            sample("stopping (watchdog)", running + [.watchdogExpired(term)]),
            sample("backingOff", failed),
            sample("exited, stopped by the user", exited),
            sample("exited", running + [.supervisorStopping(term), .exited(.exited(3), outOfMemory: false)]),
            sample("running, handed to an init", running + [.handedOver(to: unit)]),
            sample(
                "exited, left to its init", running + [.handedOver(to: unit), .exited(.exited(3), outOfMemory: false)]),
            sample("exited, handed to an init, stopped by the user", exited + [.handedOver(to: unit)]),
            sample("removing", [.removeRequested(force: false, by: nil)]),
            sample("dead", [.removeRequested(force: false, by: nil), .removeFailed("directory is busy")]),
        ]
    }

    static let events: [EventSample] = {
        let failure = StartFailure(exitCode: 127, message: "exec /srv/run: no such file or directory")
        return [
            EventSample(name: "start", event: .startRequested),
            EventSample(name: "spawned", event: .spawned),
            EventSample(name: "spawn failed", event: .spawnFailed(failure)),
            EventSample(name: "exit 0", event: .exited(.exited(0), outOfMemory: false)),
            EventSample(name: "exit 3", event: .exited(.exited(3), outOfMemory: false)),
            EventSample(
                name: "killed, out of memory", event: .exited(.signaled(.kill, coreDumped: false), outOfMemory: true)),
            EventSample(name: "out of memory", event: .outOfMemory),
            EventSample(name: "stop", event: .stopRequested(term, by: nil)),
            EventSample(
                name: "stop -t 1",
                event: .stopRequested(
                    StopSequence(signal: .quit, timeout: 1),
                    by: .process(number: 7, program: nil, uid: 1000, user: nil, gid: 1000))),
            EventSample(name: "stop timer", event: .stopTimerFired),
            EventSample(name: "kill", event: .killRequested(.kill, by: nil)),
            EventSample(name: "kill -s TERM", event: .killRequested(.terminate, by: nil)),
            EventSample(name: "kill -s HUP", event: .killRequested(.hangup, by: nil)),
            EventSample(name: "pause", event: .pauseRequested),
            EventSample(name: "frozen", event: .frozen),
            EventSample(name: "unpause", event: .unpauseRequested),
            EventSample(name: "restart", event: .restartRequested(term)),
            EventSample(name: "backoff over", event: .backoffElapsed),
            EventSample(name: "rm", event: .removeRequested(force: false, by: nil)),
            EventSample(name: "rm -f", event: .removeRequested(force: true, by: nil)),
            EventSample(name: "removed", event: .removed),
            EventSample(name: "removal failed", event: .removeFailed("directory is busy")),
            EventSample(
                name: "update", event: .updateRequested(policy: .onFailure(maximumRetryCount: 7), backoff: nil)),
            EventSample(name: "handed to an init", event: .handedOver(to: unit)),
            EventSample(name: "taken back", event: .handedOver(to: nil)),
            EventSample(name: "start by its init, for a user", event: .startRequestedByInit(.user)),
            EventSample(name: "start by its init, again", event: .startRequestedByInit(.restart)),
            EventSample(name: "start by its init, at boot", event: .startRequestedByInit(.boot)),
            EventSample(
                name: "engine replaced, process alive", event: .supervisorStarted(after: .handover, alive: true)),
            EventSample(
                name: "engine replaced, no process", event: .supervisorStarted(after: .handover, alive: false)),
            EventSample(
                name: "start after an ordered shutdown", event: .supervisorStarted(after: .graceful, alive: false)),
            EventSample(name: "start after a crash", event: .supervisorStarted(after: .crash, alive: false)),
            EventSample(
                name: "start after a crash, process alive", event: .supervisorStarted(after: .crash, alive: true)),
            EventSample(name: "start after a reboot", event: .supervisorStarted(after: .reboot, alive: false)),
            EventSample(name: "shutdown", event: .supervisorStopping(term)),
            EventSample(name: "watchdog", event: .watchdogExpired(term)),
        ]
    }()
}
