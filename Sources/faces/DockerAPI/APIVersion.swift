internal import Model

/// A version of the Engine API such as `1.47`.
public struct APIVersion: Comparable, Sendable, CustomStringConvertible {
    private let major: Int
    private let minor: Int

    /// The newest version that is served; it is the one advertised.
    public static let current = APIVersion(major: 1, minor: 47)
    /// The oldest version that is accepted.
    public static let minimum = APIVersion(major: 1, minor: 24)
    /// The first version in which IPC is private unless a request says else.
    static let privateIPC = APIVersion(major: 1, minor: 40)
    /// The last version that knows limits of the kernel's memory.
    static let kernelMemory = APIVersion(major: 1, minor: 41)
    /// The first version in which a creation names a platform.
    public static let platformOfCreate = APIVersion(major: 1, minor: 41)
    /// The first version in which the list of networks leaves out their containers.
    public static let networkListWithoutContainers = APIVersion(major: 1, minor: 28)
    /// The first version in which attach and logs declare by their content type that frames keep the streams apart.
    public static let multiplexedContentType = APIVersion(major: 1, minor: 42)
    /// The last version in which an image without a name is called `<none>`.
    public static let namelessImages = APIVersion(major: 1, minor: 42)
    /// The last version in which the list of containers leaves out annotations.
    static let listWithoutAnnotations = APIVersion(major: 1, minor: 45)
    /// The last version in which security options are names alone.
    static let namesOfSecurityOptions = APIVersion(major: 1, minor: 24)
    /// The last version in which images have a second size.
    public static let virtualSize = APIVersion(major: 1, minor: 43)
    /// The last version that tells of registries whose layers are not distributed.
    static let undistributedLayers = APIVersion(major: 1, minor: 46)
    /// The first version in which a WebSocket carries binary frames.
    public static let binaryWebSocket = APIVersion(major: 1, minor: 28)
    /// The first version in which the request of a WebSocket names the streams.
    public static let webSocketStreams = APIVersion(major: 1, minor: 42)
    /// The first version in which a health check has an interval of its own for the start period.
    static let healthStartInterval = APIVersion(major: 1, minor: 44)

    /// The first version in which a bind may leave out what is mounted below its source.
    static let nonRecursiveBinds = APIVersion(major: 1, minor: 40)
    /// The first version in which a missing source of `Mounts` may be made.
    static let createdMountPoints = APIVersion(major: 1, minor: 42)
    /// The first version in which what is mounted below a read-only bind is read-only too.
    static let recursiveReadOnly = APIVersion(major: 1, minor: 44)

    private init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Parses `1.47`; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = String(text).split(byte: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.count < 6 }) else { return nil }
        // bounded: a text that is no number gives nil.
        guard let major = Int(parts[0]), let minor = Int(parts[1]), major >= 0, minor >= 0 else { return nil }
        self.init(major: major, minor: minor)
    }

    /// `1.47`.
    public var description: String { "\(major).\(minor)" }

    /// By age.
    public static func < (a: APIVersion, b: APIVersion) -> Bool { (a.major, a.minor) < (b.major, b.minor) }
}
