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

    /// Cause of a refused reference, with the messages of the reference grammar's own library.
    public enum Invalid: ReadableError, Hashable, Sendable {
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

    /// A reference as a user types it. A missing domain and `library/` are filled in; the tag is left as it is.
    public init(parsing text: String) throws(Invalid) {
        if text.utf8.count == 64, text.utf8.allSatisfy(\.isLowerHexDigit) { throw .hexadecimalName(text) }
        var (domain, rest) = ReferenceGrammar.splitDomain(text)
        if domain == "index.docker.io" { domain = "docker.io" }
        if domain == "docker.io", !rest.utf8.contains(0x2F) { rest = "library/" + rest }
        let beforeTag = String(rest.cut(at: ":").before)
        if beforeTag != beforeTag.lowercased() { throw .uppercase(repository: beforeTag) }
        guard ReferenceGrammar.isDomain(domain) else { throw .format }

        var name = rest[...]
        var digest: String?
        if case (let before, let written?) = name.cut(at: "@") {
            guard ReferenceGrammar.isDigest(String(written)) else { throw .format }
            digest = String(written)
            name = before
        }
        var tag: String?
        if case (let before, let written?) = name.cut(at: ":") {
            guard ReferenceGrammar.isTag(String(written)) else { throw .format }
            tag = String(written)
            name = before
        }
        guard ReferenceGrammar.isPath(name) else { throw .format }
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
        let parts = digest.split(byte: ":", maxSplits: 1)
        let lengths = ["sha256": 64, "sha384": 96, "sha512": 128]
        guard parts.count == 2, let length = lengths[String(parts[0])] else { throw .digestAlgorithm }
        guard parts[1].utf8.count == length else { throw .digestLength }
        guard parts[1].utf8.allSatisfy(\.isLowerHexDigit) else { throw .format }
    }

    /// Host and path without tag or digest.
    public var name: String { "\(domain)/\(path)" }

    /// The name as people write it: without `docker.io/` and `library/`.
    public var familiarName: String {
        guard domain == "docker.io" else { return name }
        guard path.hasPrefix(bytes: "library/") else { return path }
        let short = path.dropFirst("library/".count)
        return short.utf8.contains(0x2F) ? path : String(short)
    }

    /// This reference with `latest` when it has neither tag nor digest.
    public var withDefaultTag: ImageReference {
        tag == nil && digest == nil ? withTag("latest") : self
    }

    /// Throws for references that cannot name an image: those with a digest, and `sha256`, whose tags would read as image IDs.
    public func checkAsName() throws(Invalid) {
        if digest != nil { throw .noTagAllowed }
        if familiarName == "sha256" { throw .ambiguousName }
    }

    /// This reference with another tag and no digest.
    public func withTag(_ tag: String) -> ImageReference {
        ImageReference(domain: domain, path: path, tag: tag, digest: nil)
    }

    /// The reference as people write it, `busybox:latest`.
    public var familiar: String { familiarName + suffix }

    /// The full text, `docker.io/library/busybox:latest`.
    public var description: String { name + suffix }

    private var suffix: String { (tag.map { ":" + $0 } ?? "") + (digest.map { "@" + $0 } ?? "") }
}
