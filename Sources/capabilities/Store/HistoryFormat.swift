/// The history file: one line per entry, `crc32c json`, the checksum in eight hexadecimal digits over the JSON.
///
/// A line cut short by a crash fails its checksum, so that every whole entry before it is still read.
enum HistoryFormat {
    static let newline: UInt8 = 0x0A

    static func line(_ payload: [UInt8]) -> [UInt8] {
        Array(CRC32C.text(CRC32C.checksum(payload)).utf8) + [0x20] + payload + [newline]
    }

    /// The payloads of all whole lines, and how many were not whole.
    static func parse(_ bytes: [UInt8]) -> (payloads: [ArraySlice<UInt8>], damaged: Int) {
        var payloads: [ArraySlice<UInt8>] = []
        var damaged = 0
        for line in bytes.split(separator: newline) {
            let payload = line.dropFirst(9)
            if line.count > 9, line.dropFirst(8).first == 0x20, let sum = CRC32C.parse(line.prefix(8)),
                CRC32C.checksum(payload) == sum
            {
                payloads.append(payload)
            } else {
                damaged += 1
            }
        }
        return (payloads, damaged)
    }
}
