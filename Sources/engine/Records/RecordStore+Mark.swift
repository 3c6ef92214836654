internal import FoundationEssentials
internal import Store

// The mark of the supervisor.
extension RecordStore {
    /// The mark of the last supervisor; `nil` when there is none or it is damaged.
    package func mark() -> SupervisorMark? {
        guard let bytes = try? disk.read(markPath) else { return nil }
        return try? JSONDecoder().decode(SupervisorMark.self, from: Data(bytes))
    }

    /// Writes the mark durably.
    package func write(_ mark: SupervisorMark) throws {
        try disk.replace(markPath, with: Array(try JSONEncoder().encode(mark)))
    }

    /// Puts aside anything but a file in the place of the mark, as it would keep the mark from ever being written. Returns what
    /// was found and what became of it; `nil` when nothing was in the way.
    package func clearPlaceOfMark() -> String? {
        switch disk.kind(of: markPath) {
        case .nothing, .file: return nil
        case .directory, .other: break
        }
        var number = 1
        while disk.kind(of: "\(markPath).damaged-\(number)") != .nothing { number += 1 }
        let place = "\(markPath).damaged-\(number)"
        do {
            try disk.rename(markPath, to: place)
            return "the supervisor's mark: not a file, moved to \(place)"
        } catch {
            return "the supervisor's mark: not a file, left as \(markPath)"
        }
    }
}
