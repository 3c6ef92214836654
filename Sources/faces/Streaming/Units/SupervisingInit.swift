package import APIClient
import Flags
import Linux

/// The init system that started this process, with its reasons to start and to end what it runs.
///
/// A shutdown of the machine and a watchdog use the same signal as a user's stop. Only the init system knows which of
/// them it is.
package enum SupervisingInit {
    case systemd
    case supervisord(EngineAddress)
    case upstart

    /// The init system, from the environment that it gives to its processes: systemd.exec(5), supervisord's "Subprocess
    /// Environment", and upstart's init(5). `nil` when none is recognized.
    package init?(environment: [String: String]) {
        if let url = environment["SUPERVISOR_SERVER_URL"], let address = try? EngineAddress(parsing: url) {
            self = .supervisord(address)
        } else if environment["UPSTART_JOB"] != nil {
            self = .upstart
        } else if environment["INVOCATION_ID"] != nil || environment["NOTIFY_SOCKET"] != nil {
            self = .systemd
        } else {
            return nil
        }
    }

    /// The reason of the init system to end what it runs, other than a user's request.
    enum EndCause: String {
        /// The init system goes down, with all that it runs.
        case shutdown
        /// The watchdog got no sign of life from the unit in time.
        case watchdog

        /// The reason as a status text.
        var text: String {
            switch self {
            case .shutdown: "ended by the machine's shutdown"
            case .watchdog: "ended by its watchdog"
            }
        }
    }

    /// The init system's reason to end this process; `nil` for a user's request, and when the reason cannot be found
    /// out.
    var endCause: EndCause? {
        switch self {
        case .systemd: SupervisingInit.helper("stop-kind").flatMap { EndCause(rawValue: $0) }
        case .supervisord(let address): Supervisord(address: address).isStopping ? .shutdown : nil
        case .upstart: RunLevel.isShutdown ? .shutdown : nil
        }
    }

    /// The kind of start of this process: `user`, `restart` or `boot`; `nil` when the init system does not report it.
    package var startKind: String? {
        switch self {
        case .systemd: SupervisingInit.helper("start-kind")
        // upstart reports the events that started a job, and reports them again at each respawn.
        case .upstart, .supervisord: nil
        }
    }

    /// The answer of `sereno-systemd`, which has libsystemd; `nil` when it has none.
    private static func helper(_ word: String) -> String? {
        guard let path = Programs.find("sereno-systemd"), let answer = Programs.output(path, [word]) else { return nil }
        return String(answer.prefix { $0 != "\n" })
    }
}

/// The supervisord that runs this process, reached by XML-RPC.
struct Supervisord {
    let address: EngineAddress

    /// Whether supervisord shuts down or restarts: its state is not RUNNING, or it refuses calls with SHUTDOWN_STATE.
    var isStopping: Bool {
        let body = "<?xml version=\"1.0\"?><methodCall><methodName>supervisor.getState</methodName></methodCall>"
        let request = Request(.post, "/RPC2", body: .text(contentType: "text/xml", body))
        guard let bytes = try? EngineClient(address: address).openUnversioned(request).body(limit: 1 << 16) else {
            return false
        }
        let answer = String(decoding: bytes, as: UTF8.self)
        return answer.contains("SHUTDOWN_STATE") || answer.contains("<string>SHUTDOWN</string>")
            || answer.contains("<string>RESTARTING</string>")
    }
}

/// The run level in utmp(5), written by init systems that report a shutdown in no other way.
enum RunLevel {
    /// Whether the run level is 0 or 6: halt or reboot.
    static var isShutdown: Bool {
        let level = LoginRecords.runLevel
        return level == UInt8(ascii: "0") || level == UInt8(ascii: "6")
    }
}
