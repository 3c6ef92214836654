internal import Linux
internal import Model
internal import NIOCore

/// Who is at the other end of a connection. It is looked up when somebody first asks, since most requests change nothing.
final class ConnectionPeer {
    private enum Identity {
        /// The kernel knows.
        case asked(any Channel)
        case known(Client?)
    }

    private var identity: Identity

    /// The process that connected a Unix socket.
    init(of channel: any Channel) { identity = .asked(channel) }

    /// Somebody who was told apart before.
    init(_ client: Client) { identity = .known(client) }

    /// The peer; `nil` when it cannot be had. Call on the channel's loop.
    var client: Client? {
        switch identity {
        case .known(let client): return client
        case .asked(let channel):
            let client = Self.ask(channel)
            identity = .known(client)
            return client
        }
    }

    /// The form of `struct ucred` in unix(7).
    private struct Credentials {
        var process: Int32 = 0
        var user: UInt32 = 0
        var group: UInt32 = 0
    }

    private static let socketLevel = NIOBSDSocket.OptionLevel(rawValue: 1)
    private static let peerCredentials = NIOBSDSocket.Option(rawValue: 17)

    private static func ask(_ channel: any Channel) -> Client? {
        guard let provider = channel as? any SocketOptionProvider else { return nil }
        let credentials = NIOLoopBoundBox<Credentials?>(nil, eventLoop: channel.eventLoop)
        // Completed at once, as this is the channel's loop.
        let answer: EventLoopFuture<Credentials> = provider.unsafeGetSocketOption(
            level: socketLevel, name: peerCredentials)
        answer.whenSuccess { credentials.value = $0 }
        guard let found = credentials.value, found.user != .max else { return nil }
        let name = try? HostFile.read("/proc/\(found.process)/comm").filter { $0 != "\n" }
        let passwd = (try? HostFile.read("/etc/passwd")) ?? ""
        let user = UserDatabase(passwd: passwd, group: "").users.first { $0.uid == found.user }
        return .process(
            number: found.process, program: name, uid: found.user, user: user?.name, gid: found.group)
    }
}
