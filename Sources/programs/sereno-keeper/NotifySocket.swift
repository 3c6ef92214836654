import CLinux
import KeeperProtocolEmbedded

/// The service manager that started the keeper, as sd_notify(3) and sd_pid_notify_with_fds(3) reach it: one datagram for
/// each message, which is never waited for.
struct NotifySocket {
    /// How long to leave it alone after it had no room.
    static let pause = 20 * millisecond
    /// The shortest time between two status lines.
    static let statusPause = second

    /// The socket; -1 when there is no service manager.
    private let socket: Int32
    /// How often it wants a sign of life, in nanoseconds; zero for never.
    let watchdog: Int64
    private let text: UnsafeMutablePointer<UInt8>
    private var count = 0
    private static let capacity = 512

    /// When to try again; zero when nothing waits for that.
    var retryAt: Int64 = 0
    /// What the last status line told, so that only changes are told.
    var toldChanges: UInt64 = .max
    var toldEngine: Int32 = -1
    var statusAt: Int64 = 0
    /// When the next status line falls due; zero when none does.
    var statusDueAt: Int64 = 0
    /// Whether READY was said, and whether RELOADING was after it.
    var isReady = false
    var isReloading = false

    /// The one that the environment names, which children do not see any more.
    init() {
        text = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.capacity)
        var socket: Int32 = -1
        if let path = clinux_getenv("NOTIFY_SOCKET") { socket = max(-1, clinux_notify_open(path)) }
        self.socket = socket
        watchdog = socket < 0 ? 0 : Self.watchdogSpan()
        clinux_forget_variable("NOTIFY_SOCKET")
        clinux_forget_variable("WATCHDOG_USEC")
        clinux_forget_variable("WATCHDOG_PID")
    }

    var isThere: Bool { socket >= 0 }

    private static func watchdogSpan() -> Int64 {
        guard let span = clinux_getenv("WATCHDOG_USEC"), let microseconds = decimal(span) else { return 0 }
        if let pid = clinux_getenv("WATCHDOG_PID"), decimal(pid) != Int64(clinux_getpid()) { return 0 }
        return min(microseconds, Int64.max / 1000) * 1000
    }

    // MARK: Messages

    mutating func begin(_ words: StaticString) {
        count = 0
        put(words)
    }

    mutating func put(_ words: StaticString) {
        for index in 0..<words.utf8CodeUnitCount where count < Self.capacity {
            text[count] = words.utf8Start[index]
            count += 1
        }
    }

    mutating func put(_ number: UInt64) {
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var rest = number
        var length = 0
        repeat {
            digits[length] = UInt8(48 + rest % 10)
            rest /= 10
            length += 1
        } while rest > 0
        while length > 0 && count < Self.capacity {
            length -= 1
            text[count] = digits[length]
            count += 1
        }
    }

    /// Sends the message with these descriptors; `false` when there was no room and it must be sent again.
    mutating func send(_ descriptors: UnsafePointer<Int32>? = nil, _ number: Int = 0) -> Bool {
        guard socket >= 0 else { return true }
        let result = clinux_send_packet(socket, text, count, descriptors, Int32(number), 0)
        switch -result {
        // A manager that is just being executed anew refuses for a moment.
        case Int(CLINUX_EAGAIN), Int(CLINUX_ENOMEM), Int(CLINUX_ENOBUFS), Int(CLINUX_ECONNREFUSED):
            retryAt = clinux_clock_boottime() + Self.pause
            return false
        default:
            return true
        }
    }

    /// Leaves descriptors with it under a name (FDSTORE). It does not watch them: a pipe whose writer is gone may hold bytes.
    mutating func store(
        _ letter: StaticString, _ name: UInt64, _ descriptors: UnsafePointer<Int32>?, _ number: Int
    ) -> Bool {
        begin("FDSTORE=1\nFDPOLL=0\nFDNAME=")
        put(letter)
        put(name)
        return send(descriptors, number)
    }

    /// Has it close those of that name.
    mutating func remove(_ letter: StaticString, _ name: UInt64) -> Bool {
        begin("FDSTOREREMOVE=1\nFDNAME=")
        put(letter)
        put(name)
        return send()
    }

    /// The same by the bytes of the name.
    mutating func remove(name: UnsafePointer<CChar>, _ length: Int) {
        begin("FDSTOREREMOVE=1\nFDNAME=")
        for index in 0..<length where count < Self.capacity {
            text[count] = UInt8(bitPattern: name[index])
            count += 1
        }
        _ = send()
    }
}

/// A number of at most 18 digits; `nil` for other words.
func decimal(_ text: UnsafePointer<CChar>) -> Int64? {
    var value: Int64 = 0
    var index = 0
    while text[index] != 0 {
        let digit = Int64(text[index]) - 48
        guard digit >= 0, digit <= 9, index < 18 else { return nil }
        value = value * 10 + digit
        index += 1
    }
    return index == 0 ? nil : value
}

extension StaticString {
    /// For C: literals end in a zero byte.
    var cString: UnsafePointer<CChar> { UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self) }
}

extension Keeper {
    /// Tells the service manager what it may want to know: whether the engine is ready, and what is kept.
    mutating func report() {
        guard manager.isThere else { return }
        let now = clinux_clock_boottime()
        if manager.retryAt != 0 { return }
        if engine.isReady && (!manager.isReady || manager.isReloading) {
            manager.begin("READY=1")
            if manager.send() {
                manager.isReady = true
                manager.isReloading = false
            }
        }
        tellStatus(now)
    }

    private mutating func tellStatus(_ now: Int64) {
        let engineNumber = engine.isReady ? engine.pid : 0
        guard manager.isReady, slots.changes != manager.toldChanges || engineNumber != manager.toldEngine else {
            manager.statusDueAt = 0
            return
        }
        guard now - manager.statusAt >= NotifySocket.statusPause else {
            manager.statusDueAt = manager.statusAt + NotifySocket.statusPause
            return
        }
        manager.statusDueAt = 0
        let running = runningContainers
        manager.begin("STATUS=")
        manager.put(UInt64(running))
        manager.put(running == 1 ? " container runs; " : " containers run; ")
        if engineNumber > 0 {
            manager.put("the engine is process ")
            manager.put(UInt64(engineNumber))
        } else {
            manager.put("the engine is being started")
        }
        guard manager.send() else { return }
        manager.toldChanges = slots.changes
        manager.toldEngine = engineNumber
        manager.statusAt = now
    }

    private var runningContainers: Int {
        var running = 0
        for place in 0..<slots.used where slots[place].isInUse && slots[place].state.phase == .running {
            if slots[place].state.kind == .container { running += 1 }
        }
        return running
    }

    /// Says that the engine is being replaced (`Type=notify-reload` wants the moment too).
    mutating func tellReloading() {
        guard manager.isReady else { return }
        manager.begin("RELOADING=1\nMONOTONIC_USEC=")
        manager.put(UInt64(max(0, clinux_clock_monotonic() / 1000)))
        manager.isReloading = manager.send()
    }

    /// Says that the supervisor goes down.
    mutating func tellStopping() {
        guard manager.isThere else { return }
        manager.begin("STOPPING=1")
        _ = manager.send()
    }

    /// A sign of life, for as long as the engine gives some.
    mutating func tellAlive() {
        guard manager.watchdog > 0, manager.isReady else { return }
        manager.begin("WATCHDOG=1")
        _ = manager.send()
    }
}
