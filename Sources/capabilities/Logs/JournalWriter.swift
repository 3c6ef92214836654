internal import Linux
public import Model

/// Writes what a container prints to the journal: one entry a line, with dockerd's fields, byte for byte.
///
/// It never waits. What journald does not take is held, up to `maximumWaiting` bytes, and `isBlocked` says so; after
/// `giveUp()` it is dropped and counted instead, until journald takes something again. Whatever instant it is killed at, the
/// next writer goes on behind the last entry; one entry may be written twice then, with one CONTAINER_LOG_ORDINAL, which
/// `JournalReader` shows once.
public final class JournalWriter: LogSink {
    /// The longest piece of a line that becomes one entry, in bytes.
    public static let maximumLine = LogWriter.maximumLine
    /// What is held for one container while journald takes nothing, in bytes. The pump reads no more of a running container by
    /// then: this is for what is left in the pipes of one that has ended.
    public static let maximumWaiting = 1 << 20

    /// What became of every byte so far.
    public private(set) var accounting = LogAccounting()
    /// What an earlier writer was killed over, until it is logged.
    public private(set) var interrupted: InterruptedPiece?

    private let socket: JournalSocket
    private let journal: LogJournal?
    private let progress: JournalProgress?
    private let identity: LogFile.Identity
    private let epoch: UInt64
    private var encoder: JournalEncoder
    private var ordinal: UInt64 = 0
    /// Counts what is written down of this writer, to tell the newer of two notes.
    private var generation: UInt64 = 0
    private var spool: JournalSpool
    private var states = [StreamState(), StreamState()]
    private var waiting: [JournalSpool.Piece] = []
    private var isRefusing = false
    private var alreadyTaken = 0

    private struct StreamState {
        /// The beginning of a line whose end has not come yet, shorter than `maximumLine`.
        var pending: [UInt8] = []
        /// Whether the last entry is one that goes on.
        var isOpen = false
        /// The pieces of the present line that are sent.
        var chain: JournalEncoder.Chain?
        /// Whether all up to the next newline is dropped, because a piece of the same line was.
        var isSkipping = false
        /// Whether an open line must be closed first, since its own end was dropped.
        var owesEnd = false
    }

    /// A writer for a container. `spool` is the path of a small file for what it holds; `now` names the writer among those of
    /// the container.
    public init(
        _ fields: JournalFields, spool path: String, socket: JournalSocket, journal: LogJournal? = nil,
        progress: JournalProgress? = nil, now: WallTime
    ) {
        self.socket = socket
        self.journal = journal
        self.progress = progress
        var opened = JournalSpool(path: path)
        let key = Self.key(fields.id)
        let note = journal?.claim { $0.inode == key }
        let kept = opened.read()
        spool = opened
        epoch = note?.identity.device ?? kept?.epoch ?? UInt64(max(1, now.nanoseconds))
        identity = LogFile.Identity(device: epoch, inode: key)
        encoder = JournalEncoder(fields, epoch: epoch)
        restore(note, kept.flatMap { $0.epoch == epoch ? $0 : nil })
    }

    /// Stands for the container where logs in files have their inode.
    private static func key(_ id: ContainerID) -> UInt64 {
        Array(id.text.utf8).withUnsafeBytes { NoteFile.checksum($0) } | 1 << 63
    }

    private func restore(_ note: LogNote?, _ kept: JournalSpool.Content?) {
        let noted = note?.successor?.device ?? 0
        if let note, noted > kept?.generation ?? 0 {
            ordinal = UInt64(max(0, note.size))
            for (index, bytes) in note.pending.enumerated() { states[index].pending = bytes }
        } else if let kept {
            ordinal = kept.ordinal
            for (index, bytes) in kept.pending.enumerated() { states[index].pending = bytes }
        }
        generation = max(noted, kept?.generation ?? 0)
        waiting = kept?.waiting ?? []
        let held = states.reduce(0) { $0 + $1.pending.count } + waiting.reduce(0) { $0 + $1.bytes.count }
        accounting.bytesIn = Int64(held)
        accounting.bytesPending = Int64(held)
        guard let note else { return }
        // What of the piece journald had not taken may be among what was held.
        let isHeld = waiting.last.map { $0.stream == note.stream && $0.time == note.time } ?? false
        interrupted = InterruptedPiece(
            stream: note.stream, time: note.time, taken: note.isComplete || isHeld ? nil : note.taken)
    }

