internal import Linux
public import Model

/// Writes what a container prints to its log: splits it into lines, formats them, and rotates the files.
///
/// It never blocks on anything but the disk and never fails: what cannot be written is dropped, line by line, and
/// counted; once there is room again, it goes on at the beginning of a line. One clock reading stamps all lines
/// that end in one `append`. It is meant for one thread; several writers there may share a `LogBuffer`.
///
/// The beginnings of lines that have no end yet are kept in `PATH.pending` between two calls, so that the next
/// writer goes on with them when this one is killed.
public final class LogWriter {
    /// The longest piece of a line that becomes one entry, in bytes, as in Docker and in Kubernetes.
    public static let maximumLine = 16 << 10

    /// What became of every byte so far.
    public internal(set) var accounting = LogAccounting()
    /// What it was told.
    public let configuration: LogConfiguration
    /// The current file.
    public let path: String

    /// Format of the entries; without one the output is dropped.
    private let format: (any LogFormat.Type)?
    let buffer: LogBuffer
    var stamp = LogStamp()
    var states = [StreamState(), StreamState()]
    var file: LogFile?
    /// Length of the current file.
    var size: Int64 = 0
    /// Whether the file ends within a line that a crash or a full disk cut.
    var endsInsideLine = false
    private var rotationHasFailed = false
    private var pendingFile: LogPendingFile
    private let journal: LogJournal?
    /// Bytes of the present piece that an earlier writer has logged.
    private var alreadyTaken = 0
    /// What an earlier writer was killed over, until it is logged.
    public private(set) var interrupted: InterruptedPiece?

    /// What is known of one stream between two calls.
    struct StreamState {
        /// The beginning of a line whose end has not come yet, shorter than `maximumLine`.
        var pending: [UInt8] = []
        /// Whether the last entry in the file is one that goes on.
        var isOpenInFile = false
        /// The same for the last entry formatted.
        var isOpenInBuffer = false
        /// Whether all up to the next newline is dropped, because a piece of the same line was.
        var isSkipping = false
        /// Whether an open line must be closed first, since its own end was dropped.
        var owesNewline = false
    }

    /// Opens the log at `path`, the name of the current file, or makes it. Writers of one thread may share
    /// `buffer`, and a `journal` for pieces of output that are announced.
    public init(
        _ configuration: LogConfiguration, path: String, buffer: LogBuffer = LogBuffer(), journal: LogJournal? = nil
    ) throws(LogError) {
        self.configuration = configuration
        self.path = path
        self.format = configuration.driver.format
        self.buffer = buffer
        self.journal = journal
        pendingFile = LogPendingFile(path: "\(path).pending")
        guard format != nil else { return }
        LogRotation.repair(path, maximumFiles: configuration.maximumFiles)
        do throws(FileError) {
            let opened = try LogFile(path, .append)
            let identity = opened.identity
            let note = journal?.claim { $0 == identity }
            // Written without a note, so it will be written again.
            if let note, note.identity == identity, opened.length > note.size { _ = opened.truncate(to: note.size) }
            adopt(opened)
            restore(note?.pending ?? pendingFile.read(identity, size: size))
            if let note {
                interrupted = InterruptedPiece(
                    stream: note.stream, time: note.time, taken: note.isComplete ? nil : note.taken)
                pendingFile.write(states[0].pending, states[1].pending, identity, size: size)
            }
        } catch {
            throw .file(error)
        }
    }

    /// Takes over the unfinished lines of a writer that was killed.
    private func restore(_ pending: [[UInt8]]) {
        for stream in OutputStream.allCases where pending.count == states.count {
            states[stream.index].pending = pending[stream.index]
            accounting.bytesIn += Int64(pending[stream.index].count)
            accounting.bytesPending += Int64(pending[stream.index].count)
        }
    }

    /// Says that a piece of a stream's output is about to be moved to where it outlives this writer. Pieces that are not
    /// announced may be lost with it.
    public func announce(_ stream: OutputStream, at time: WallTime, alreadyTaken: Int) {
        self.alreadyTaken = alreadyTaken
        interrupted = nil
        note(stream, at: time, taken: 0, isComplete: false)
    }

