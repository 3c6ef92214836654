import FoundationEssentials
import Model

@testable import Logs

extension FuzzTarget {
    static let criLogs = FuzzTarget(
        "cri-log", "any bytes are taken as a log; an entry of output is read back byte for byte"
    ) { input in
        let stamp = stamp()
        let entry = encoded(CRIFormat.bound(input.count)) { place in
            input.withUnsafeBytes { CRIFormat.encode($0, .stderr, isPartial: false, stamp: stamp, at: place) }
        }
        let space = UnsafeMutableRawPointer.allocate(byteCount: entry.count, alignment: 16)
        defer { space.deallocate() }
        try entry.dropLast().withUnsafeBytes { line in
            let record = CRIFormat.decode(line, into: space)
            try hold(record.map { Array($0.content) } == input, "an entry is read back as something else")
            try hold(
                record?.stream == .stderr && record?.endsLine == true,
                "an entry is read back with another stream or end")
        }
        try read(input, .cri)
    }

    static let jsonLogs = FuzzTarget(
        "json-log", "any bytes are taken as a log; an entry of UTF-8 is read back byte for byte"
    ) { input in
        let text = Array(input.text.utf8)
        let stamp = stamp()
        let entry = encoded(JSONFileFormat.bound(text.count)) { place in
            text.withUnsafeBytes { JSONFileFormat.encode($0, .stdout, isPartial: false, stamp: stamp, at: place) }
        }
        let space = UnsafeMutableRawPointer.allocate(byteCount: entry.count, alignment: 16)
        defer { space.deallocate() }
        try entry.dropLast().withUnsafeBytes { line in
            let record = JSONFileFormat.decode(line, into: space)
            try hold(record.map { Array($0.content) } == text, "an entry is read back as something else")
        }
        try input.withUnsafeBytes { line in
            // As large as the line, which is what the reader promises.
            let room = UnsafeMutableRawPointer.allocate(byteCount: max(1, line.count), alignment: 1)
            defer { room.deallocate() }
            if let record = JSONFileFormat.decode(line, into: room) {
                try hold(record.content.count <= line.count, "an entry is longer than its line")
            }
        }
        try read(input, .jsonFile)
    }

    /// The whole reader over a file of the input: forwards, from the tail, and by time.
    private static func read(_ input: [UInt8], _ driver: LogDriver) throws {
        let path = try FuzzDirectory.shared.write(input, "container.log")
        var all = LogQuery()
        let reader = try LogReader(driver: driver, path: path, query: all)
        var entries: [LogEntry] = []
        while true {
            let (more, progress) = reader.nextEntries(limit: 1000)
            entries += more
            guard case .more = progress else { break }
        }
        try hold(entries.count <= input.count, "more entries than bytes")
        try hold(
            entries.reduce(0) { $0 + $1.bytes.count } <= 3 * input.count + entries.count, "more output than there is")
        all.tail = 3
        let tail = try LogReader(driver: driver, path: path, query: all).nextEntries(limit: 1000).entries
        try hold(tail.count <= 3, "a tail of three has \(tail.count)")
        try hold(entries.suffix(tail.count).map(\.bytes) == tail.map(\.bytes), "the tail is not the end of the log")
        all.tail = nil
        all.since = WallTime(nanoseconds: 1_767_323_045_000_000_000)
        let since = try LogReader(driver: driver, path: path, query: all).nextEntries(limit: 1_000_000).entries
        try hold(since.allSatisfy { $0.time.nanoseconds >= 1_767_323_045_000_000_000 }, "an entry from before --since")
    }

    private static func stamp() -> LogStamp {
        var stamp = LogStamp()
        stamp.set(WallTime(nanoseconds: 1_767_323_045_123_000_000))
        return stamp
    }

    private static func encoded(_ bound: Int, _ encode: (UnsafeMutableRawPointer) -> Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            if let base = buffer.baseAddress { count = encode(UnsafeMutableRawPointer(base)) }
        }
    }
}
