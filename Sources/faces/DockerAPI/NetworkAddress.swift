internal import Linux

/// An IP address in a request.
enum NetworkAddress {
    /// What `--add-host` takes for the host's own address.
    static let hostGateway = "host-gateway"

    /// Whether a text is an IPv4 or IPv6 address; a zone (`%eth0`) may follow the latter.
    static func isValid(_ text: some StringProtocol) -> Bool {
        if AddressText.isIPv4(String(text)) { return true }
        let parts = text.utf8.split(separator: 0x25, maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first, parts.count == 1 || parts.last?.isEmpty == false else { return false }
        return AddressText.isIPv6(String(decoding: address, as: UTF8.self))
    }
}
