internal import CSystemd
internal import Linux

/// A D-Bus message that is built or read.
struct BusMessage: ~Copyable {
    let message: OpaquePointer
    let operation: String
    let object: String

    init(adopting message: OpaquePointer, operation: String, object: String) {
        self.message = message
        self.operation = operation
        self.object = object
    }

    init(
        callOn bus: OpaquePointer, path: String, interface: String, member: String, object: String
    ) throws(SystemdError) {
        var made: OpaquePointer?
        let result = sd_bus_message_new_method_call(
            bus, &made, SystemdConnection.destination, path, interface, member)
        guard result >= 0, let made else {
            throw .connection(operation: member, object: object, reason: SystemdError.reason(result))
        }
        message = made
        operation = member
        self.object = object
    }

    deinit { _ = sd_bus_message_unref(message) }

    func check(_ result: Int32) throws(SystemdError) {
        if result < 0 {
            throw .connection(operation: operation, object: object, reason: SystemdError.reason(result))
        }
    }

    func append(_ text: String) throws(SystemdError) {
        guard !text.utf8.contains(0) else { throw .malformedName(text) }
        try check(text.withCString { sd_bus_message_append_basic(message, Self.string, $0) })
    }

    func append(_ texts: [String]) throws(SystemdError) {
        try check(sd_bus_message_open_container(message, Self.array, "s"))
        for text in texts { try append(text) }
        try check(sd_bus_message_close_container(message))
    }

    func append(_ flag: Bool) throws(SystemdError) {
        var number: Int32 = flag ? 1 : 0
        try check(sd_bus_message_append_basic(message, Self.boolean, &number))
    }

    /// Sends the call and waits for its answer, at most `seconds`.
    func call(on bus: OpaquePointer, seconds: UInt64 = SystemdConnection.callSeconds) throws(SystemdError) -> BusMessage
    {
        var failure = sd_bus_error()
        defer { sd_bus_error_free(&failure) }
        var reply: OpaquePointer?
        let result = sd_bus_call(bus, message, seconds * 1_000_000, &failure, &reply)
        guard result >= 0, let reply else {
            if result == -Errno.timedOut { throw .timedOut(operation: operation, object: object, seconds: seconds) }
            guard sd_bus_error_is_set(&failure) != 0, let name = failure.name else {
                throw .connection(operation: operation, object: object, reason: SystemdError.reason(result))
            }
            throw .refused(
                operation: operation, object: object, name: String(cString: name),
                message: failure.message.map { String(cString: $0) } ?? SystemdError.reason(result))
        }
        return BusMessage(adopting: reply, operation: operation, object: object)
    }

    /// The next string or object path.
    func readString(path: Bool = false) throws(SystemdError) -> String {
        var text: UnsafePointer<CChar>?
        try check(sd_bus_message_read_basic(message, path ? Self.objectPath : Self.string, &text))
        return text.map { String(cString: $0) } ?? ""
    }

    static let string = CChar(UInt8(ascii: "s"))
    static let objectPath = CChar(UInt8(ascii: "o"))
    static let signature = CChar(UInt8(ascii: "g"))
    static let boolean = CChar(UInt8(ascii: "b"))
    static let array = CChar(UInt8(ascii: "a"))
    static let structure = CChar(UInt8(ascii: "r"))
    static let entry = CChar(UInt8(ascii: "e"))
    static let variant = CChar(UInt8(ascii: "v"))
}
