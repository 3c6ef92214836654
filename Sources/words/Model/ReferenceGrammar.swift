/// The pieces of the reference grammar, each anchored at both ends.
enum ReferenceGrammar {
    static func isLower(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) }
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isLower(byte) || (0x41...0x5A).contains(byte) }

    static func splitDomain(_ text: String) -> (domain: String, rest: String) {
        let (first, rest) = text.cut(at: "/")
        guard let rest else { return ("docker.io", text) }
        let isHost =
            first.utf8.contains(0x2E) || first.utf8.contains(0x3A) || first == "localhost"
            || first.lowercased() != first
        return isHost ? (String(first), String(rest)) : ("docker.io", text)
    }

    static func isDomain(_ text: String) -> Bool {
        var host = text[...]
        if host.hasPrefix(bytes: "["), let end = host.firstIndex(ofByte: "]") {
            let address = host[host.utf8.index(after: host.startIndex)..<end]
            let hexDigits = address.utf8.allSatisfy { $0 == 0x3A || ($0 | 0x20).isLowerHexDigit }
            let port = host[host.utf8.index(after: end)...]
            return !address.isEmpty && hexDigits && (port.isEmpty || isPort(port))
        }
        if let colon = host.firstIndex(ofByte: ":") {
            guard isPort(host[colon...]) else { return false }
            host = host[..<colon]
        }
        return host.split(byte: ".", omittingEmptySubsequences: false).allSatisfy { label in
            guard let first = label.utf8.first, let last = label.utf8.last else { return false }
            return isAlphanumeric(first) && isAlphanumeric(last)
                && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D }
        }
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.utf8.first == 0x3A && text.utf8.count > 1
            && text.utf8.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }

    static func isPath(_ text: Substring) -> Bool {
        text.split(byte: "/", omittingEmptySubsequences: false).allSatisfy(isComponent)
    }

    /// `[a-z0-9]+` runs joined by one dot, one or two underscores, or any number of dashes.
    private static func isComponent(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, isLower(first), isLower(last) else {
            return false
        }
        var separator: [UInt8] = []
        for byte in text.utf8 {
            if isLower(byte) {
                let dashes = separator.allSatisfy { $0 == 0x2D }
                guard dashes || separator == [0x2E] || separator == [0x5F] || separator == [0x5F, 0x5F] else {
                    return false
                }
                separator = []
            } else {
                separator.append(byte)
            }
        }
        return true
    }

    static func isTag(_ text: String) -> Bool {
        guard let first = text.utf8.first, isAlphanumeric(first) || first == 0x5F,
            text.utf8.count <= ImageReference.maximumTagLength
        else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x5F || $0 == 0x2E || $0 == 0x2D }
    }

    static func isDigest(_ text: String) -> Bool {
        let parts = text.split(byte: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let first = parts[0].utf8.first, isAlphanumeric(first), !(0x30...0x39).contains(first)
        else { return false }
        let algorithm = parts[0].utf8.allSatisfy { isAlphanumeric($0) || [0x2B, 0x2D, 0x2E, 0x5F].contains($0) }
        return algorithm && parts[1].utf8.count >= 32 && parts[1].utf8.allSatisfy { ($0 | 0x20).isLowerHexDigit }
    }
}
