internal import KeeperClient
internal import Linux
internal import Logs
package import Model
internal import NIOCore
internal import Supervision

/// The loop of the pump's thread. That thread alone touches its state.
package struct PumpLoop: ~Copyable {
    /// Bytes read at once; more than a pipe's default of 64 KiB, so that one call empties it.
    static let readSize = 256 * 1024

    /// Longest gap between pieces of output that make a burst.
    static let burst = Nanoseconds.milliseconds(2)
    /// Time for which more of a burst is awaited. A full pipe of 256 KiB each time is 500 MB/s.
    static let gathering = Nanoseconds(500_000)

    enum Token {
        static let mailbox = UInt64.max
        static let keeper = UInt64.max - 1
        static let journal = UInt64.max - 2

        static func stream(_ feed: RunID, _ stream: UInt64) -> UInt64 { feed.value << 2 | stream }
    }

    private let loop: any EventLoop
    let clock: any TimeSource
    private let keeper: KeeperClient
    private let mailbox: Mailbox<OutputPump.Command>
    private let faults: FaultNote?
    private let onEvent: @Sendable (OutputPump.Event) -> Void
    var epoll: Epoll
    var feeds: [RunID: Feed] = [:]
    var logs: [ContainerID: any LogSink] = [:]
    /// Logs that could not be opened; each piece of output tries again.
    private var unopened: [ContainerID: LogTarget] = [:]
    /// Number of dropped bytes of each log, as last reported to the engine.
    private var toldDropped: [ContainerID: Int64] = [:]
    var watchedLogs: Set<ContainerID> = []
    let buffer: UnsafeMutableRawBufferPointer
    private let logBuffer = LogBuffer()
    var hold: HoldingPipe?
    var journal: LogJournal?
    let journalSocket = JournalSocket()
    /// Containers whose logs hold output that the journal does not take, the deadline for that, and the socket that is watched
    /// for it.
    var blocked: Set<ContainerID> = []
    var blockedUntil: MonotonicInstant?
    var watchedSocket: Int32?
    private var stopping: EventLoopPromise<Void>?
    private var keeperOpen = true
    /// Whether the keeper is gone, which ends this loop once the present work is done.
    private var keeperIsLost = false
    /// Whether output was logged since the last query.
    var hasLogged = false

    /// `nil` when the kernel gives no epoll instance.
    init?(
        loop: any EventLoop, clock: any TimeSource, keeper: KeeperClient, mailbox: Mailbox<OutputPump.Command>,
        faults: FaultNote?, onEvent: @escaping @Sendable (OutputPump.Event) -> Void
    ) {
        guard let epoll = try? Epoll() else { return nil }
        do {
            try epoll.add(mailbox.descriptor, token: Token.mailbox, .read)
            try epoll.add(keeper.readable.rawValue, token: Token.keeper, .read)
        } catch {
            return nil
        }
        self.loop = loop
        self.clock = clock
        self.keeper = keeper
        self.mailbox = mailbox
        self.faults = faults
        self.onEvent = onEvent
        self.epoll = epoll
        self.buffer = .allocate(byteCount: Self.readSize, alignment: 4096)
    }

    deinit { buffer.deallocate() }

    /// Runs until `stop`, or until the keeper is gone.
    package mutating func run() {
        var last = clock.monotonic
        while turn(waiting: timeUntilDeadline()) != .stopped {
            guard hasLogged else { continue }
            hasLogged = false
            let now = clock.monotonic
            // A container that prints line by line would wake this thread for each line, so its pipe may fill a little. Messages
            // of the keeper or the engine end the wait at once.
            if now.since(last) < Self.burst, keeperOpen {
                BriefWait.until(mailbox.descriptor, or: keeper.readable.rawValue, atMost: Self.gathering)
            }
            last = now
        }
    }

    /// Results of a turn.
    package enum Turn { case idle, busy, stopped }

    /// Waits for events and handles them; `nil` waits for ever.
    package mutating func turn(waiting milliseconds: Int32?) -> Turn {
        let ready = epoll.wait(milliseconds: milliseconds)
        var hasMail = false
        for ready in ready {
            switch ready.token {
            case Token.mailbox: hasMail = true
            case Token.keeper: receiveFromKeeper()
            // `resumeJournal` below handles it.
            case Token.journal: break
            default: service(ready)
            }
        }
        if hasMail { for command in mailbox.takeAll() { obey(command) } }
        resumeJournal()
        expireDeadlines()
        if keeperIsLost {
            // Bytes in hand are logged; those in the pipes are for the next engine.
            for log in logs.values { log.flush(at: clock.wall) }
            tell(.keeperGone)
            return .stopped
        }
        if let stopping, feeds.isEmpty {
            stopping.succeed(())
            return .stopped
        }
        return ready.isEmpty ? .idle : .busy
    }

    func tell(_ event: OutputPump.Event) {
        let onEvent = onEvent
        loop.execute { onEvent(event) }
    }

    private mutating func receiveFromKeeper() {
        guard keeperOpen else { return }
        while true {
            do {
                guard let event = try keeper.receive() else { return }
                tell(.keeper(event))
            } catch .malformed(let error) {
                tell(.keeper(.refused(error, kind: 0)))
            } catch {
                keeperOpen = false
                epoll.remove(keeper.readable.rawValue)
                keeperIsLost = true
                return
            }
        }
    }

    // MARK: Commands

    private mutating func obey(_ command: OutputPump.Command) {
        switch command {
        case .hold(let parts): adopt(parts)
        case .openLog(let id, let target):
            guard logs[id] == nil else { return }
            unopened[id] = target
            _ = log(of: id)
        case .closeLog(let id):
            logs[id] = nil
            unopened[id] = nil
            toldDropped[id] = nil
            watchedLogs.remove(id)
        case .watchLog(let id):
            watchedLogs.insert(id)
        case .add(let setup): add(setup)
        case .listen(let number, let listening):
            feeds[number]?.listening = listening
            if !listening { credit(number, feeds[number]?.outstanding ?? 0) }
        case .credit(let number, let bytes): credit(number, bytes)
        case .input(let number, let bytes, let taken):
            guard let feed = feeds[number], feed.stdinOpen, !feed.closeInputWhenWritten else {
                taken?.fail(ChannelError.ioOnClosedChannel)
                return
            }
            feeds[number]?.input.append((bytes, taken))
            writeInput(number)
        case .closeInput(let number):
            feeds[number]?.closeInputWhenWritten = true
            writeInput(number)
        case .finish(let number, let grace):
            guard feeds[number] != nil else {
                tell(.drained(feed: number, lost: 0))
                return
            }
            feeds[number]?.deadline = clock.monotonic.advanced(by: grace)
            endIfDone(number)
        case .stop(let promise):
            stopping = promise
        }
    }

    private mutating func add(_ setup: Feed.Setup) {
        var feed = Feed(setup)
        if let stdout = setup.stdout {
            Nonblocking.set(stdout.rawValue)
            feed.stdoutOpen = (try? epoll.add(stdout.rawValue, token: Token.stream(setup.feed, 0), .read)) != nil
        }
        if let stderr = setup.stderr {
            Nonblocking.set(stderr.rawValue)
            feed.stderrOpen = (try? epoll.add(stderr.rawValue, token: Token.stream(setup.feed, 1), .read)) != nil
        }
        if let stdin = setup.stdin { Nonblocking.set(stdin.rawValue) }
        if let memory = setup.memory { try? epoll.add(memory.rawValue, token: Token.stream(setup.feed, 3), .read) }
        feeds[setup.feed] = feed
    }

    private mutating func credit(_ number: RunID, _ bytes: Int) {
        guard var feed = feeds[number] else { return }
        feed.outstanding = max(0, feed.outstanding - bytes)
        if feed.suspended, feed.outstanding <= Feed.maximumOutstanding / 2 {
            feed.suspended = false
            watch(feed)
        }
        feeds[number] = feed
    }

    // MARK: Output

    private mutating func service(_ ready: Epoll.Ready) {
        let number = RunID(ready.token >> 2)
        switch ready.token & 3 {
        case 0: read(number, .stdout, ready)
        case 1: read(number, .stderr, ready)
        case 3:
            guard let memory = feeds[number]?.setup.memory else { return }
            MemoryWatch.clear(memory)
            tell(.memoryChanged(feed: number))
        default: writeInput(number)
        }
    }

    /// The writer of a log, opened if necessary; `nil` when that fails.
    private mutating func log(of id: ContainerID) -> (any LogSink)? {
        if let log = logs[id] { return log }
        guard let log = attributed(to: id, in: faults, { open(id) }) else { return nil }
        unopened[id] = nil
        logs[id] = log
        if let piece = log.interrupted { finish(piece, log) }
        return log
    }

    private func open(_ id: ContainerID) -> (any LogSink)? {
        unopened[id]?.open(logBuffer, journal, journalSocket, now: clock.wall)
    }

    private mutating func read(_ number: RunID, _ stream: OutputStream, _ ready: Epoll.Ready) {
        attributed(to: feeds[number]?.setup.log, in: faults) { take(number, stream, ready) }
    }

    private mutating func take(_ number: RunID, _ stream: OutputStream, _ ready: Epoll.Ready) {
        guard let feed = feeds[number] else { return }
        let source = stream == .stdout ? feed.setup.stdout : feed.setup.stderr
        guard let source, !feed.suspended && !feed.isHeldBack || ready.hungUp else { return }
        let log: (any LogSink)? = if let id = feed.setup.log { log(of: id) } else { nil }
        let outcome =
            if let log { transfer(source.rawValue, to: log, stream) } else {
                RawTransfer.read(source.rawValue, into: buffer)
            }
        switch outcome {
        case .moved(let count):
            if log == nil, feed.setup.log != nil { feeds[number]?.unlogged += Int64(count) }
            deliver(number, stream, UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            if let log, log.isBlocked { holdBack(number, log) }
        case .wouldBlock: break
        case .end, .failed:
            epoll.remove(source.rawValue)
            if stream == .stdout { feeds[number]?.stdoutOpen = false } else { feeds[number]?.stderrOpen = false }
            endIfDone(number)
        }
    }

    private mutating func deliver(_ number: RunID, _ stream: OutputStream, _ bytes: UnsafeRawBufferPointer) {
        guard var feed = feeds[number] else { return }
        if let id = feed.setup.log, watchedLogs.remove(id) != nil { tell(.logGrown(id)) }
        if feed.listening {
            feed.outstanding += bytes.count + Feed.pieceCost
            if feed.outstanding > Feed.maximumOutstanding, !feed.suspended {
                feed.suspended = true
                watch(feed)
            }
            feeds[number] = feed
            tell(.output(feed: number, stream, ByteBuffer(bytes: bytes)))
        }
    }

    /// Watches a run's output, for reading unless that is suspended; the end of the output is always reported.
    func watch(_ feed: Feed) {
        let interest: Epoll.Interest = feed.suspended || feed.isHeldBack ? [] : .read
        if let stdout = feed.setup.stdout, feed.stdoutOpen {
            try? epoll.modify(stdout.rawValue, token: Token.stream(feed.setup.feed, 0), interest)
        }
        if let stderr = feed.setup.stderr, feed.stderrOpen {
            try? epoll.modify(stderr.rawValue, token: Token.stream(feed.setup.feed, 1), interest)
        }
    }

    // MARK: Input

    private mutating func writeInput(_ number: RunID) {
        guard var feed = feeds[number], feed.stdinOpen, let stdin = feed.setup.stdin else { return }
        var blocked = false
        while var head = feed.input.first, !blocked {
            let outcome = head.bytes.withUnsafeReadableBytes { RawTransfer.write(stdin.rawValue, from: $0) }
            switch outcome {
            case .moved(let count):
                head.bytes.moveReaderIndex(forwardBy: count)
                if head.bytes.readableBytes == 0 {
                    feed.input.removeFirst()
                    head.taken?.succeed(())
                } else {
                    feed.input[0] = head
                }
            case .wouldBlock: blocked = true
            case .end, .failed:
                for entry in feed.input { entry.taken?.fail(ChannelError.ioOnClosedChannel) }
                feed.input = []
                feed.closeInputWhenWritten = true
            }
        }
        if blocked, !feed.inputBlocked {
            feed.inputBlocked = (try? epoll.add(stdin.rawValue, token: Token.stream(number, 2), .write)) != nil
        } else if !blocked, feed.inputBlocked {
            epoll.remove(stdin.rawValue)
            feed.inputBlocked = false
        }
        if feed.input.isEmpty, feed.closeInputWhenWritten {
            // The keeper holds a copy of this end, which the engine must have dropped before the process sees an end.
            feed.stdinOpen = false
            feed.setup.stdin = nil
            tell(.inputClosed(feed: number))
        }
        feeds[number] = feed
    }

    // MARK: The end of a run

    private func timeUntilDeadline() -> Int32? {
        guard let nearest = nextDeadline else { return nil }
        return Int32(clamping: max(.zero, nearest.since(clock.monotonic)).millisecondsUp.saturatingAdding(1))
    }

    /// Time of the next deadline: of the output of an ended run, or of the journal.
    package var nextDeadline: MonotonicInstant? {
        var nearest: MonotonicInstant?
        for feed in feeds.values {
            if let deadline = feed.deadline { nearest = min(nearest ?? deadline, deadline) }
        }
        if let journalDeadline { nearest = min(nearest ?? journalDeadline, journalDeadline) }
        return nearest
    }

    private mutating func expireDeadlines() {
        let now = clock.monotonic
        for (number, feed) in feeds {
            guard let deadline = feed.deadline, deadline <= now else { continue }
            if feed.isHeldBack { takeRest(number) }
            end(number)
        }
    }

    mutating func endIfDone(_ number: RunID) {
        guard let feed = feeds[number], feed.deadline != nil, feed.outputEnded, !feed.isHeldBack else { return }
        if let log = feed.setup.log.flatMap({ logs[$0] }), !feed.isFlushed {
            log.flush(at: clock.wall)
            feeds[number]?.isFlushed = true
            // A journal that is full for a moment may take the output in the remaining time.
            if log.isBlocked { return holdBack(number, log) }
        }
        end(number)
    }

    private mutating func end(_ number: RunID) {
        guard let feed = feeds.removeValue(forKey: number) else { return }
        if let stdout = feed.setup.stdout, feed.stdoutOpen { epoll.remove(stdout.rawValue) }
        if let stderr = feed.setup.stderr, feed.stderrOpen { epoll.remove(stderr.rawValue) }
        if let stdin = feed.setup.stdin, feed.inputBlocked { epoll.remove(stdin.rawValue) }
        if let memory = feed.setup.memory { epoll.remove(memory.rawValue) }
        for entry in feed.input { entry.taken?.fail(ChannelError.ioOnClosedChannel) }
        var lost = feed.unlogged
        if let id = feed.setup.log, let log = logs[id] {
            if !feed.isFlushed { log.flush(at: clock.wall) }
            if log.isBlocked { log.resume() }
            if log.isBlocked { log.giveUp() }
            lost += log.accounting.bytesDropped - (toldDropped[id] ?? 0)
            toldDropped[id] = log.accounting.bytesDropped
            if watchedLogs.remove(id) != nil { tell(.logGrown(id)) }
        }
        tell(.drained(feed: number, lost: lost))
    }
}
