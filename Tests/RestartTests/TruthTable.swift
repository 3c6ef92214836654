import Model
import Restart

/// Docker's decisions as literal rows, written from the reference and not from the code: what follows the end of a run.
///
/// The columns are what happened (ended with 0, failed with restarts left, failed with the bound reached), first
/// when nobody stopped the container and then when a user did.
enum TruthTable {
    enum Answer: String {
        case stay, restart, giveUp
    }

    struct Row {
        let policy: RestartPolicy
        let untouched: [Answer]
        let stopped: [Answer]
    }

    static let rows: [Row] = [
        row(.no, "stay stay stay", "stay stay stay"),
        row(.onFailure(maximumRetryCount: nil), "stay restart restart", "stay stay stay"),
        row(.onFailure(maximumRetryCount: 1), "stay restart giveUp", "stay stay stay"),
        row(.onFailure(maximumRetryCount: 2), "stay restart giveUp", "stay stay stay"),
        row(.onFailure(maximumRetryCount: 5), "stay restart giveUp", "stay stay stay"),
        row(.always, "restart restart restart", "stay stay stay"),
        row(.unlessStopped, "restart restart restart", "stay stay stay"),
    ]

    private static func row(_ policy: RestartPolicy, _ untouched: String, _ stopped: String) -> Row {
        Row(policy: policy, untouched: answers(untouched), stopped: answers(stopped))
    }

    private static func answers(_ text: String) -> [Answer] {
        text.split(separator: " ").compactMap { Answer(rawValue: String($0)) }
    }

    /// moby's delays in milliseconds, as measured: no jitter, the cap is 60 s.
    static let delays: [Int64] = [
        100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200, 60_000, 60_000, 60_000,
    ]

    /// What a supervisor that comes up does with a container that is down: `+` starts it, `-` does not. The columns are
    /// its last exit 0, a failure, a failure with the bound of on-failure reached; first untouched, then stopped by
    /// a user. They are the same after an ordered shutdown, a crash and a reboot.
    static let atSupervisorStart: [(policy: RestartPolicy, untouched: String, stopped: String)] = [
        (.no, "---", "---"),
        (.onFailure(maximumRetryCount: nil), "-++", "---"),
        (.onFailure(maximumRetryCount: 1), "-+-", "---"),
        (.onFailure(maximumRetryCount: 2), "-+-", "---"),
        (.onFailure(maximumRetryCount: 5), "-+-", "---"),
        (.always, "+++", "+++"),
        (.unlessStopped, "+++", "---"),
    ]

    /// What an init system that asks may start: `+` it may, `-` it may not. The columns are as above but without the first
    /// (how a run ended is the init system's business): with restarts left, with the bound of on-failure reached.
    static let atInitStart: [(policy: RestartPolicy, start: InitStart, untouched: String, stopped: String)] =
        rows.map { ($0.policy, .user, "++", "++") } + [
            (.no, .restart, "++", "--"), (.no, .boot, "++", "++"),
            (.onFailure(maximumRetryCount: nil), .restart, "++", "--"),
            (.onFailure(maximumRetryCount: nil), .boot, "++", "--"),
            (.onFailure(maximumRetryCount: 2), .restart, "+-", "--"),
            (.onFailure(maximumRetryCount: 2), .boot, "+-", "--"),
            (.always, .restart, "++", "--"), (.always, .boot, "++", "++"),
            (.unlessStopped, .restart, "++", "--"), (.unlessStopped, .boot, "++", "--"),
        ]
}

/// The ways a run can end that the tables are gone through with.
let everyEnd: [(status: ExitStatus, failed: Bool)] =
    (0...255).map { (ExitStatus.exited(UInt8($0)), $0 != 0) }
    + (1...64).compactMap { number in
        Signal(number: number).map { (ExitStatus.signaled($0, coreDumped: number == 11), true) }
    } + [(.unknown, true)]

/// Who stopped the container, and whether that counts as a user's stop: KILL, TERM, INT, QUIT and its own stop signal do.
let everyStopper: [(signal: Signal?, verb: UserStop.Verb?, stopSignal: Signal?, counts: Bool)] = [
    (nil, nil, nil, false),
    (.terminate, .stop, nil, true), (.hangup, .stop, .hangup, true), (.kill, .remove, nil, true),
    (.kill, .kill, nil, true), (.terminate, .kill, nil, true), (.interrupt, .kill, nil, true),
    (.quit, .kill, nil, true),
    (.kill, .kill, .hangup, true), (.terminate, .kill, .interrupt, true), (.hangup, .kill, .hangup, true),
    (.user1, .kill, .user1, true), (.windowChange, .kill, .windowChange, true),
    (.hangup, .kill, nil, false), (.user1, .kill, nil, false), (.user2, .kill, nil, false),
    (.windowChange, .kill, nil, false), (.pipe, .kill, nil, false), (.abort, .kill, nil, false),
    (.user1, .kill, .interrupt, false), (.hangup, .kill, .quit, false),
]
