/// An operating system and a processor for which an image is made: `linux/arm64/v8`.
///
/// Grammar, aliases and comparison are those of github.com/containerd/platforms.
public struct Platform: Hashable, Sendable, CustomStringConvertible {
    /// Go's name of the operating system: `linux`.
    public let os: String
    /// Go's name of the processor's architecture: `amd64`.
    public let architecture: String
    /// The architecture's variant, such as `v7`; empty for the ordinary one.
    public let variant: String

    /// Cause of a refused text, in the words of containerd's library.
    public struct Invalid: Error, Hashable, Sendable {
        /// The whole sentence.
        public let message: String
    }

    /// A platform from names in any spelling: `x86_64` and `amd64` are the same.
    public init(os: String, architecture: String, variant: String = "") {
        self.os = Self.normalised(os: os)
        (self.architecture, self.variant) = Self.normalised(architecture: architecture, variant)
    }

    /// Parses `OS`, `ARCHITECTURE`, `OS/ARCHITECTURE` or `OS/ARCHITECTURE/VARIANT`. What is missing is `host`'s.
    public init(parsing text: String, on host: Platform) throws(Invalid) {
        if text.contains(byte: "*") { throw Self.invalid(text, "wildcards not yet supported") }
        let parts = text.split(byte: "/", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        for (index, part) in parts.enumerated() {
            guard index == 0 || Self.isWord(part, also: ".") else {
                throw Invalid(
                    message:
                        "\"\(part)\" is an invalid component of \"\(text)\": platform specifier component must match "
                        + "\"^[A-Za-z0-9_.-]+$\": invalid argument")
            }
            guard index > 0 || Self.isWord(Self.withoutVersion(part), also: nil) else {
                throw Invalid(
                    message:
                        "\"\(part)\" is an invalid OS component of \"\(text)\": OSAndVersion specifier component must "
                        + #"match "^([A-Za-z0-9_-]+)(?:\\(([A-Za-z0-9_.-]*)\\))?$": invalid argument"#)
            }
        }
        let first = Self.withoutVersion(parts[0])
        switch parts.count {
        case 1 where Self.systems.contains(Self.normalised(os: first)):
            self.init(os: first, architecture: host.architecture)
        case 1:
            self.init(os: host.os, architecture: first)
            guard Self.architectures.contains(architecture) else {
                throw Self.invalid(text, "unknown operating system or architecture")
            }
        case 2: self.init(os: first, architecture: parts[1])
        case 3: self.init(os: first, architecture: parts[1], variant: parts[2])
        default: throw Self.invalid(text, "cannot parse platform specifier")
        }
    }

    /// `linux/arm64/v8`, without a variant where it is the ordinary one.
    public var description: String { "\(os)/\(architecture)" + (variant.isEmpty ? "" : "/\(variant)") }

    /// Whether an image for this platform is one for `wanted` too: one without a variant, an older variant, or the processor's
    /// 32-bit form.
    public func fits(_ wanted: Platform) -> Bool {
        guard os == wanted.os else { return false }
        guard architecture == wanted.architecture else {
            return Self.narrow[wanted.architecture] == architecture
        }
        guard !variant.isEmpty, variant != wanted.variant else { return true }
        guard let mine = level, let theirs = wanted.level else { return false }
        return mine <= theirs
    }

    /// Whether programs for this platform run on `host` without emulation. Variants are not compared: they are wishes.
    public func runs(on host: Platform) -> Bool {
        os == host.os && (architecture == host.architecture || Self.narrow[host.architecture] == architecture)
    }

    /// The number of the variant.
    private var level: Int? {
        if variant.isEmpty { return Self.ordinaryLevel[architecture] }
        return variant.dropping(prefix: "v").flatMap { Int($0) }
    }

    private static let ordinaryLevel = ["amd64": 1, "arm": 7, "arm64": 8]
    /// The 32-bit form whose programs a 64-bit processor runs.
    private static let narrow = ["amd64": "386", "arm64": "arm"]

    private static func invalid(_ text: String, _ reason: String) -> Invalid {
        Invalid(message: "\"\(text)\": \(reason): invalid argument")
    }

    /// The operating system of `windows(10.0.17763)`.
    private static func withoutVersion(_ text: String) -> String {
        let (name, version) = text.cut(at: "(")
        guard let version, version.hasSuffix(bytes: ")"), isWord(String(version.dropLast()), also: ".", orEmpty: true)
        else { return text }
        return String(name)
    }

    private static func isWord(_ text: String, also more: Unicode.Scalar?, orEmpty: Bool = false) -> Bool {
        if text.isEmpty { return orEmpty }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
            default: more.map { UInt8(ascii: $0) == byte } ?? false
            }
        }
    }

    private static func normalised(os: String) -> String {
        let name = os.lowercased()
        return name == "macos" ? "darwin" : name
    }

    private static func normalised(architecture: String, _ variant: String) -> (String, String) {
        let variant = variant.lowercased()
        switch architecture.lowercased() {
        case "i386": return ("386", "")
        case "x86_64", "x86-64", "amd64": return ("amd64", variant == "v1" ? "" : variant)
        case "aarch64", "arm64": return ("arm64", ["8", "v8"].contains(variant) ? "" : variant)
        case "armhf": return ("arm", "v7")
        case "armel": return ("arm", "v6")
        case "arm":
            if ["", "7", "v7"].contains(variant) { return ("arm", "v7") }
            return ("arm", ["5", "6", "8"].contains(variant) ? "v\(variant)" : variant)
        case let other: return (other, variant)
        }
    }

    /// Operating systems that may stand alone.
    private static let systems: Set<String> = [
        "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl", "netbsd",
        "openbsd", "plan9", "solaris", "windows", "zos",
    ]

    /// Architectures that may stand alone.
    private static let architectures: Set<String> = [
        "386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "ppc64", "ppc64le", "loong64", "mips", "mipsle",
        "mips64", "mips64le", "mips64p32", "mips64p32le", "ppc", "riscv", "riscv64", "s390", "s390x", "sparc",
        "sparc64",
        "wasm",
    ]
}