    private func note(
        _ stream: OutputStream, at time: WallTime, taken: Int, isComplete: Bool, successor: LogFile.Identity? = nil
    ) {
        guard let journal, let identity = file?.identity else { return }
        journal.put(
            LogNote(
                identity: identity, successor: successor, size: size, stream: stream, time: time,
                taken: alreadyTaken + taken,
                isComplete: isComplete, pending: states.map(\.pending)))
    }

    private func finish(_ stream: OutputStream, at time: WallTime, taken: Int) {
        commit()
        note(stream, at: time, taken: taken, isComplete: true)
        guard let identity = file?.identity else { return }
        pendingFile.write(states[0].pending, states[1].pending, identity, size: size)
    }

    /// Takes what the container has written to a stream. All whole lines among it are in the file, or counted as
    /// dropped, when this returns.
    public func append(_ stream: OutputStream, _ bytes: UnsafeRawBufferPointer, at time: WallTime) {
        accounting.bytesIn += Int64(bytes.count)
        guard format != nil else { return }
        begin(time)
        var rest = bytes
        while !rest.isEmpty {
            rotateIfFull(stream, at: time, taken: bytes.count - rest.count)
            if states[stream.index].isSkipping {
                skip(stream, &rest)
            } else if states[stream.index].pending.isEmpty {
                takeDirectly(stream, &rest)
            } else {
                takeThroughPending(stream, &rest)
            }
        }
        finish(stream, at: time, taken: bytes.count)
    }

    /// Takes what the container has written to a stream.
    public func append(_ stream: OutputStream, _ bytes: [UInt8], at time: WallTime) {
        bytes.withUnsafeBytes { append(stream, $0, at: time) }
    }

    /// Writes out lines that have no end, when a run of the container has ended: nothing more will come.
    public func flush(at time: WallTime) {
        guard format != nil else { return }
        begin(time)
        announce(.stdout, at: time, alreadyTaken: 0)
        rotateIfFull(.stdout, at: time, taken: 0)
        for stream in OutputStream.allCases {
            if states[stream.index].isSkipping {
                states[stream.index].isSkipping = false
                accounting.linesDropped += 1
            }
            emitPending(stream, endsLine: false)
        }
        finish(.stdout, at: time, taken: 0)
    }

    private func begin(_ time: WallTime) {
        stamp.set(time)
        rotationHasFailed = false
    }

