internal import Glibc

/// Where a connection comes from, as far as strangers are told apart: an IPv4 address, or the 64 bits of an IPv6 address that one
/// customer of a provider has (RFC 6177).
struct PeerAddress: Hashable, Sendable {
    private let bytes: [UInt8]

    init(_ storage: sockaddr_storage) {
        var storage = storage
        let family = Int32(storage.ss_family)
        bytes = withUnsafeBytes(of: &storage) { raw in
            // struct sockaddr_in and sockaddr_in6: the address is behind family and port, and there behind a flow label.
            family == AF_INET6 ? Self.network(Array(raw[8..<24])) : Array(raw[4..<8])
        }
    }

    private static func network(_ address: [UInt8]) -> [UInt8] {
        // An IPv4 address on a socket for both (::ffff:a.b.c.d).
        let isMapped = address[..<10].allSatisfy { $0 == 0 } && address[10] == 0xFF && address[11] == 0xFF
        return isMapped ? Array(address[12...]) : Array(address[..<8])
    }
}
