internal import NIOCore

/// What the kernel holds for the reader of a socket.
enum SocketOutput {
    /// The result of SO_MEMINFO for a socket (sock_diag(7)).
    private struct MemoryInformation {
        typealias Pair = (UInt32, UInt32)
        var received: Pair = (0, 0)
        /// The memory of what was written and not read yet, and its bound.
        var written: Pair = (0, 0)
        var others: (Pair, Pair, UInt32) = ((0, 0), (0, 0), 0)
    }

    private static let socketLevel = NIOBSDSocket.OptionLevel(rawValue: 1)
    private static let memoryInformation = NIOBSDSocket.Option(rawValue: 55)

    /// Bytes of the kernel's memory that hold what was written and not read yet; 0 where it does not say (before Linux
    /// 4.12). Of TCP it is what has not reached the peer's kernel. Call on the channel's loop.
    static func unread(_ channel: any Channel) -> UInt32 {
        guard let provider = channel as? any SocketOptionProvider else { return 0 }
        let held = NIOLoopBoundBox<UInt32>(0, eventLoop: channel.eventLoop)
        // Completed at once, as this is the channel's loop.
        let answer: EventLoopFuture<MemoryInformation> = provider.unsafeGetSocketOption(
            level: socketLevel, name: memoryInformation)
        answer.whenSuccess { held.value = $0.written.0 }
        return held.value
    }

    /// Whether the reader has taken all that was written, that in the process's own memory included. Call on the
    /// channel's loop.
    static func isTaken(_ channel: any Channel) -> Bool {
        let waiting: Int = (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        return waiting == 0 && unread(channel) == 0
    }
}
