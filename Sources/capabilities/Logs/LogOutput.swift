internal import Model

/// The space in which entries are rendered before they are handed on in one piece.
final class LogOutput {
    private static let capacity = 128 << 10
    private let base: UnsafeMutableRawPointer
    private(set) var used = 0
    private static let zeros = [UInt8](repeating: 0x30, count: 10)

    init() { base = .allocate(byteCount: Self.capacity, alignment: 16) }

    deinit { base.deallocate() }

    func flush(into bytes: inout [UInt8]) {
        guard used > 0 else { return }
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: base, count: used))
        used = 0
    }

    /// Renders one entry; the order of the parts is Docker's.
    func add(_ record: LogRecord, _ rendering: LogRendering, _ bytes: inout [UInt8]) {
        let size = record.content.count + (rendering.details?.count ?? 0) + 128
        if used + size > Self.capacity {
            flush(into: &bytes)
            if size > Self.capacity {
                addLarge(record, rendering, &bytes)
                return
            }
        }
        let start = used
        if rendering.multiplexed { used += 8 }
        addStamp(record, rendering)
        if let details = rendering.details { details.withUnsafeBytes { put($0) } }
        put(record.content)
        if record.endsLine { put(0x0A) }
        if rendering.multiplexed { putHeader(at: start, record.stream, length: used - start - 8) }
    }

    /// An entry that does not fit, as only other programs write them.
    private func addLarge(_ record: LogRecord, _ rendering: LogRendering, _ bytes: inout [UInt8]) {
        if rendering.multiplexed { used += 8 }
        addStamp(record, rendering)
        let details = rendering.details ?? []
        if rendering.multiplexed {
            let length = used - 8 + details.count + record.content.count + (record.endsLine ? 1 : 0)
            putHeader(at: 0, record.stream, length: length)
        }
        flush(into: &bytes)
        bytes += details
        bytes.append(contentsOf: record.content)
        if record.endsLine { bytes.append(0x0A) }
    }

    private func addStamp(_ record: LogRecord, _ rendering: LogRendering) {
        guard rendering.timestamps else { return }
        addStamp(record.stamp)
        put(0x20)
    }

    /// With all nine decimals, whatever the file has.
    private func addStamp(_ stamp: UnsafeRawBufferPointer) {
        let count = min(stamp.count, 64)
        guard count >= 20, count < LogStamp.fixedLength, stamp[count - 1] == 0x5A else {
            put(UnsafeRawBufferPointer(rebasing: stamp[..<count]))
            return
        }
        put(UnsafeRawBufferPointer(rebasing: stamp[..<(count - 1)]))
        if count == 20 { put(0x2E) }
        let missing = LogStamp.fixedLength - 1 - max(count - 1, 20)
        Self.zeros.withUnsafeBytes { put(UnsafeRawBufferPointer(rebasing: $0[..<missing])) }
        put(0x5A)
    }

    private func putHeader(at place: Int, _ stream: OutputStream, length: Int) {
        base.storeBytes(of: UInt32(stream.rawValue).littleEndian, toByteOffset: place, as: UInt32.self)
        base.storeBytes(of: UInt32(length).bigEndian, toByteOffset: place + 4, as: UInt32.self)
    }

    private func put(_ bytes: UnsafeRawBufferPointer) {
        if let source = bytes.baseAddress { (base + used).copyMemory(from: source, byteCount: bytes.count) }
        used += bytes.count
    }

    private func put(_ byte: UInt8) {
        base.storeBytes(of: byte, toByteOffset: used, as: UInt8.self)
        used += 1
    }
}