    // MARK: What is kept

    private func note(_ stream: OutputStream, at time: WallTime, taken: Int, isComplete: Bool) {
        guard let journal else { return }
        generation += 1
        journal.put(
            LogNote(
                identity: identity, successor: LogFile.Identity(device: generation, inode: 1), size: Int64(ordinal),
                stream: stream, time: time, taken: alreadyTaken + taken, isComplete: isComplete,
                pending: states.map(\.pending)))
    }

    private func keep() {
        generation += 1
        spool.write(
            .init(
                epoch: epoch, generation: generation, ordinal: ordinal, pending: states.map(\.pending),
                waiting: waiting))
    }

    /// Says that a piece of a stream's output is about to be moved to where it outlives this writer.
    public func announce(_ stream: OutputStream, at time: WallTime, alreadyTaken: Int) {
        self.alreadyTaken = alreadyTaken
        interrupted = nil
        note(stream, at: time, taken: 0, isComplete: false)
    }

    // MARK: Output

    /// Takes what the container has written to a stream.
    public func append(_ stream: OutputStream, _ bytes: UnsafeRawBufferPointer, at time: WallTime) {
        accounting.bytesIn += Int64(bytes.count)
        accounting.bytesPending += Int64(bytes.count)
        let taken = waiting.isEmpty ? consume(stream, bytes, at: time, noting: true) : 0
        note(stream, at: time, taken: taken, isComplete: false)
        if taken < bytes.count { hold(stream, bytes[taken...], at: time) }
        keep()
        note(stream, at: time, taken: bytes.count, isComplete: true)
    }

    /// Sends lines that have no end, when a run of the container has ended.
    public func flush(at time: WallTime) {
        for stream in OutputStream.allCases {
            states[stream.index].chain = nil
            // A piece without bytes stands for the end of a run.
            if !waiting.isEmpty || !sendPending(stream, at: time) {
                waiting.append(.init(stream: stream, time: time, bytes: []))
            }
        }
        keep()
    }

    /// Whether it holds what journald does not take now.
    public var isBlocked: Bool { !waiting.isEmpty }

    /// Tries again with what it holds.
    public func resume() {
        guard !waiting.isEmpty else { return }
        var done = 0
        while done < waiting.count {
            let piece = waiting[done]
            if piece.bytes.isEmpty {
                guard sendPending(piece.stream, at: piece.time) else { break }
            } else {
                let taken = piece.bytes.withUnsafeBytes { consume(piece.stream, $0, at: piece.time, noting: false) }
                guard taken == piece.bytes.count else {
                    waiting[done].bytes.removeFirst(taken)
                    break
                }
            }
            done += 1
        }
        waiting.removeFirst(done)
        // What is kept until then may send some once more, with the ordinals that they had.
        if waiting.isEmpty { keep() }
    }

    /// Drops and counts what it holds; until journald takes something again, the rest is dropped at once.
    public func giveUp() {
        isRefusing = true
        let given = waiting
        waiting = []
        for piece in given {
            if piece.bytes.isEmpty {
                drop(piece.stream, UnsafeRawBufferPointer(start: nil, count: 0), endsRun: true)
            } else {
                piece.bytes.withUnsafeBytes { drop(piece.stream, $0) }
            }
        }
        keep()
    }

    private func hold(_ stream: OutputStream, _ bytes: Slice<UnsafeRawBufferPointer>, at time: WallTime) {
        let held = waiting.reduce(0) { $0 + $1.bytes.count }
        guard held + bytes.count <= Self.maximumWaiting else {
            giveUp()
            drop(stream, UnsafeRawBufferPointer(rebasing: bytes))
            return
        }
        waiting.append(.init(stream: stream, time: time, bytes: Array(bytes)))
    }

