internal import NIOCore

/// An answer whose producer blocks a thread as long as the client reads: a reader that has stopped would hold the
/// thread for ever.
struct PacedAnswer {
    /// How far the answer is.
    private struct Progress: Equatable {
        /// Bytes that have left the process in whole pieces.
        var sent = 0
        /// Bytes of the present piece that have not left the process.
        var left = 0
        /// Bytes of its own memory in which the kernel holds output for the reader. A reader slower than the socket's
        /// buffer is large is seen here to take something, long before there is room for more.
        var held: UInt32 = 0
    }

    private let channel: any Channel
    private var progress = Progress()
    private var seen = Progress()
    private var since = NIODeadline.now()

    init(_ channel: any Channel) { self.channel = channel }

    /// Counts bytes that have left the process.
    mutating func sent(_ count: Int) { progress.sent += count }

    /// The time at which the answer will have stood still too long, by what successive calls see. An answer with
    /// nothing to read does not stand still. A reader that takes something, however slowly, begins anew.
    mutating func deadline(_ stillTime: TimeAmount) -> NIODeadline {
        progress.left = (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        progress.held = SocketOutput.unread(channel)
        if progress.left == 0 || progress != seen { since = .now() }
        seen = progress
        return since + stillTime
    }
}
