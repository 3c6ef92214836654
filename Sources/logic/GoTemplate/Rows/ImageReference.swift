/// The name of an image in the parts a listing shows (distribution/reference).
struct ImageReference {
    /// The name as people write it: without the default registry and its `library/`.
    let familiarName: String
    let tag: String?
    let digest: String?

    /// Reads a reference; nil when it is not one.
    init?(_ text: String) {
        var rest = Substring(text)
        if let at = rest.firstIndex(of: "@") {
            digest = String(rest[rest.index(after: at)...])
            rest = rest[..<at]
        } else {
            digest = nil
        }
        let slash = rest.lastIndex(of: "/")
        let afterSlash = slash.map { rest[rest.index(after: $0)...] } ?? rest
        if let colon = afterSlash.firstIndex(of: ":") {
            tag = String(afterSlash[afterSlash.index(after: colon)...])
            rest = rest[..<colon]
        } else {
            tag = nil
        }
        guard !rest.isEmpty, !ImageReference.isIdentifier(rest), rest.lowercased() == rest,
            rest.utf8.allSatisfy(ImageReference.mayStandInName)
        else { return nil }
        var name = String(rest)
        for prefix in ["docker.io/library/", "index.docker.io/library/", "docker.io/", "index.docker.io/"] {
            if name.hasPrefix(prefix) {
                name = String(name.dropFirst(prefix.count))
                break
            }
        }
        if name.hasPrefix("library/"), name.split(separator: "/").count == 2 { name = String(name.dropFirst(8)) }
        familiarName = name
    }

    private static func isIdentifier(_ name: Substring) -> Bool {
        name.utf8.count == 64 && name.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    private static func mayStandInName(_ byte: UInt8) -> Bool {
        switch byte {
        case 97...122, 48...57, UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/"),
            UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