    /// Sends whole lines, and pieces of long ones; keeps what has no end yet. Returns how many bytes need not come again: fewer
    /// than all when journald takes no more.
    private func consume(
        _ stream: OutputStream, _ bytes: UnsafeRawBufferPointer, at time: WallTime, noting: Bool
    ) -> Int {
        let index = stream.index
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            if states[index].isSkipping {
                let newline = Self.newline(in: rest, within: rest.count)
                let count = newline.map { $0 + 1 } ?? rest.count
                drop(stream, UnsafeRawBufferPointer(rebasing: rest[..<count]))
                done += count
                continue
            }
            let room = Self.maximumLine - states[index].pending.count
            let newline = Self.newline(in: rest, within: room)
            let count = newline ?? min(room, rest.count)
            let content = UnsafeRawBufferPointer(rebasing: rest[..<count])
            if newline == nil, count < room {
                states[index].pending.append(contentsOf: content)
                return bytes.count
            }
            guard send(stream, content, endsLine: newline != nil, at: time) else {
                guard isRefusing else { return done }
                drop(stream, rest)
                return bytes.count
            }
            done += newline.map { $0 + 1 } ?? count
            if noting { note(stream, at: time, taken: done, isComplete: false) }
        }
        return done
    }

    /// Whether nothing is pending any more.
    private func sendPending(_ stream: OutputStream, at time: WallTime) -> Bool {
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        if states[stream.index].isSkipping || isRefusing && !states[stream.index].pending.isEmpty {
            if !states[stream.index].isSkipping, send(stream, nothing, endsLine: false, at: time) { return true }
            drop(stream, nothing, endsRun: true)
            return true
        }
        return states[stream.index].pending.isEmpty || send(stream, nothing, endsLine: false, at: time)
    }

    /// Sends what is pending with `content` behind it as one entry. False when journald does not take it now.
    private func send(
        _ stream: OutputStream, _ content: UnsafeRawBufferPointer, endsLine: Bool, at time: WallTime
    ) -> Bool {
        let index = stream.index
        if states[index].owesEnd {
            guard put(stream, [], UnsafeRawBufferPointer(start: nil, count: 0), endsLine: true, at: time) else {
                return false
            }
            states[index].owesEnd = false
            // The newline of the line that was dropped.
            accounting.bytesDropped -= 1
            accounting.bytesWritten += 1
        }
        let input = states[index].pending.count + content.count + (endsLine ? 1 : 0)
        guard put(stream, states[index].pending, content, endsLine: endsLine, at: time) else { return false }
        states[index].pending = []
        accounting.bytesPending -= Int64(input)
        accounting.bytesWritten += Int64(input)
        return true
    }

    private func put(
        _ stream: OutputStream, _ pending: [UInt8], _ content: UnsafeRawBufferPointer, endsLine: Bool, at time: WallTime
    ) -> Bool {
        let outcome = encoder.encode(
            stream, pending, content, endsLine: endsLine, chain: states[stream.index].chain,
            ordinal: ordinal + 1, at: time
        ) { socket.send($0) }
        switch outcome {
        case .sent:
            ordinal += 1
            isRefusing = false
            accounting.failure = 0
            states[stream.index].isOpen = !endsLine
            let chain = states[stream.index].chain ?? .init(first: ordinal, count: 0)
            states[stream.index].chain = endsLine ? nil : .init(first: chain.first, count: chain.count + 1)
            progress?.advance(to: .init(epoch: epoch, ordinal: ordinal), over: socket.connection)
            return true
        case .full: accounting.failure = Errno.wouldBlock
        case .gone: accounting.failure = Errno.notConnected
        case .refused(let code): accounting.failure = code
        }
        return false
    }

    /// Counts what is pending, and `bytes` behind it, as lost.
    private func drop(_ stream: OutputStream, _ bytes: UnsafeRawBufferPointer, endsRun: Bool = false) {
        let index = stream.index
        let count = Int64(states[index].pending.count + bytes.count)
        accounting.bytesDropped += count
        accounting.bytesPending -= count
        accounting.linesDropped += Int64(bytes.count { $0 == 0x0A })
        let endsLine = bytes.last == 0x0A
        if endsRun, count > 0 || states[index].isSkipping { accounting.linesDropped += 1 }
        states[index].pending = []
        states[index].isSkipping = !endsLine && !endsRun
        states[index].owesEnd = endsLine && states[index].isOpen
    }

    private static func newline(in bytes: UnsafeRawBufferPointer, within bound: Int) -> Int? {
        UnsafeRawBufferPointer(rebasing: bytes.prefix(bound)).offset(of: 0x0A)
    }
}
