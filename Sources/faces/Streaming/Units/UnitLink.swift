package import APIClient
import Flags
package import JSONFormat
import Linux
package import Model

/// The link between one run of `start --attach` and an init system's unit. It starts the container in the unit's place,
/// reports its state to the init system, and handles the init system's TERM by its reason.
package final class UnitLink {
    let options: UnitOptions
    let client: EngineClient
    let id: String
    private let supervisor: SupervisingInit?
    private let notifier: ServiceNotifier?
    private let payload: PayloadSocket?
    private let controlGroup: String?
    /// Whether the engine is sereno; only sereno knows reasons, places and the machine's shutdown.
    private let isSereno: Bool
    private let stopSignal: Signal?

    private var starting: PendingAnswer?
    private var startedAsking = MonotonicInstant.now
    private var stops: [PendingAnswer] = []
    private var events: Response?
    private var eventBytes: [UInt8] = []
    private var isReady = false
    private var isExtending = true
    private var health = ""
    private var nextPing: MonotonicInstant?
    private var pingInterval = Nanoseconds(0)
    private var nextMoreTime: MonotonicInstant?

    /// The time added by each request for more time while a start is under way, and the interval of these requests.
    private static let moreTime = Nanoseconds.seconds(30)
    private static let moreTimeInterval = Nanoseconds.seconds(10)
    /// The longest time for which one start requests more time; after it the init system's own bound counts.
    private static let startPatience = Nanoseconds.seconds(600)
    /// The time after a start request within which a stop is held back, so that it cannot overtake the start.
    private static let overtaking = Nanoseconds.seconds(1)

    /// A link for the container that `inspected` describes. Options that cannot be met are refused.
    package init(
        _ options: UnitOptions, client: EngineClient, inspected: JSON, environment: [String: String]
    ) throws {
        self.options = options
        self.client = client
        id = inspected["Id"]?.string ?? ""
        supervisor = SupervisingInit(environment: environment)
        notifier = options.readiness == nil && options.watchdog == nil ? nil : ServiceNotifier(environment: environment)
        isSereno = inspected["Sereno"] != nil
        stopSignal = inspected["Config"]?["StopSignal"]?.string.flatMap { Signal(parsing: $0) }
        if !isSereno, options.isDelegated || options.untilFinal || options.awaited == .payload {
            throw ExitFailure(
                "--cgroup, --until-final and payload's readiness need sereno's own engine; with this one there are started and healthy"
            )
        }
        if options.awaited == .healthy || options.watchdog == .health {
            let test = inspected["Config"]?["Healthcheck"]?["Test"]?.elements ?? []
            guard let kind = test.first?.string, kind != "NONE" else {
                throw ExitFailure("container \(id.prefix(12)) has no health check, so that it would never be healthy")
            }
        }
        if options.awaited == .payload {
            let isOpen = inspected["HostConfig"]?["Runtime"]?.string == "host"
            payload = try PayloadSocket(container: id, isOpen: isOpen, environment: environment)
        } else {
            payload = nil
        }
        controlGroup = options.isDelegated ? try DelegatedGroup.enter() : nil
        watch(environment)
    }

    private func watch(_ environment: [String: String]) {
        guard options.watchdog != nil, let text = environment["WATCHDOG_USEC"], let span = Int64(text), span > 0 else {
            return
        }
        if let process = environment["WATCHDOG_PID"], Int(process) != CurrentProcess.number { return }
        pingInterval = Nanoseconds(span.saturatingMultiplied(by: 500))
        nextPing = .now
    }

    // MARK: Start and stop

    /// Whether the answer to the start is outstanding.
    var isStarting: Bool { starting != nil }

    /// Requests the start of the container and follows its events.
    package func start() throws {
        try follow()
        var path = "/containers/\(id)/start"
        var query: [(name: String, value: String)] = []
        if isSereno {
            path = "/sereno" + path
            if let controlGroup { query.append(("control-group", controlGroup)) }
            if let payload { query.append(("notify-socket", payload.path)) }
        }
        startedAsking = .now
        starting = try client.begin(Request(.post, path, query: query))
        extendTime()
    }

    /// Follows the container's events; called again after the engine came back.
    package func follow() throws {
        let filters: JSON = ["container": [.string(id)], "type": ["container"]]
        events = try client.open(Request(.get, "/events", query: [("filters", filters.text)]))
        eventBytes = []
    }

    /// Whether signals are held back for now.
    var holdsSignals: Bool { starting != nil && MonotonicInstant.now.since(startedAsking) < Self.overtaking }

    /// Stops the container for a signal that ends the unit. Returns false for other signals, which go to the container.
    package func stop(by signal: Signal) throws(ClientError) -> Bool {
        guard options.readiness != nil, [.terminate, .interrupt].contains(signal) || signal == stopSignal else {
            return false
        }
        let cause = isSereno ? supervisor?.endCause : nil
        notifier?.send(["STOPPING=1", "STATUS=" + (cause?.text ?? "stopping")])
        isExtending = false
        let path = cause.map { "/sereno/containers/\(id)/\($0.rawValue)" } ?? "/containers/\(id)/stop"
        stops.append(try client.begin(Request(.post, path)))
        return true
    }

    // MARK: The poll loop

    /// Adds the link's descriptors to a poll set and returns their places.
    func add(to polled: inout PollSet) -> [Int] {
        ([starting?.descriptor, events?.descriptor, payload?.descriptor] + stops.map(\.descriptor)).map {
            polled.add($0 ?? -1, .read)
        }
    }

    /// Milliseconds until the next task is due; -1 when none is.
    var milliseconds: Int32 {
        var dues = [nextPing, isReady || !isExtending ? nil : nextMoreTime].compactMap(\.self)
        if holdsSignals { dues.append(startedAsking.advanced(by: Self.overtaking)) }
        guard let due = dues.min() else { return -1 }
        return Int32(clamping: max(.zero, due.since(.now)).millisecondsUp.saturatingAdding(1))
    }

    /// Handles what has arrived and what is due.
    package func take() throws {
        try takeStart()
        try takeEvents()
        while let lines = payload?.next() { pass(lines) }
        try stops.removeAll { try takeStop($0) }
        try tick()
    }

    private func takeStart() throws {
        do {
            guard let response = try starting?.receive() else { return }
            starting = nil
            _ = try response.body()
            // Another status means that the container ran already, or waits for a restart.
            if response.head.status == 204, options.awaited == .started { becomeReady() }
        } catch {
            if error.engineIsGone { throw error }
            throw StartRefused(error: error)
        }
        try refresh()
    }

    private func takeEvents() throws {
        var isNews = false
        while let events {
            switch try? events.receive(wait: false) {
            case .bytes(let bytes): isNews = isNews || bytes.contains(0x0A)
            case .nothingYet:
                if isNews { try refresh() }
                return
            // The answer to `wait` also shows that the engine is gone.
            case .end, nil: self.events = nil
            }
        }
    }

    private func takeStop(_ stop: PendingAnswer) throws -> Bool {
        do {
            return try stop.receive() != nil
        } catch {
            if error.engineIsGone { throw error }
            return true
        }
    }

    private func pass(_ lines: [String]) {
        var lines = lines
        if options.watchdog != nil { lines.removeAll { $0.hasPrefix("WATCHDOG=") } }
        if lines.contains("READY=1") {
            lines.removeAll { $0 == "READY=1" }
            becomeReady()
        }
        if !lines.isEmpty { notifier?.send(lines) }
    }

    /// Does what is due: the sign of life for the watchdog, and the request for more time for a start. It is all that
    /// is done while the engine is away.
    func tick() throws {
        let now = MonotonicInstant.now
        if let due = nextPing, due <= now {
            nextPing = now.advanced(by: pingInterval)
            if try isWell() { notifier?.send(["WATCHDOG=1"]) }
        }
        if !isReady, isExtending, let due = nextMoreTime, due <= now { extendTime() }
    }

    private func isWell() throws -> Bool {
        switch options.watchdog {
        case .supervisor: (try? client.ping().status) == 200
        case .health:
            (try? refresh()) != nil && health != "unhealthy"
        case nil: false
        }
    }

    private func extendTime() {
        let now = MonotonicInstant.now
        // The unit's own timeout bounds the wait for the payload; a check's start period bounds that for health.
        let isBound = starting == nil && !(options.awaited == .healthy && health == "starting")
        guard !isBound, now.since(startedAsking) < Self.startPatience else { return }
        notifier?.send(["EXTEND_TIMEOUT_USEC=\(Self.moreTime.count / 1000)"])
        nextMoreTime = now.advanced(by: Self.moreTimeInterval)
    }

    // MARK: What the init system is told

    private func becomeReady() {
        guard !isReady else { return }
        isReady = true
        notifier?.send(["READY=1"])
        if options.stopsWhen != nil { CurrentProcess.stop() }
    }

    /// Queries the container's state and reports it.
    private func refresh() throws {
        guard notifier != nil || options.stopsWhen != nil else { return }
        let container = try client.json(Request(.get, "/containers/\(id)/json"))
        let state = container["State"] ?? .null
        health = state["Health"]?["Status"]?.string ?? ""
        let runs = state["Running"]?.bool == true && state["Restarting"]?.bool != true
        switch options.awaited {
        case .started where runs: becomeReady()
        case .healthy where runs && health == "healthy": becomeReady()
        case .healthy where !isReady && health == "starting" && nextMoreTime == nil: extendTime()
        case .started, .healthy, .payload, nil: break
        }
        tell(container)
    }

    private func tell(_ container: JSON) {
        var status = container["State"]?["Status"]?.string ?? ""
        if !health.isEmpty { status += " (\(health))" }
        if let reason = container["Sereno"]?["Reason"]?.string, !reason.isEmpty { status += ": " + reason }
        // A message consists of lines, so a status has none of its own.
        notifier?.send(["STATUS=" + String(status.map { $0.isNewline ? " " : $0 })])
    }

    /// Reports that the container has ended.
    package func ended() {
        try? refresh()
        notifier?.send(["STOPPING=1"])
    }
}

/// The error of an engine that refused to start the container.
struct StartRefused: ReadableError {
    let error: ClientError
    var message: String { error.message }
}
