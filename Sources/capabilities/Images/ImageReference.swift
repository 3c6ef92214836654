/// A name of an image in Docker's reference grammar, normalised: `docker.io/library/busybox:latest`.
///
/// Grammar and normalisation are those of github.com/distribution/reference.
public struct ImageReference: Hashable, Sendable, CustomStringConvertible {
    /// The registry's host, with its port when it was given: `docker.io`.
    public let domain: String
    /// The path below the host: `library/busybox`.
    public let path: String
    /// The tag as written, or `nil`.
    public let tag: String?
    /// The digest as written, `sha256:…`, or `nil`.
    public let digest: String?

    /// Why a text is not a reference, with the words of the reference grammar's own library.
    public enum Invalid: Error, Hashable, Sendable {
        case format
        case uppercase(repository: String)
        case empty
        case tooLong
        case hexadecimalName(String)
        case digestAlgorithm
        case digestLength
        case noTagAllowed
        case ambiguousName

        /// Docker's message.
        public var message: String {
            switch self {
            case .format: "invalid reference format"
            case .uppercase(let name):
                "invalid reference format: repository name (\(name)) must be lowercase"
            case .empty: "repository name must have at least one component"
            case .tooLong: "repository name must not be more than 255 characters"
            case .hexadecimalName(let name):
                "invalid repository name (\(name)), cannot specify 64-byte hexadecimal strings"
            case .digestAlgorithm: "unsupported digest algorithm"
            case .digestLength: "invalid checksum digest length"
            case .noTagAllowed: "refusing to create a tag with a digest reference"
            case .ambiguousName: "refusing to create an ambiguous tag using digest algorithm as name"
            }
        }
    }

    /// The longest repository name, domain included, in bytes.
    public static let maximumNameLength = 255
    /// The longest tag in bytes.
    public static let maximumTagLength = 128

    /// Parses what a user types: missing domain and `library/` are filled in, the tag is left as it is.
    public init(parsing text: String) throws(Invalid) {
        if text.utf8.count == 64, text.utf8.allSatisfy(Grammar.isLowerHex) { throw .hexadecimalName(text) }
        var (domain, rest) = Grammar.splitDomain(text)
        if domain == "index.docker.io" { domain = "docker.io" }
        if domain == "docker.io", !rest.utf8.contains(0x2F) { rest = "library/" + rest }
        let beforeTag = String(rest.prefix { $0 != ":" })
        if beforeTag != beforeTag.lowercased() { throw .uppercase(repository: beforeTag) }
        guard Grammar.isDomain(domain) else { throw .format }

        var name = rest[...]
        var digest: String?
        if let at = name.firstIndex(of: "@") {
            let written = String(name[name.index(after: at)...])
            guard Grammar.isDigest(written) else { throw .format }
            digest = written
            name = name[..<at]
        }
        var tag: String?
        if let colon = name.firstIndex(of: ":") {
            let written = String(name[name.index(after: colon)...])
            guard Grammar.isTag(written) else { throw .format }
            tag = written
            name = name[..<colon]
        }
        guard Grammar.isPath(name) else { throw .format }
        guard domain.utf8.count + 1 + name.utf8.count <= Self.maximumNameLength else { throw .tooLong }
        if let digest { try Self.check(digest) }
        self.domain = domain
        self.path = String(name)
        self.tag = tag
        self.digest = digest
    }

    private init(domain: String, path: String, tag: String?, digest: String?) {
        self.domain = domain
        self.path = path
        self.tag = tag
        self.digest = digest
    }

    private static func check(_ digest: String) throws(Invalid) {
        let parts = digest.split(separator: ":", maxSplits: 1)
        let lengths = ["sha256": 64, "sha384": 96, "sha512": 128]
        guard parts.count == 2, let length = lengths[String(parts[0])] else { throw .digestAlgorithm }
        guard parts[1].utf8.count == length else { throw .digestLength }
        guard parts[1].utf8.allSatisfy(Grammar.isLowerHex) else { throw .format }
    }

    /// Host and path without tag or digest.
    public var name: String { "\(domain)/\(path)" }

    /// The name as people write it: without `docker.io/` and `library/`.
    public var familiarName: String {
        guard domain == "docker.io" else { return name }
        guard path.hasPrefix("library/") else { return path }
        let short = path.dropFirst("library/".count)
        return short.utf8.contains(0x2F) ? path : String(short)
    }

    /// This reference with `latest` when it has neither tag nor digest.
    public var withDefaultTag: ImageReference {
        tag == nil && digest == nil ? withTag("latest") : self
    }

    /// Refuses what no image may be called, as `sha256:…` is the identity of one.
    func checkAsName() throws(Invalid) {
        if digest != nil { throw .noTagAllowed }
        if familiarName == "sha256" { throw .ambiguousName }
    }

    func withTag(_ tag: String) -> ImageReference {
        ImageReference(domain: domain, path: path, tag: tag, digest: nil)
    }

    /// The reference as people write it, `busybox:latest`.
    public var familiar: String { familiarName + suffix }

    /// The full text, `docker.io/library/busybox:latest`.
    public var description: String { name + suffix }

    private var suffix: String { (tag.map { ":" + $0 } ?? "") + (digest.map { "@" + $0 } ?? "") }
}

/// The pieces of the reference grammar, each anchored at both ends.
enum Grammar {
    static func isLowerHex(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }
    static func isLower(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) }
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isLower(byte) || (0x41...0x5A).contains(byte) }

    static func splitDomain(_ text: String) -> (domain: String, rest: String) {
        guard let slash = text.firstIndex(of: "/") else { return ("docker.io", text) }
        let first = text[..<slash]
        let isHost =
            first.utf8.contains(0x2E) || first.utf8.contains(0x3A) || first == "localhost"
            || first.lowercased() != first
        return isHost ? (String(first), String(text[text.index(after: slash)...])) : ("docker.io", text)
    }

    static func isDomain(_ text: String) -> Bool {
        var host = text[...]
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
            let address = host[host.index(after: host.startIndex)..<end]
            let hexDigits = address.utf8.allSatisfy { $0 == 0x3A || isLowerHex($0 | 0x20) }
            let port = host[host.index(after: end)...]
            return !address.isEmpty && hexDigits && (port.isEmpty || isPort(port))
        }
        if let colon = host.firstIndex(of: ":") {
            guard isPort(host[colon...]) else { return false }
            host = host[..<colon]
        }
        return host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
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
        text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy(isComponent)
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
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let first = parts[0].utf8.first, isAlphanumeric(first), !(0x30...0x39).contains(first)
        else { return false }
        let algorithm = parts[0].utf8.allSatisfy { isAlphanumeric($0) || [0x2B, 0x2D, 0x2E, 0x5F].contains($0) }
        return algorithm && parts[1].utf8.count >= 32 && parts[1].utf8.allSatisfy { isLowerHex($0 | 0x20) }
    }
}
