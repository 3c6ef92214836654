package import APIClient
import Flags
package import Model

/// The entries of a log that is followed over any number of engines. Entries are requested with their times, so that
/// the next engine begins exactly where the last one stopped.
package struct FollowedLog {
    /// The longest frame in bytes; an entry of a log is much shorter.
    private static let longestFrame = 16 << 20

    /// Whether entries are shown with their times.
    package let showsTimes: Bool
    private var received: [UInt8] = []
    /// The time of the last entry, and the number of entries with that time.
    private var last: (time: WallTime, count: Int)?
    /// Number of entries with that time that are still to come again.
    private var repeated = 0

    /// A log without entries yet. With `showsTimes` each line is shown with its time.
    package init(showsTimes: Bool) { self.showsTimes = showsTimes }

    /// The time from which the next engine's log is requested; `nil` before the first entry. The received part of an
    /// unfinished entry is dropped, as it comes again.
    package mutating func resume() -> WallTime? {
        received = []
        repeated = last?.count ?? 0
        return last?.time
    }

    /// Takes received bytes and passes the complete entries to `show`.
    package mutating func take(_ bytes: [UInt8], _ show: (FrameDecoder.Origin, ArraySlice<UInt8>) throws -> Void) throws
    {
        received += bytes
        var rest = received[...]
        while rest.count >= 8 {
            let head = rest.prefix(8)
            guard let origin = FrameDecoder.Origin(number: head[head.startIndex]) else {
                throw ExitFailure("Unrecognized input header: \(head[head.startIndex])")
            }
            let length = head.dropFirst(4).reduce(0) { $0 << 8 | Int($1) }
            guard length <= Self.longestFrame else { throw ExitFailure("a frame of \(length) bytes is too long") }
            guard rest.count >= 8 + length else { break }
            let entry = rest.dropFirst(8).prefix(length)
            rest = rest.dropFirst(8 + length)
            if let shown = note(entry, origin) { try show(origin, shown) }
        }
        received = Array(rest)
    }

    /// The part of an entry to show; `nil` when the entry was shown before.
    private mutating func note(_ entry: ArraySlice<UInt8>, _ origin: FrameDecoder.Origin) -> ArraySlice<UInt8>? {
        guard origin != .engine, let space = entry.firstIndex(of: 0x20),
            let time = WallTime(rfc3339: String(decoding: entry[..<space], as: UTF8.self))
        else { return entry }
        if let last, last.time == time {
            if repeated > 0 {
                repeated -= 1
                return nil
            }
            self.last = (time, last.count + 1)
        } else {
            repeated = 0
            last = (time, 1)
        }
        return showsTimes ? entry : entry[(space + 1)...]
    }
}
