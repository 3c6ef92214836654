internal import Linux
internal import Synchronization

/// Messages for a thread that waits in epoll. Any thread puts them; that thread takes all at once.
final class Mailbox<Message: Sendable>: Sendable {
    private let messages = Mutex<[Message]>([])
    private let wake: WakeEvent

    init() throws(LinuxError) { wake = try WakeEvent() }

    /// Descriptor that is readable while there may be messages.
    var descriptor: Int32 { wake.descriptor }

    /// Adds a message and wakes the thread.
    func put(_ message: Message) {
        let first = messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        if first { wake.signal() }
    }

    /// Takes all messages in their order.
    func takeAll() -> [Message] {
        wake.clear()
        return messages.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}
