extension FrameWriter {
    mutating func put(_ reading: Reading) {
        put(reading.monotonic)
        put(reading.wall)
    }

    mutating func put(_ record: ExitRecord) {
        put(record.status)
        put(record.userTime)
        put(record.systemTime)
        put(record.maximumResident)
        put(record.at)
    }

    mutating func put(_ failure: LaunchFailure) {
        put(failure.phase.rawValue)
        put(failure.operation)
        put(failure.step.rawValue)
        put(failure.code)
    }

    mutating func put(_ text: FrameText) {
        put(UInt8(text.count))
        for index in 0..<text.count { put(text[index]) }
    }

    mutating func put(_ replacement: Replacement) {
        put(replacement.outcome.rawValue)
        put(replacement.status)
        put(replacement.at)
        put(replacement.text)
    }

    mutating func put(_ state: SlotState) {
        put(state.slot)
        put(state.kind.rawValue)
        put(state.key)
        put(state.phase.rawValue)
        put(state.pid)
        put(state.spawned)
        put(state.exit)
        put(state.failure)
    }
}

extension FrameReader {
    mutating func takeReading() throws(FrameError) -> Reading {
        Reading(monotonic: try take(), wall: try take())
    }

    mutating func takeStep() throws(FrameError) -> LaunchStep {
        guard let step = LaunchStep(rawValue: try take()) else { throw .badValue }
        return step
    }

    mutating func takeExit() throws(FrameError) -> ExitRecord {
        ExitRecord(
            status: try take(), userTime: try take(), systemTime: try take(), maximumResident: try take(),
            at: try takeReading())
    }

    mutating func takeFailure() throws(FrameError) -> LaunchFailure {
        guard let phase = LaunchPhase(rawValue: try take()) else { throw .badValue }
        return LaunchFailure(phase: phase, operation: try take(), step: try takeStep(), code: try take())
    }

    mutating func takeText() throws(FrameError) -> FrameText {
        let count = Int(try take(UInt8.self))
        guard count <= FrameText.capacity else { throw .badValue }
        var text = FrameText()
        for _ in 0..<count { text.append(try take()) }
        return text
    }

    mutating func takeReplacement() throws(FrameError) -> Replacement {
        guard let outcome = ReplacementOutcome(rawValue: try take()) else { throw .badValue }
        return Replacement(outcome: outcome, status: try take(), at: try takeReading(), text: try takeText())
    }

    mutating func takeState() throws(FrameError) -> SlotState {
        let slot = try take(UInt64.self)
        guard let kind = SlotKind(rawValue: try take()) else { throw .badValue }
        let key = try takeKey()
        guard let phase = SlotPhase(rawValue: try take()) else { throw .badValue }
        return SlotState(
            slot: slot, kind: kind, key: key, phase: phase, pid: try take(), spawned: try takeReading(),
            exit: try takeExit(), failure: try takeFailure())
    }
}
