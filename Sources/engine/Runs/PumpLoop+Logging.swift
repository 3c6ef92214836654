internal import Linux
internal import Logs
internal import Model

// The way of output from its source to its log. No byte is lost or doubled on it when the engine is killed.
extension PumpLoop {
    mutating func adopt(_ parts: OutputHold) {
        do {
            let memory = try SharedMemory(parts.journal, length: LogJournal.length)
            hold = try HoldingPipe(parts.pipe)
            journal = LogJournal(memory)
        } catch {
            // Output takes the shorter way then.
            journal = nil
        }
    }

    /// Moves the output of a source into a log; the bytes are in `buffer` then.
    ///
    /// First the journal records the length of the log. One step of the kernel moves the bytes into the holding pipe. They are
    /// copied from there, and written. The journal records that they are logged. Only then they are dropped. An engine that is
    /// killed anywhere between leaves the log, the pipe and the journal in a state that the next one can continue from.
    mutating func transfer(_ source: Int32, to log: any LogSink, _ stream: OutputStream) -> RawTransfer.Outcome {
        let time = clock.wall
        guard journal != nil else { return read(source, into: log, stream) }
        if journal?.isInterrupted == true {
            // The log of that piece is gone.
            hold?.drop()
            journal?.forget()
        }
        log.announce(stream, at: time)
        switch hold?.take(from: source) {
        case .moved(let moved)?:
            let count = hold?.look(moved, into: buffer) ?? 0
            log.append(stream, UnsafeRawBufferPointer(rebasing: buffer[..<count]), at: time)
            hold?.drop(moved)
            hasLogged = true
            return .moved(count)
        case .wouldBlock?: return .wouldBlock
        case .end?: return .end
        // A source that cannot be spliced can still be read.
        case .failed?, nil: return read(source, into: log, stream)
        }
    }

    private func read(_ source: Int32, into log: any LogSink, _ stream: OutputStream) -> RawTransfer.Outcome {
        let outcome = RawTransfer.read(source, into: buffer)
        if case .moved(let count) = outcome {
            log.append(stream, UnsafeRawBufferPointer(rebasing: buffer[..<count]), at: clock.wall)
        }
        return outcome
    }

    /// Logs the output that an earlier engine had taken and not logged yet. No client receives it: clients went with that engine,
    /// and read on from the log.
    mutating func finish(_ piece: InterruptedPiece, _ log: any LogSink) {
        let held = hold?.count ?? 0
        if let taken = piece.taken, held > taken {
            let count = hold?.look(held, into: buffer) ?? 0
            log.announce(piece.stream, at: piece.time, alreadyTaken: taken)
            log.append(
                piece.stream, UnsafeRawBufferPointer(rebasing: buffer[min(taken, count)..<count]), at: piece.time)
        }
        hold?.drop()
    }
}
