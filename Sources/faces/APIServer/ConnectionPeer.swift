internal import Linux
internal import Model
internal import NIOCore

/// The other end of a connection. It is looked up at the first use, since most requests change nothing.
final class ConnectionPeer {
    private enum Identity {
        /// Not looked up yet: the kernel reports it.
        case asked(any Channel)
        case known(Client?)
    }

    private var identity: Identity

    /// The process that connected to the channel's Unix socket.
    init(of channel: any Channel) { identity = .asked(channel) }

    /// A peer that the caller has identified already.
    init(_ client: Client) { identity = .known(client) }

    /// The peer; `nil` when the kernel does not report it. Call on the channel's loop.
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
