internal import Linux
internal import Logs

// The way of output from its source to its log, on which no byte is lost or doubled when the engine is killed.
extension PumpLoop {
    mutating func adopt(_ parts: OutputHold) {
        do {
            let memory = try SharedMemory(parts.journal, length: LogJournal.length)
            hold = try HoldingPipe(parts.pipe)
            journal = LogJournal(memory)
        } catch {
            // Then output goes the shorter way.
            journal = nil
        }
    }

    /// Moves what a source has into a log; the bytes are in `buffer` then.
    ///
    /// First the journal says at which length the log is. One step of the kernel moves the bytes into the holding pipe.
    /// They are looked at, and written. The journal says that they are logged. Only then they are dropped. An engine that
    /// is killed anywhere between leaves the log, the pipe and the journal so that the next one knows what to do.
    mutating func transfer(_ source: Int32, to log: any LogSink, _ stream: LogStream) -> RawTransfer.Outcome {
        let time = clock.wall
        guard journal != nil else { return read(source, into: log, stream) }
        if journal?.isInterrupted == true {
            // Its log is not there any more.
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
        // What cannot be spliced can still be read.
        case .failed?, nil: return read(source, into: log, stream)
        }
    }

    private func read(_ source: Int32, into log: any LogSink, _ stream: LogStream) -> RawTransfer.Outcome {
        let outcome = RawTransfer.read(source, into: buffer)
        if case .moved(let count) = outcome {
            log.append(stream, UnsafeRawBufferPointer(rebasing: buffer[..<count]), at: clock.wall)
        }
        return outcome
    }

    /// Logs what an earlier engine had taken and not logged yet. Nobody listens to it: clients went with that engine, and
    /// read on from the log.
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
