import Glibc

/// Texts of IP addresses (inet_pton(3)).
public enum AddressText {
    /// Whether a text is an IPv4 address of four decimal numbers.
    public static func isIPv4(_ text: String) -> Bool {
        var storage = in6_addr()
        return !text.utf8.contains(0) && inet_pton(AF_INET, text, &storage) == 1
    }

    /// Whether a text is an IPv6 address, without a zone.
    public static func isIPv6(_ text: String) -> Bool {
        var storage = in6_addr()
        return !text.utf8.contains(0) && inet_pton(AF_INET6, text, &storage) == 1
    }

    /// The bytes of an IPv4 address (four) or an IPv6 address (16), highest first; `nil` for another text.
    public static func bytes(of text: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] where !text.utf8.contains(0) {
            var storage = in6_addr()
            guard inet_pton(family, text, &storage) == 1 else { continue }
            return withUnsafeBytes(of: storage) { Array($0.prefix(count)) }
        }
        return nil
    }
}
