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

    private static func ask(_ channel: any Channel) -> Client? {
        let credentials = try? channel.pipeline.syncOperations
            .withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { try PeerCredentials(socket: $0) }
        guard let found = credentials, found.userID != .max else { return nil }
        let name = try? HostFile.read("/proc/\(found.processNumber)/comm").filter { $0 != "\n" }
        let passwd = (try? HostFile.read("/etc/passwd")) ?? ""
        let user = UserDatabase(passwd: passwd, group: "").users.first { $0.uid == found.userID }
        return .process(
            number: found.processNumber, program: name, uid: found.userID, user: user?.name, gid: found.groupID)
    }
}
