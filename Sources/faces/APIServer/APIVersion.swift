/// A version of the Engine API such as `1.47`.
struct APIVersion: Comparable, Sendable, CustomStringConvertible {
    let major: Int
    let minor: Int

    /// The newest version that is served; it is the one advertised.
    static let current = APIVersion(major: 1, minor: 47)
    /// The oldest version that is accepted.
    static let minimum = APIVersion(major: 1, minor: 24)
    /// The first version in which the list of networks leaves out their containers.
    static let networkListWithoutContainers = APIVersion(major: 1, minor: 28)
    /// The first version in which attach and logs declare by their content type that frames keep the streams apart.
    static let multiplexedContentType = APIVersion(major: 1, minor: 42)

    /// The first version in which a health check has an interval of its own for the start period.
    static let healthStartInterval = APIVersion(major: 1, minor: 44)

    init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Parses `1.47`; `nil` for anything else.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.count < 6 }),
            let major = Int(parts[0]), let minor = Int(parts[1]), major >= 0, minor >= 0
        else { return nil }
        self.init(major: major, minor: minor)
    }

    var description: String { "\(major).\(minor)" }

    static func < (a: APIVersion, b: APIVersion) -> Bool { (a.major, a.minor) < (b.major, b.minor) }
}
