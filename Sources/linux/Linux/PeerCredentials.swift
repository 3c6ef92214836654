import CLinux

/// Who connected a Unix socket, as the kernel recorded it then (SO_PEERCRED).
public struct PeerCredentials: Hashable, Sendable {
    /// Process number at the time of connect(2); for messages only, as it may be reused.
    public let processNumber: Int32
    /// Effective user at the time.
    public let userID: UInt32
    /// Effective group at the time.
    public let groupID: UInt32

    /// Asks the kernel about a connected socket.
    public init(socket: Int32) throws(LinuxError) {
        var process: Int32 = 0
        var user: UInt32 = 0
        var group: UInt32 = 0
        try LinuxError.check(
            clinux_peer_credentials(socket, &process, &user, &group), "getsockopt SO_PEERCRED", "socket \(socket)")
        processNumber = process
        userID = user
        groupID = group
    }
}
