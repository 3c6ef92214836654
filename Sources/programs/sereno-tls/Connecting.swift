internal import Confinement
internal import Linux
internal import Model
internal import TLS

/// The client's side: one connection, relayed to a socket that was left open for it.
struct Connecting {
    private static let plain: Int32 = 3
    /// Gets one byte, 1, when the connection stands, or a text that says why not.
    private static let report: Int32 = 4
    private static let handshakeTime = Nanoseconds.seconds(30)

    private let files: TLSFiles
    private let host: String
    private let port: UInt16

    init(_ files: TLSFiles, host: String, port: UInt16) {
        self.files = files
        self.host = host
        self.port = port
    }

    func run() throws {
        do {
            let context = try TLSContext(.client(of: host), files)
            let socket = try TCPSocket.connect(host: host, port: port)
            // Before the first byte of the other side is read.
            try Confinement.tlsClient.enter()
            let connection = try TLSConnection(context, socket: socket.rawValue, within: Self.handshakeTime)
            tell([1])
            connection.relay(Self.plain)
        } catch {
            tell(Array(error.sentence.utf8))
        }
    }

    private func tell(_ bytes: [UInt8]) {
        let report = OwnedDescriptor(adopting: Self.report)
        _ = try? report.borrowed.write(bytes[...])
    }
}
