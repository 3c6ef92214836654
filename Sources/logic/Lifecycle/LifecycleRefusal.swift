/// Why a request changes nothing, with the answer Docker gives. The texts are those of moby's `daemon` package at v28 and
/// later; those marked so are sereno's own.
public enum LifecycleRefusal: Hashable, Sendable, CaseIterable {
    /// `start` of a container that runs, is being started or waits for its restart.
    case alreadyStarted
    /// `stop` of a container that is down.
    case alreadyStopped
    /// An init system's automatic start of a container that a user has stopped (sereno's own).
    case initStartStopped
    /// An init system's automatic start of a container whose `on-failure` bound is reached (sereno's own).
    case initStartExhausted
    /// `start` of a paused container.
    case startPaused
    /// `start` of a container that is being removed or is dead.
    case startRemoving
    /// `restart` of the same.
    case restartRemoving
    /// `kill` of a container without a process.
    case killNotRunning
    /// `kill` of a container that waits for its restart, with a signal that does not mean stop (sereno's own).
    case killRestarting
    /// `restart` while the supervisor shuts down (sereno's own).
    case supervisorStopping
    /// `pause` of a container without a process.
    case pauseNotRunning
    /// `pause` of a paused container.
    case alreadyPaused
    /// `pause` of a container that waits for its restart.
    case pauseRestarting
    /// `pause` of a container that is being stopped (sereno's own).
    case pauseStopping
    /// `unpause` of a container that is not paused.
    case notPaused
    /// `rm` of a running container without `-f`.
    case removeRunning
    /// `rm` of a paused container without `-f`.
    case removePaused
    /// `rm` of a container that waits for its restart, without `-f`.
    case removeRestarting
    /// `rm` of a container that is being removed.
    case removalInProgress
    /// `update` of a container that is being removed or is dead.
    case updateRemoving
    /// `update --restart` of a container that was created with `--rm`.
    case updateAutoRemove
    /// `exec` in, or `top` of, a container without a process.
    case notRunning
    /// `exec` in a paused container.
    case execPaused
    /// `exec` in, or `top` of, a container that waits for its restart.
    case isRestarting
    /// `attach` to a paused container.
    case attachPaused
    /// `attach` to a container that waits for its restart.
    case attachRestarting

    /// The status of the HTTP answer. 304 has no body.
    public var status: Int {
        switch self {
        case .alreadyStarted, .alreadyStopped: 304
        case .startPaused, .startRemoving, .killNotRunning, .killRestarting, .pauseNotRunning, .alreadyPaused,
            .pauseRestarting, .pauseStopping, .removeRunning, .removePaused, .removeRestarting, .removalInProgress,
            .updateAutoRemove, .notRunning, .execPaused, .isRestarting, .attachPaused, .attachRestarting:
            409
        case .initStartStopped, .initStartExhausted: 412
        // Docker gives these no class of their own, so they come out as 500.
        case .supervisorStopping: 503
        case .notPaused, .updateRemoving, .restartRemoving: 500
        }
    }

    /// The message. `id` is the full identity, `reference` the container as the request named it.
    public func message(id: String, reference: String) -> String {
        let restarting = "is restarting, wait until the container is running"
        return switch self {
        case .alreadyStarted: "container is already running"
        case .alreadyStopped: "container is already stopped"
        case .initStartStopped: "container was stopped by a user, and only a user starts it again"
        case .initStartExhausted: "container has used up the restarts of its policy, and only a user starts it again"
        case .startPaused: "cannot start a paused container, try unpause instead"
        case .startRemoving: "container is marked for removal and cannot be started"
        case .restartRemoving:
            "Cannot restart container \(reference): container is marked for removal and cannot be started"
        case .killNotRunning: "cannot kill container: \(reference): container \(id) is not running"
        case .killRestarting: "cannot kill container: \(reference): Container \(id) \(restarting)"
        case .supervisorStopping: "Cannot restart container \(reference): the supervisor is shutting down"
        case .pauseNotRunning: "container \(id) is not running"
        case .alreadyPaused: "Container \(id) is already paused"
        case .pauseRestarting: "Container \(id) \(restarting)"
        case .pauseStopping: "cannot pause container \(id): it is being stopped"
        case .notPaused: "Container \(id) is not paused"
        case .removeRunning: Self.removal(reference, "running: stop the container before removing or force remove")
        case .removePaused: Self.removal(reference, "paused and must be unpaused first")
        case .removeRestarting:
            Self.removal(reference, "restarting: stop the container before removing or force remove")
        case .removalInProgress: "removal of container \(reference) is already in progress"
        case .updateRemoving:
            "Cannot update container \(id): container is marked for removal and cannot be \"update\""
        case .updateAutoRemove:
            "Cannot update container \(id): Restart policy cannot be updated because AutoRemove is enabled for the container"
        case .notRunning: "container \(id) is not running"
        case .execPaused: "Container \(reference) is paused, unpause the container before exec"
        case .isRestarting: "Container \(id) \(restarting)"
        case .attachPaused: "container \(reference) is paused, unpause the container before attach"
        case .attachRestarting: "container \(reference) \(restarting)"
        }
    }

    private static func removal(_ reference: String, _ state: String) -> String {
        "cannot remove container \"\(reference)\": container is \(state)"
    }
}
