internal import Model

/// Makes entries in journald's native protocol, in one buffer that is used again.
struct JournalEncoder {
    private let fields: JournalFields
    private let epoch: [UInt8]
    private var stamp = LogStamp()
    private var buffer: [UInt8] = []

    /// The pieces that a long line has become so far.
    struct Chain {
        /// The ordinal of its first piece.
        var first: UInt64
        /// How many pieces journald has.
        var count: UInt64
    }

    init(_ fields: JournalFields, epoch: UInt64) {
        self.fields = fields
        self.epoch = Array(String(epoch, radix: 16).utf8)
    }

    /// Makes an entry and gives it to `body`. `chain` is there when the entry before it was a piece of the same line.
    mutating func encode<Value>(
        _ stream: OutputStream, _ pending: [UInt8], _ content: UnsafeRawBufferPointer, endsLine: Bool, chain: Chain?,
        ordinal: UInt64, at time: WallTime, _ body: (UnsafeRawBufferPointer) -> Value
    ) -> Value {
        stamp.set(time)
        buffer.removeAll(keepingCapacity: true)
        buffer += fields.encoded
        // As dockerd has it: LOG_ERR and LOG_INFO of syslog(3).
        put("PRIORITY=", Array(stream == .stderr ? "3".utf8 : "6".utf8))
        put("SYSLOG_TIMESTAMP=", stamp.text)
        put("CONTAINER_LOG_EPOCH=", epoch)
        put("CONTAINER_LOG_ORDINAL=", Array(String(ordinal).utf8))
        if !endsLine || chain != nil {
            let chain = chain ?? Chain(first: ordinal, count: 0)
            put("CONTAINER_PARTIAL_ID=", epoch + [0x2E] + Array(String(chain.first).utf8))
            put("CONTAINER_PARTIAL_ORDINAL=", Array(String(chain.count + 1).utf8))
            put("CONTAINER_PARTIAL_LAST=", Array(endsLine ? "true".utf8 : "false".utf8))
            if !endsLine { put("CONTAINER_PARTIAL_MESSAGE=", Array("true".utf8)) }
        }
        buffer += Array("MESSAGE".utf8)
        buffer.append(0x0A)
        withUnsafeBytes(of: UInt64(pending.count + content.count).littleEndian) { buffer.append(contentsOf: $0) }
        buffer += pending
        buffer.append(contentsOf: content)
        buffer.append(0x0A)
        return buffer.withUnsafeBytes(body)
    }

    private mutating func put(_ name: StaticString, _ value: [UInt8]) {
        buffer.append(contentsOf: UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        buffer += value
        buffer.append(0x0A)
    }
}
