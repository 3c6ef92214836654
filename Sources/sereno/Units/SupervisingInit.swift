import APIClient
import Glibc

/// The init system that started this process, and what it is about: whether it goes down, and why it starts things.
///
/// A shutdown of the machine stops what it runs by the same signal that a user's stop does; only the init system knows which
/// of the two it is.
enum SupervisingInit {
    case systemd
    case supervisord(EngineAddress)
    case upstart

    /// From the environment that each gives to what it starts: systemd.exec(5), supervisord's "Subprocess Environment",
    /// and upstart's init(5).
    init?(environment: [String: String]) {
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

    /// Whether it goes down, with all that it runs. What cannot be found out is no.
    var isStopping: Bool {
        switch self {
        case .systemd: SupervisingInit.helper("is-stopping") == "yes"
        case .supervisord(let address): Supervisord(address: address).isStopping
        case .upstart: RunLevel.isShutdown
        }
    }

    /// Why it starts this process: `user`, `restart` or `boot`; `nil` when it cannot tell.
    var startKind: String? {
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