    private func skip(_ stream: OutputStream, _ rest: inout UnsafeRawBufferPointer) {
        guard let newline = Self.newline(in: rest, within: rest.count) else {
            accounting.bytesDropped += Int64(rest.count)
            rest = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        accounting.bytesDropped += Int64(newline + 1)
        endSkipping(stream)
        rest = UnsafeRawBufferPointer(rebasing: rest[(newline + 1)...])
    }

    private func endSkipping(_ stream: OutputStream) {
        accounting.linesDropped += 1
        states[stream.index].isSkipping = false
        states[stream.index].owesNewline = states[stream.index].isOpenInFile
    }

    private func takeDirectly(_ stream: OutputStream, _ rest: inout UnsafeRawBufferPointer) {
        if let newline = Self.newline(in: rest, within: Self.maximumLine) {
            emit(stream, UnsafeRawBufferPointer(rebasing: rest[..<newline]), endsLine: true)
            rest = UnsafeRawBufferPointer(rebasing: rest[(newline + 1)...])
        } else if rest.count >= Self.maximumLine {
            emit(stream, UnsafeRawBufferPointer(rebasing: rest[..<Self.maximumLine]), endsLine: false)
            rest = UnsafeRawBufferPointer(rebasing: rest[Self.maximumLine...])
        } else {
            states[stream.index].pending = Array(rest)
            accounting.bytesPending += Int64(rest.count)
            rest = UnsafeRawBufferPointer(start: nil, count: 0)
        }
    }

    private func takeThroughPending(_ stream: OutputStream, _ rest: inout UnsafeRawBufferPointer) {
        let room = Self.maximumLine - states[stream.index].pending.count
        let newline = Self.newline(in: rest, within: room)
        let count = newline ?? min(room, rest.count)
        states[stream.index].pending.append(contentsOf: UnsafeRawBufferPointer(rebasing: rest[..<count]))
        accounting.bytesPending += Int64(count)
        rest = UnsafeRawBufferPointer(rebasing: rest[(newline.map { $0 + 1 } ?? count)...])
        if newline != nil || count == room { emitPending(stream, endsLine: newline != nil) }
    }

    /// The pending bytes leave the state first, because a failing write drops what is pending of its line.
    private func emitPending(_ stream: OutputStream, endsLine: Bool) {
        let line = states[stream.index].pending
        guard !line.isEmpty else { return }
        states[stream.index].pending = []
        accounting.bytesPending -= Int64(line.count)
        line.withUnsafeBytes { emit(stream, $0, endsLine: endsLine) }
    }

    private func emit(_ stream: OutputStream, _ content: UnsafeRawBufferPointer, endsLine: Bool) {
        makeRoom(for: content.count)
        let input = content.count + (endsLine ? 1 : 0)
        if states[stream.index].isSkipping {
            accounting.bytesDropped += Int64(input)
            if endsLine { endSkipping(stream) }
            return
        }
        if states[stream.index].owesNewline {
            states[stream.index].owesNewline = false
            accounting.bytesDropped -= 1
            format(stream, UnsafeRawBufferPointer(start: nil, count: 0), endsLine: true, isTerminator: true)
        }
        format(stream, content, endsLine: endsLine, isTerminator: false)
    }

    private func format(
        _ stream: OutputStream, _ content: UnsafeRawBufferPointer, endsLine: Bool, isTerminator: Bool
    ) {
        guard let format else { return }
        let length = format.encode(
            content, stream, isPartial: !endsLine, stamp: stamp, at: buffer.base + buffer.used)
        buffer.add(
            length: length, input: content.count + (endsLine ? 1 : 0), stream: stream, isPartial: !endsLine,
            isTerminator: isTerminator)
        states[stream.index].isOpenInBuffer = !endsLine
    }

    private func makeRoom(for content: Int) {
        guard let bound = format?.bound(content) else { return }
        if !buffer.hasRoom(for: bound + 96) { commit() }
    }

    /// Between two pieces of lines, so that it is clear what of the piece of output is in which file.
    private func rotateIfFull(_ stream: OutputStream, at time: WallTime, taken: Int) {
        guard let maximum = configuration.maximumSize, size + Int64(buffer.used) >= maximum, !rotationHasFailed else {
            return
        }
        commit()
        guard size >= maximum else { return }
        rotate { next in note(stream, at: time, taken: taken, isComplete: false, successor: next) }
        note(stream, at: time, taken: taken, isComplete: false)
    }

    /// On failure the current file grows past its bound, and the next `append` tries again.
    private func rotate(announce: (LogFile.Identity) -> Void) {
        do throws(FileError) {
            let fresh = try LogRotation.rotate(path, maximumFiles: configuration.maximumFiles, announce: announce)
            adopt(fresh)
            accounting.rotations += 1
        } catch {
            accounting.failure = error.code
            rotationHasFailed = true
        }
    }

    func adopt(_ opened: consuming LogFile) {
        size = opened.length
        endsInsideLine = false
        if size > 0 {
            var last: UInt8 = 0
            let offset = size - 1
            let count = withUnsafeMutableBytes(of: &last) { opened.read(at: offset, into: $0) }
            endsInsideLine = count == 1 && last != 0x0A
        }
        file = consume opened
    }

    @inline(__always)
    private static func newline(in bytes: UnsafeRawBufferPointer, within bound: Int) -> Int? {
        UnsafeRawBufferPointer(rebasing: bytes.prefix(bound)).offset(of: 0x0A)
    }
}
