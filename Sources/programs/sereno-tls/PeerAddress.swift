/// Where a connection comes from, as far as strangers are told apart: an IPv4 address, or the 64 bits of an IPv6 address that one
/// customer of a provider has (RFC 6177).
struct PeerAddress: Hashable, Sendable {
    private let bytes: [UInt8]

    /// From the 4 bytes of an IPv4 address or the 16 of an IPv6 one.
    init(_ address: [UInt8]) { bytes = address.count == 16 ? Self.network(address) : address }

    private static func network(_ address: [UInt8]) -> [UInt8] {
        // An IPv4 address on a socket for both (::ffff:a.b.c.d).
        let isMapped = address[..<10].allSatisfy { $0 == 0 } && address[10] == 0xFF && address[11] == 0xFF
        return isMapped ? Array(address[12...]) : Array(address[..<8])
    }
}
