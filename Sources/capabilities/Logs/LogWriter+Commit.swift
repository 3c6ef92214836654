internal import Linux

extension LogWriter {
    /// Writes the formatted lines in one write(2). When it fails, the file ends after the last whole line that
    /// had room, and the others are counted as dropped.
    func commit() {
        guard !buffer.isEmpty else { return }
        defer { buffer.clear() }
        let (count, code) = write()
        if count == buffer.used {
            size += Int64(count)
            accounting.bytesWritten += buffer.input
            accounting.failure = 0
            for index in states.indices { states[index].isOpenInFile = states[index].isOpenInBuffer }
            return
        }
        accounting.failure = code
        let kept = buffer.records.count { $0.end <= count }
        let boundary = kept == 0 ? 0 : Int(buffer.records[kept - 1].end)
        cut(written: count, to: boundary)
        settle(kept: kept)
    }

    private func write() -> (count: Int, code: Int32) {
        if file == nil {
            do throws(FileError) {
                let opened = try LogFile(path, .append)
                adopt(opened)
            } catch {
                return (0, error.code)
            }
        }
        if endsInsideLine {
            let newline: [UInt8] = [0x0A]
            let (count, code) = newline.withUnsafeBytes { file?.write($0) ?? (0, Errno.badDescriptor) }
            if count != 1 { return (0, code) }
            size += 1
            endsInsideLine = false
        }
        return file?.write(buffer.formatted) ?? (0, Errno.badDescriptor)
    }

    /// The length is asked for, because somebody may have cut the file under us.
    private func cut(written: Int, to boundary: Int) {
        guard let length = file?.length else { return }
        size = length
        guard written > boundary else { return }
        let target = max(0, length - Int64(written - boundary))
        if file?.truncate(to: target) == true {
            size = target
        } else {
            endsInsideLine = true
        }
    }

    /// Counts what was written and what was lost, and leaves each stream so that it goes on at a line's beginning.
    private func settle(kept: Int) {
        var lost = [false, false]
        var lastLostIsPartial = [false, false]
        for (position, record) in buffer.records.enumerated() {
            let index = record.stream.index
            if position < kept {
                accounting.bytesWritten += Int64(record.input)
                states[index].isOpenInFile = record.isPartial
            } else {
                accounting.bytesDropped += Int64(record.input)
                if !record.isPartial, !record.isTerminator { accounting.linesDropped += 1 }
                lost[index] = true
                lastLostIsPartial[index] = record.isPartial
            }
        }
        for index in states.indices where lost[index] {
            states[index].isOpenInBuffer = states[index].isOpenInFile
            guard lastLostIsPartial[index] else {
                states[index].owesNewline = states[index].isOpenInFile
                continue
            }
            states[index].isSkipping = true
            accounting.bytesDropped += Int64(states[index].pending.count)
            accounting.bytesPending -= Int64(states[index].pending.count)
            states[index].pending = []
        }
        for index in states.indices where !lost[index] {
            states[index].isOpenInFile = states[index].isOpenInBuffer
        }
    }
}
