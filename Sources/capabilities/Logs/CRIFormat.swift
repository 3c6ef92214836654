internal import Model

/// The CRI log format: time, stream, tag `F` or `P` (the line goes on in the next entry), content, newline.
enum CRIFormat: LogFormat {
    /// Time, space, stream, space, tag, space.
    static let prefixLength = LogStamp.fixedLength + 10

    static func bound(_ content: Int) -> Int { prefixLength + content + 1 }

    static func encode(
        _ content: UnsafeRawBufferPointer, _ stream: OutputStream, isPartial: Bool, stamp: borrowing LogStamp,
        at place: UnsafeMutableRawPointer
    ) -> Int {
        stamp.text.withUnsafeBytes { text in
            if let base = text.baseAddress { place.copyMemory(from: base, byteCount: LogStamp.fixedLength) }
        }
        let name: StaticString = stream == .stdout ? " stdout " : " stderr "
        (place + LogStamp.fixedLength).copyMemory(from: name.utf8Start, byteCount: 8)
        place.storeBytes(of: isPartial ? 0x50 : 0x46, toByteOffset: LogStamp.fixedLength + 8, as: UInt8.self)
        place.storeBytes(of: 0x20, toByteOffset: LogStamp.fixedLength + 9, as: UInt8.self)
        if let base = content.baseAddress {
            (place + prefixLength).copyMemory(from: base, byteCount: content.count)
        }
        place.storeBytes(of: 0x0A, toByteOffset: prefixLength + content.count, as: UInt8.self)
        return prefixLength + content.count + 1
    }

    static func decode(_ line: UnsafeRawBufferPointer, into _: UnsafeMutableRawPointer) -> LogRecord? {
        guard line.count >= prefixLength, line[29] == 0x5A, line[30] == 0x20, line[37] == 0x20, line[39] == 0x20,
            line[31] == 0x73, line[32] == 0x74, line[33] == 0x64
        else { return nil }
        let stream: OutputStream
        switch (line[34], line[35], line[36]) {
        case (0x6F, 0x75, 0x74): stream = .stdout
        case (0x65, 0x72, 0x72): stream = .stderr
        default: return nil
        }
        guard line[38] == 0x46 || line[38] == 0x50 else { return nil }
        return LogRecord(
            stamp: UnsafeRawBufferPointer(rebasing: line[0..<LogStamp.fixedLength]), stream: stream,
            content: UnsafeRawBufferPointer(rebasing: line[prefixLength...]), endsLine: line[38] == 0x46)
    }
}
