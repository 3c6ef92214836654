package import APIClient
import Flags
import Glibc

/// The init system that started this process, and what it is about: why it starts and why it ends things.
///
/// A shutdown of the machine, and a watchdog, end what it runs by the same signal that a user's stop does; only the init
/// system knows which of them it is.
package enum SupervisingInit {
    case systemd
    case supervisord(EngineAddress)
    case upstart

    /// From the environment that each gives to what it starts: systemd.exec(5), supervisord's "Subprocess Environment",
    /// and upstart's init(5).
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

    /// Why it ends what it runs, other than because a user asked for it.
    enum EndCause: String {
        /// It goes down, with all that it runs.
        case shutdown
        /// Its watchdog was not told in time that the unit is well.
        case watchdog

        /// The words for it, as a status.
        var text: String {
            switch self {
            case .shutdown: "ended by the machine's shutdown"
            case .watchdog: "ended by its watchdog"
            }
        }
    }

    /// Why it ends this process; `nil` for a user's wish, and for what cannot be found out.
    var endCause: EndCause? {
        switch self {
        case .systemd: SupervisingInit.helper("stop-kind").flatMap { EndCause(rawValue: $0) }
        case .supervisord(let address): Supervisord(address: address).isStopping ? .shutdown : nil
        case .upstart: RunLevel.isShutdown ? .shutdown : nil
        }
    }

    /// Why it starts this process: `user`, `restart` or `boot`; `nil` when it cannot tell.
    package var startKind: String? {
        switch self {
        case .systemd: SupervisingInit.helper("start-kind")
        // upstart tells the events that started a job, and tells them again at each respawn.
        case .upstart, .supervisord: nil
        }
    }

    /// What `sereno-systemd`, which has libsystemd, answers; `nil` when it cannot tell.
    private static func helper(_ word: String) -> String? {
        guard let path = Programs.find("sereno-systemd"), let answer = Programs.output(path, [word]) else { return nil }
        return String(answer.prefix { $0 != "\n" })
    }
}

/// The supervisord that runs this process, by its XML-RPC.
struct Supervisord {
    let address: EngineAddress

    /// Whether it shuts down or restarts itself: then its state is not RUNNING, or it refuses calls with SHUTDOWN_STATE.
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

/// The run level in utmp(5), which init systems without another word for it write.
enum RunLevel {
    /// Whether it is 0 or 6: halt or reboot.
    static var isShutdown: Bool {
        setutxent()
        defer { endutxent() }
        var wanted = utmpx()
        wanted.ut_type = Int16(RUN_LVL)
        guard let found = getutxid(&wanted) else { return false }
        let level = UInt8(truncatingIfNeeded: found.pointee.ut_pid)
        return level == UInt8(ascii: "0") || level == UInt8(ascii: "6")
    }
}
